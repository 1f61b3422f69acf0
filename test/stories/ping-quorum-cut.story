# ping_quorum: the returning node reaches the gateway for good, and the peer has died meanwhile: a deadtime later everything is taken.
ha.cf ping_quorum on
at 0s: start master1
at 0s: start master2
from 69s
at 60s: cut-lan master1
at 60s: cut master1
at 70s: power-off master2
at 80s: heal-lan master1
at 82s: heal master1
until 90s
----
  70.000 > power-off master2
  70.000 master2 * power lost
  80.000 > heal-lan master1
  80.188 master1 info: Link 172.30.104.254:172.30.104.254 up.
  80.188 master1 info: Status update for node 172.30.104.254: status ping
  82.000 > heal master1
  85.188 master1 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  85.188 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  85.188 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  85.188 master1 * 10.0.0.201 on
  85.188 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  85.188 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  85.188 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  85.188 master1 * 10.0.0.202 on
  85.188 master1 mach_down: info: mach_down takeover complete for node master2.
  85.188 master1 info: mach_down takeover complete.
  90.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 is off

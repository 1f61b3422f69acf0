# auto_failback legacy: after a cut of every link exactly one keeps each group, and then the owner asks for its own.
ha.cf ask_address off
ha.cf auto_failback legacy
at 0s: start master1
at 0s: start master2
at 20s: cut master1
at 40s: heal master1
from 39s
until 60s
----
  40.000 > heal master1
  40.001 master2 info: Link master1:ens33 up.
  40.001 master2 CRIT: Cluster node master1 returning after partition.
  40.001 master2 WARN: Deadtime value may be too small.
  40.001 master2 WARN: 22 lost packet(s) for [master1] [24:47]
  40.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  40.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  40.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  40.001 master2 * 10.0.0.202 off
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  40.001 master1 info: Link master2:ens33 up.
  40.001 master1 CRIT: Cluster node master2 returning after partition.
  40.001 master1 WARN: Deadtime value may be too small.
  40.001 master1 WARN: 22 lost packet(s) for [master2] [24:47]
  40.001 master1 CRIT: Both machines own 10.0.0.201/24/ens38: master2 has the larger claim, releasing ours.
  40.001 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.001 master1 * 10.0.0.201 off
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master1 CRIT: Both machines own 10.0.0.202/24/ens38: ours is the larger claim, master2 must release.
  40.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  40.001 master1 * 10.0.0.202 off
  40.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master2 * 10.0.0.201 off
  40.001 master2 ip-request-resp: info: received ip-request-resp 10.0.0.202/24/ens38 OK yes
  40.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  40.001 master2 * 10.0.0.202 on
  40.001 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
  40.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  40.001 master1 * 10.0.0.201 on
  40.197 master1 info: No pkts missing from master2!
  40.236 master2 info: No pkts missing from master1!
  60.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

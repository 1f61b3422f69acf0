# Without arbiter and ping_quorum: master1 is heard by everybody and hears nobody, and takes the other one's group, which gives way to it.
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut-lan master1 in
at 60s: cut master2>master1
at 80s: heal-lan master1
at 80s: heal master2>master1
until 95s
----
  60.000 > cut-lan master1 in
  60.000 > cut master2>master1
  64.000 master1 WARN: node 172.30.104.254: is dead
  64.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.001 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  64.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  64.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  64.001 master1 * 10.0.0.202 on
  64.001 master1 mach_down: info: mach_down takeover complete for node master2.
  64.001 master1 info: mach_down takeover complete.
  64.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  64.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  64.001 master2 * 10.0.0.202 off
  64.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  80.000 > heal-lan master1
  80.000 > heal master2>master1
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 CRIT: Cluster node master2 returning after partition.
  80.001 master1 WARN: Deadtime value may be too small.
  80.001 master1 WARN: 23 lost packet(s) for [master2] [67:91]
  80.001 master1 info: master1 wants to go standby [foreign]
  80.001 master1 info: Link 172.30.104.254:172.30.104.254 up.
  80.001 master1 info: Status update for node 172.30.104.254: status ping
  80.001 master2 info: master1 wants to go standby [foreign]
  80.001 master1 info: standby: master2 can take our foreign resources
  80.001 master1 info: give up foreign HA resources (standby).
  80.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  80.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  80.001 master1 * 10.0.0.202 off
  80.001 master1 info: foreign HA resource release completed (standby).
  80.001 master1 info: Local standby process completed [foreign].
  80.001 master2 info: standby: acquire [foreign] resources from master1
  80.001 master2 info: acquire local HA resources (standby).
  80.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  80.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  80.001 master2 * 10.0.0.202 on
  80.001 master2 info: local HA resource acquisition completed (standby).
  80.001 master2 info: Standby resource acquisition done [foreign].
  80.001 master1 info: remote resource transition completed.
  80.001 master1 info: Other node completed standby takeover of foreign resources.
  80.002 master2 info: remote resource transition completed.
  80.197 master1 info: No pkts missing from master2!
  95.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

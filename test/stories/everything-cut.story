# Heartbeat link and service LAN of one node are cut: nobody answers any more, so the other one takes over; on the heal exactly one keeps each group.
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut-lan master1
at 60s: cut master1
at 80s: heal-lan master1
at 80s: heal master1
until 90s
----
  60.000 > cut-lan master1
  60.000 > cut master1
  64.000 master1 WARN: node 172.30.104.254: is dead
  64.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  64.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  64.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  64.001 master2 * 10.0.0.201 on
  64.001 master2 mach_down: info: mach_down takeover complete for node master1.
  64.001 master2 info: mach_down takeover complete.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.001 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  64.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  64.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  64.001 master1 * 10.0.0.202 on
  64.001 master1 mach_down: info: mach_down takeover complete for node master2.
  64.001 master1 info: mach_down takeover complete.
  80.000 > heal-lan master1
  80.000 > heal master1
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 CRIT: Cluster node master2 returning after partition.
  80.001 master1 WARN: Deadtime value may be too small.
  80.001 master1 WARN: 23 lost packet(s) for [master2] [67:91]
  80.001 master1 CRIT: Both machines own 10.0.0.201/24/ens38: master2 has the larger claim, releasing ours.
  80.001 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  80.001 master1 * 10.0.0.201 off
  80.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.001 master1 CRIT: Both machines own 10.0.0.202/24/ens38: ours is the larger claim, master2 must release.
  80.001 master2 info: Link master1:ens33 up.
  80.001 master2 CRIT: Cluster node master1 returning after partition.
  80.001 master2 WARN: Deadtime value may be too small.
  80.001 master2 WARN: 23 lost packet(s) for [master1] [67:91]
  80.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  80.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  80.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  80.001 master2 * 10.0.0.202 off
  80.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  80.001 master1 info: Link 172.30.104.254:172.30.104.254 up.
  80.001 master1 info: Status update for node 172.30.104.254: status ping
  80.001 master2 info: remote resource transition completed.
  80.001 master2 info: master2 wants to go standby [foreign]
  80.001 master1 info: remote resource transition completed.
  80.001 master1 info: master1 wants to go standby [foreign]
  80.001 master1 WARN: standby message [me] from master2 ignored: another hand-over is in progress.
  80.001 master2 info: Cancelling pending standby operation: master1 asked at the same moment
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
  80.002 master1 info: Other node completed standby takeover of foreign resources.
  80.002 master2 info: remote resource transition completed.
  80.002 master2 info: master2 wants to go standby [foreign]
  80.002 master1 info: master2 wants to go standby [foreign]
  80.002 master2 info: standby: master1 can take our foreign resources
  80.002 master2 info: give up foreign HA resources (standby).
  80.002 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  80.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.002 master2 * 10.0.0.201 off
  80.002 master2 info: foreign HA resource release completed (standby).
  80.002 master2 info: Local standby process completed [foreign].
  80.002 master1 info: standby: acquire [foreign] resources from master2
  80.002 master1 info: acquire local HA resources (standby).
  80.002 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  80.002 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.002 master1 * 10.0.0.201 on
  80.002 master1 info: local HA resource acquisition completed (standby).
  80.002 master1 info: Standby resource acquisition done [foreign].
  80.003 master2 info: Other node completed standby takeover of foreign resources.
  80.003 master1 info: remote resource transition completed.
  80.197 master1 info: No pkts missing from master2!
  80.236 master2 info: No pkts missing from master1!
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

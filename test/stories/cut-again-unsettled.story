# Everything was cut and comes back for a moment: master2 has heard that master1 holds on, master1 has heard nothing. Master2 asks the service LAN and gives way.
at 0s: start master1
at 0s: start master2
at 30s: cut master1
at 30s: cut-lan master1
at 45s: heal master1>master2
at 45s: heal-lan master1
at 45.5s: cut master1>master2
at 90s: heal master1
from 44s
until 110s
----
  45.000 > heal master1>master2
  45.000 > heal-lan master1
  45.001 master2 info: Link master1:ens33 up.
  45.001 master2 CRIT: Cluster node master1 returning after partition.
  45.001 master2 WARN: Deadtime value may be too small.
  45.001 master2 WARN: 18 lost packet(s) for [master1] [37:56]
  45.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  45.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  45.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  45.001 master2 * 10.0.0.202 off
  45.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  45.500 > cut master1>master2
  46.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  46.000 master1 info: Status update for node 172.30.104.254: status ping
  50.001 master2 info: Link master1:ens33 dead.
  50.001 master2 WARN: node master1: is dead
  50.001 master2 info: Resources being acquired from master1.
  50.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: master1 fell silent before it had let go: releasing ours.
  50.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  50.001 master2 * 10.0.0.201 off
  50.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  50.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.202/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  50.251 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  90.000 > heal master1
  90.001 master2 info: Link master1:ens33 up.
  90.001 master2 CRIT: Cluster node master1 returning after partition.
  90.001 master2 WARN: Deadtime value may be too small.
  90.001 master2 WARN: 44 lost packet(s) for [master1] [56:101]
  90.001 master1 info: Link master2:ens33 up.
  90.001 master1 CRIT: Cluster node master2 returning after partition.
  90.001 master1 WARN: Deadtime value may be too small.
  90.001 master1 WARN: 69 lost packet(s) for [master2] [37:107]
  90.001 master1 info: master1 wants to go standby [foreign]
  90.001 master2 info: master1 wants to go standby [foreign]
  90.001 master2 info: remote resource transition completed.
  90.001 master1 info: standby: master2 can take our foreign resources
  90.001 master1 info: give up foreign HA resources (standby).
  90.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  90.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  90.001 master1 * 10.0.0.202 off
  90.001 master1 info: foreign HA resource release completed (standby).
  90.001 master1 info: Local standby process completed [foreign].
  90.001 master2 info: standby: acquire [foreign] resources from master1
  90.001 master2 info: acquire local HA resources (standby).
  90.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  90.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  90.001 master2 * 10.0.0.202 on
  90.001 master2 info: local HA resource acquisition completed (standby).
  90.001 master2 info: Standby resource acquisition done [foreign].
  90.001 master1 info: remote resource transition completed.
  90.001 master1 info: Other node completed standby takeover of foreign resources.
  90.002 master2 info: remote resource transition completed.
  90.226 master1 info: No pkts missing from master2!
  90.249 master2 info: No pkts missing from master1!
 110.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# ping_quorum: after the heal the gateway answers before the peer is heard. That the gateway answers again is no right to take what the peer has.
ha.cf ping_quorum on
ha.cf ask_address off
at 0s: start master1
at 0s: start master2
from 79s
at 60s: cut-lan master1
at 60s: cut master1
at 80s: heal-lan master1
at 82s: heal master1
until 90s
----
  80.000 > heal-lan master1
  81.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  81.000 master1 info: Status update for node 172.30.104.254: status ping
  82.000 > heal master1
  82.001 master1 info: Link master2:ens33 up.
  82.001 master1 CRIT: Cluster node master2 returning after partition.
  82.001 master1 WARN: Deadtime value may be too small.
  82.001 master1 WARN: 25 lost packet(s) for [master2] [67:93]
  82.001 master2 info: Link master1:ens33 up.
  82.001 master2 CRIT: Cluster node master1 returning after partition.
  82.001 master2 WARN: Deadtime value may be too small.
  82.001 master2 WARN: 25 lost packet(s) for [master1] [67:93]
  82.001 master2 info: master2 wants to go standby [foreign]
  82.001 master1 info: master2 wants to go standby [foreign]
  82.001 master2 info: standby: master1 can take our foreign resources
  82.001 master2 info: give up foreign HA resources (standby).
  82.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  82.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  82.001 master2 * 10.0.0.201 off
  82.001 master2 info: foreign HA resource release completed (standby).
  82.001 master2 info: Local standby process completed [foreign].
  82.001 master1 info: standby: acquire [foreign] resources from master2
  82.001 master1 info: acquire local HA resources (standby).
  82.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  82.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  82.001 master1 * 10.0.0.201 on
  82.001 master1 info: local HA resource acquisition completed (standby).
  82.001 master1 info: Standby resource acquisition done [foreign].
  82.001 master2 info: remote resource transition completed.
  82.001 master2 info: Other node completed standby takeover of foreign resources.
  82.002 master1 info: remote resource transition completed.
  82.197 master1 info: No pkts missing from master2!
  82.236 master2 info: No pkts missing from master1!
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

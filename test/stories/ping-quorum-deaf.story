# With ping_quorum: master1 is heard by everybody and hears nobody. It gives up, and master2 does not wait for it.
ha.cf ping_quorum on
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
  63.985 master1 CRIT: Giving up 10.0.0.201/24/ens38: no ping node answers, and no peer confirms to hear this node: another node may take it.
  63.985 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  63.985 master1 * 10.0.0.201 off
  63.985 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  64.000 master1 WARN: node 172.30.104.254: is dead
  64.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.001 master1 CRIT: 10.0.0.201/24/ens38 is not taken over: no ping node answers, so it may be this node that is cut off.
  64.001 master1 CRIT: 10.0.0.202/24/ens38 is not taken over: no ping node answers, so it may be this node that is cut off.
  69.000 master2 WARN: master1 is heard, and does not hear this node: nothing is left to it or waits for it until it does.
  69.000 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  69.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  69.000 master2 * 10.0.0.201 on
  80.000 > heal-lan master1
  80.000 > heal master2>master1
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 CRIT: Cluster node master2 returning after partition.
  80.001 master1 WARN: Deadtime value may be too small.
  80.001 master1 WARN: 22 lost packet(s) for [master2] [67:90]
  80.073 master1 info: Link 172.30.104.254:172.30.104.254 up.
  80.073 master1 info: Status update for node 172.30.104.254: status ping
  80.073 master2 info: master1 hears this node again.
  80.073 master2 info: master2 wants to go standby [foreign]
  80.073 master1 info: master2 wants to go standby [foreign]
  80.073 master1 info: remote resource transition completed.
  80.074 master2 info: standby: master1 can take our foreign resources
  80.074 master2 info: give up foreign HA resources (standby).
  80.074 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  80.074 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.074 master2 * 10.0.0.201 off
  80.074 master2 info: foreign HA resource release completed (standby).
  80.074 master2 info: Local standby process completed [foreign].
  80.074 master1 info: standby: acquire [foreign] resources from master2
  80.074 master1 info: acquire local HA resources (standby).
  80.074 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  80.074 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.074 master1 * 10.0.0.201 on
  80.074 master1 info: local HA resource acquisition completed (standby).
  80.074 master1 info: Standby resource acquisition done [foreign].
  80.074 master2 info: Other node completed standby takeover of foreign resources.
  80.074 master1 info: remote resource transition completed.
  80.197 master1 info: No pkts missing from master2!
  95.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

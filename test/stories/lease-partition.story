# With a witness: every link is cut, and one node cannot reach the witness either. It gives up before the other one takes over; never two holders.
ha.cf arbiter witness 172.30.107.9
at 0s: start master1
at 0s: start master2
from 59s
at 60s: arbiter cut master1
at 60s: cut master1
at 80s: arbiter reached master1
at 80s: heal master1
until 90s
----
  60.000 > arbiter cut master1
  60.000 > cut master1
  63.985 master1 CRIT: Giving up 10.0.0.201/24/ens38: its lease has run out, and no peer confirms to hear this node: another node may take it.
  63.985 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  63.985 master1 * 10.0.0.201 off
  63.985 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.002 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  64.002 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  64.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  64.002 master2 * 10.0.0.201 on
  64.002 master2 mach_down: info: mach_down takeover complete for node master1.
  64.002 master2 info: mach_down takeover complete.
  69.001 master1 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  80.000 > arbiter reached master1
  80.000 > heal master1
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 CRIT: Cluster node master2 returning after partition.
  80.001 master1 WARN: Deadtime value may be too small.
  80.001 master1 WARN: 23 lost packet(s) for [master2] [69:93]
  80.001 master2 info: Link master1:ens33 up.
  80.001 master2 CRIT: Cluster node master1 returning after partition.
  80.001 master2 WARN: Deadtime value may be too small.
  80.001 master2 WARN: 23 lost packet(s) for [master1] [69:93]
  80.001 master2 info: master2 wants to go standby [foreign]
  80.001 master1 info: master2 wants to go standby [foreign]
  80.001 master2 info: standby: master1 can take our foreign resources
  80.001 master2 info: give up foreign HA resources (standby).
  80.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  80.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.001 master2 * 10.0.0.201 off
  80.001 master2 info: foreign HA resource release completed (standby).
  80.001 master2 info: Local standby process completed [foreign].
  80.001 master1 info: standby: acquire [foreign] resources from master2
  80.001 master1 info: acquire local HA resources (standby).
  80.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  80.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.001 master1 * 10.0.0.201 on
  80.001 master1 info: local HA resource acquisition completed (standby).
  80.001 master1 info: Standby resource acquisition done [foreign].
  80.001 master2 info: remote resource transition completed.
  80.001 master2 info: Other node completed standby takeover of foreign resources.
  80.002 master1 info: The arbiter answers again.
  80.002 master1 info: remote resource transition completed.
  80.197 master1 info: No pkts missing from master2!
  80.236 master2 info: No pkts missing from master1!
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

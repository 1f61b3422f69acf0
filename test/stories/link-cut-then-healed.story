# The only heartbeat link is cut for a while: both sides alert, nothing moves, and after the heal everything is as it was.
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut master1
at 80s: heal master1
until 90s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.001 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.202/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  80.000 > heal master1
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 CRIT: Cluster node master2 returning after partition.
  80.001 master1 WARN: Deadtime value may be too small.
  80.001 master1 WARN: 20 lost packet(s) for [master2] [67:88]
  80.001 master2 info: Link master1:ens33 up.
  80.001 master2 CRIT: Cluster node master1 returning after partition.
  80.001 master2 WARN: Deadtime value may be too small.
  80.001 master2 WARN: 20 lost packet(s) for [master1] [67:88]
  80.197 master1 info: No pkts missing from master2!
  80.236 master2 info: No pkts missing from master1!
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

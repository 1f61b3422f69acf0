# The silent node is heard again before the device has done its work: it is left alone.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
at 1s: fencer master1 work 10000
from 59s
at 60s: cut master1
at 68s: heal master1
until 80s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Holding fire for 5213 ms before master1 is reset: if it lives and only the links are cut, it is its turn first.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resetting node master2 with [stonith null]
  68.000 > heal master1
  68.001 master1 info: Link master2:ens33 up.
  68.001 master1 CRIT: Cluster node master2 returning after partition.
  68.001 master1 WARN: Deadtime value may be too small.
  68.001 master1 WARN: 8 lost packet(s) for [master2] [67:76]
  68.001 master1 info: The fencing of master2 is abandoned.
  68.001 master2 info: Link master1:ens33 up.
  68.001 master2 CRIT: Cluster node master1 returning after partition.
  68.001 master2 WARN: Deadtime value may be too small.
  68.001 master2 WARN: 9 lost packet(s) for [master1] [67:77]
  68.001 master2 info: The fencing of master1 is abandoned.
  68.182 master2 info: No pkts missing from master1!
  68.204 master1 info: No pkts missing from master2!
  80.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

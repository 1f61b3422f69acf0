# The heartbeat link has been cut for some time. A holder that stands still for less than its dead-man's switch takes is not replaced, and goes on as if nothing had been.
ha.cf auto_failback off
group master1 10.0.0.201/24/ens38
at 0s: start master1
at 0s: start master2
at 30s: cut master1
at 40.05s: freeze master1 drops
at 42.05s: thaw master1
at 45s: heal master1
from 29.9s
until 50s
----
  30.000 > cut master1
  34.001 master1 info: Link master2:ens33 dead.
  34.001 master1 WARN: node master2: is dead
  34.001 master1 info: Resources being acquired from master2.
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  40.050 > freeze master1 drops
  42.050 > thaw master1
  42.051 master1 * guardian: WARN: The guardian was not scheduled for 2051 ms; it judges nobody by that silence
  42.376 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  45.000 > heal master1
  45.001 master1 info: Link master2:ens33 up.
  45.001 master1 CRIT: Cluster node master2 returning after partition.
  45.001 master1 WARN: Deadtime value may be too small.
  45.001 master1 WARN: 15 lost packet(s) for [master2] [36:52]
  45.050 master2 info: Link master1:ens33 up.
  45.050 master2 CRIT: Cluster node master1 returning after partition.
  45.050 master2 WARN: Deadtime value may be too small.
  45.050 master2 WARN: 14 lost packet(s) for [master1] [37:52]
  45.197 master1 info: No pkts missing from master2!
  45.286 master2 info: No pkts missing from master1!
  50.000 in the end: master1 holds 10.0.0.201; master2 holds nothing

# One of three nodes is confirmed dead; then the holder's heartbeat link is cut. That the first is down says nothing about the holder: its address
# answers, and nothing is taken (--plan short --seed 5006421).
nodes n1 n2 n3
group n3 10.0.0.1/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 30s: power-off n1
at 38s: confirm n2 n1
at 40s: cut n3
at 55s: heal n3
from 37s
until 60s
----
  38.000 > confirm n2 n1
  38.000 n2 WARN: node n1: confirmed dead by root (uid 0); its resources may be taken.
  38.000 n2 * answer to confirm n1 dead: completed: n1 counts as down; what it held may be taken
  40.000 > cut n3
  44.001 n3 info: Link n2:ens33 dead.
  44.001 n3 WARN: node n2: is dead
  44.001 n3 info: Resources being acquired from n2.
  44.001 n2 info: Link n3:ens33 dead.
  44.001 n2 WARN: node n3: is dead
  44.001 n2 info: Resources being acquired from n3.
  44.001 n2 CRIT: Heartbeat link lost: n3 is silent, but 10.0.0.1/24/ens38 answers at n3 on ens38: it is alive, nothing is taken over.
  55.000 > heal n3
  55.001 n2 info: Link n3:ens33 up.
  55.001 n2 CRIT: Cluster node n3 returning after partition.
  55.001 n2 WARN: Deadtime value may be too small.
  55.001 n2 WARN: 15 lost packet(s) for [n3] [50:66]
  55.001 n3 info: Link n2:ens33 up.
  55.001 n3 CRIT: Cluster node n2 returning after partition.
  55.001 n3 WARN: Deadtime value may be too small.
  55.001 n3 WARN: 15 lost packet(s) for [n2] [50:66]
  55.238 n2 info: No pkts missing from n3!
  55.240 n3 info: No pkts missing from n2!
  60.000 in the end: n1 is off; n2 holds nothing; n3 holds 10.0.0.1

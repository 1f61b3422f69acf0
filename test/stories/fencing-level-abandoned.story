# The node is heard again when only one of its power supplies has been cut: it keeps running, and gets that one back.
ha.cf stonith_host * null master1 master2
ha.cf stonith_host * null master1 master2
ha.cf fence_levels 1+2
ha.cf fence_delay 0
at 0s: start master1
at 0s: start master2
from 59s
at 60s: freeze master1
at 65.5s: thaw master1
until 90s
----
  60.000 > freeze master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Cutting a power supply of node master1 with [stonith null]
  65.001 master1 * power supply 1 off
  65.001 master2 info: Cutting a power supply of node master1 with [stonith null]
  65.500 > thaw master1
  65.500 master1 WARN: This node was not scheduled for 5500 ms: it judges nobody and proves again what it holds.
  65.500 master1 * 10.0.0.201 off
  65.500 master2 info: Link master1:ens33 up.
  65.500 master2 CRIT: Cluster node master1 returning after partition.
  65.500 master2 WARN: Deadtime value may be too small.
  65.500 master2 info: The fencing of master1 is abandoned.
  65.500 master1 WARN: 8 lost packet(s) for [master2] [67:76]
  65.500 master1 info: Nobody was heard to have taken 10.0.0.201/24/ens38 meanwhile: holding it again.
  65.500 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  65.500 master1 * 10.0.0.201 on
  65.501 master1 * guardian: WARN: The guardian was not scheduled for 5626 ms; it judges nobody by that silence
  65.693 master1 info: No pkts missing from master2!
  66.500 master1 * power supply 1 on
  66.500 master2 info: Power supply of node master1 is on again [stonith null]
  66.500 master1 * power supply 2 on
  66.500 master2 info: Power supply of node master1 is on again [stonith null]
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

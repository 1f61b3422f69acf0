# A paused node is replaced, its substitute oversleeps and gives the group back: who had it all the time announces it anew.
at 0s: start master1
at 0s: start master2
at 30.2s: freeze master1 clock-stops drops
at 37.2s: freeze master2
at 40.2s: thaw master1
at 41.2s: thaw master2
from 30s
until 60s
----
  30.200 > freeze master1 clock-stops drops
  35.001 master2 info: Link master1:ens33 dead.
  35.001 master2 WARN: node master1: is dead
  35.001 master2 info: Resources being acquired from master1.
  35.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.001 master2 * 10.0.0.201 on
  35.001 master2 mach_down: info: mach_down takeover complete for node master1.
  35.001 master2 info: mach_down takeover complete.
  37.200 > freeze master2
  40.200 > thaw master1
  41.200 > thaw master2
  41.200 master2 WARN: This node was not scheduled for 3200 ms: it judges nobody and proves again what it holds.
  41.200 master2 * 10.0.0.201 off
  41.200 master2 * 10.0.0.202 off
  41.200 master1 WARN: 10 lost packet(s) for [master2] [38:49]
  41.200 master2 info: Link master1:ens33 up.
  41.200 master2 CRIT: Cluster node master1 returning after partition.
  41.200 master2 WARN: Deadtime value may be too small.
  41.200 master2 WARN: 1 lost packet(s) for [master1] [38:40]
  41.200 master2 WARN: master1 has 10.0.0.201/24/ens38 by now: releasing it here.
  41.200 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  41.200 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  41.200 master2 info: Nobody was heard to have taken 10.0.0.202/24/ens38 meanwhile: holding it again.
  41.200 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  41.200 master2 * 10.0.0.202 on
  41.200 master2 * guardian: WARN: The guardian was not scheduled for 4075 ms; it judges nobody by that silence
  41.365 master2 info: No pkts missing from master1!
  41.403 master1 info: No pkts missing from master2!
  60.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# A node that slept while cut off finds after deadtime that its address answers on the service LAN: the other one lives, it holds nothing again.
ha.cf auto_failback off
group master1 10.0.0.201/24/ens38
at 0s: start master1
at 0s: start master2
at 30.2s: freeze master1 drops
at 31s: cut master1
at 38.2s: thaw master1
at 43.4s: heal master1
from 30s
until 50s
----
  30.200 > freeze master1 drops
  31.000 > cut master1
  35.001 master2 info: Link master1:ens33 dead.
  35.001 master2 WARN: node master1: is dead
  35.001 master2 info: Resources being acquired from master1.
  35.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.001 master2 * 10.0.0.201 on
  35.001 master2 mach_down: info: mach_down takeover complete for node master1.
  35.001 master2 info: mach_down takeover complete.
  38.200 > thaw master1
  38.200 master1 WARN: This node was not scheduled for 7200 ms: it judges nobody and proves again what it holds.
  38.200 master1 * 10.0.0.201 off
  38.201 master1 * guardian: WARN: The guardian was not scheduled for 8076 ms; it judges nobody by that silence
  43.200 master1 info: Link master2:ens33 dead.
  43.200 master1 WARN: node master2: is dead
  43.200 master1 info: Resources being acquired from master2.
  43.200 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.201/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  43.400 > heal master1
  44.200 master2 info: Link master1:ens33 up.
  44.200 master2 CRIT: Cluster node master1 returning after partition.
  44.200 master2 WARN: Deadtime value may be too small.
  44.200 master2 WARN: 6 lost packet(s) for [master1] [38:45]
  44.200 master1 info: Link master2:ens33 up.
  44.200 master1 CRIT: Cluster node master2 returning after partition.
  44.200 master1 WARN: Deadtime value may be too small.
  44.200 master1 WARN: 17 lost packet(s) for [master2] [37:55]
  44.200 master1 WARN: master2 has 10.0.0.201/24/ens38 by now: releasing it here.
  44.200 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  44.200 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  44.201 master2 info: remote resource transition completed.
  44.381 master2 info: No pkts missing from master1!
  44.393 master1 info: remote resource transition completed.
  44.426 master1 info: No pkts missing from master2!
  50.000 in the end: master1 holds nothing; master2 holds 10.0.0.201

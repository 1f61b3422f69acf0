# The heartbeat link is cut, and then the holder stands still just while its peer asks the service LAN for the address: it is mute when it goes on, and asks before it holds anything again.
ha.cf auto_failback off
group master1 10.0.0.201/24/ens38
at 0s: start master1
at 0s: start master2
at 30s: cut master1
at 31.1s: freeze master1 drops
at 34.2s: thaw master1
at 45s: heal master1
from 29.9s
until 50s
----
  30.000 > cut master1
  31.100 > freeze master1 drops
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  34.001 master2 * 10.0.0.201 on
  34.001 master2 mach_down: info: mach_down takeover complete for node master1.
  34.001 master2 info: mach_down takeover complete.
  34.200 > thaw master1
  34.200 master1 WARN: This node was not scheduled for 2949 ms: it judges nobody and proves again what it holds.
  34.200 master1 * 10.0.0.201 off
  34.201 master1 * guardian: WARN: The guardian was not scheduled for 3201 ms; it judges nobody by that silence
  39.200 master1 info: Link master2:ens33 dead.
  39.200 master1 WARN: node master2: is dead
  39.200 master1 info: Resources being acquired from master2.
  39.200 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.201/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  45.000 > heal master1
  45.200 master2 info: Link master1:ens33 up.
  45.200 master2 CRIT: Cluster node master1 returning after partition.
  45.200 master2 WARN: Deadtime value may be too small.
  45.200 master2 WARN: 13 lost packet(s) for [master1] [37:51]
  45.200 master1 info: Link master2:ens33 up.
  45.200 master1 CRIT: Cluster node master2 returning after partition.
  45.200 master1 WARN: Deadtime value may be too small.
  45.200 master1 WARN: 19 lost packet(s) for [master2] [36:56]
  45.200 master1 WARN: master2 has 10.0.0.201/24/ens38 by now: releasing it here.
  45.200 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  45.200 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  45.201 master2 info: remote resource transition completed.
  45.387 master1 info: remote resource transition completed.
  45.426 master1 info: No pkts missing from master2!
  45.436 master2 info: No pkts missing from master1!
  50.000 in the end: master1 holds nothing; master2 holds 10.0.0.201

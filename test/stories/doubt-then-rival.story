# A node that slept while cut off holds its group again after deadtime; while it is still starting it hears that the other one took it,
# and stops everything, also the services behind the one that it was just looking at.
ha.cf auto_failback off
ha.cf ask_address off
group master1 10.0.0.201/24/ens38 first second third
at 0s: script master1 first status work 500
at 0s: script master1 second status work 500
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
  35.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 first second third
  35.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.001 master2 * 10.0.0.201 on
  35.021 master2 * first start
  35.121 master2 * first start done
  35.141 master2 * second start
  35.241 master2 * second start done
  35.261 master2 * third start
  35.361 master2 * third start done
  35.361 master2 mach_down: info: mach_down takeover complete for node master1.
  35.361 master2 info: mach_down takeover complete.
  38.200 > thaw master1
  38.200 master1 WARN: This node was not scheduled for 7200 ms: it judges nobody and proves again what it holds.
  38.200 master1 * 10.0.0.201 off
  38.201 master1 * guardian: WARN: The guardian was not scheduled for 8076 ms; it judges nobody by that silence
  43.200 master1 info: Link master2:ens33 dead.
  43.200 master1 WARN: node master2: is dead
  43.200 master1 info: Resources being acquired from master2.
  43.200 master1 info: Nobody was heard to have taken 10.0.0.201/24/ens38 meanwhile: holding it again.
  43.200 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  43.200 master1 * 10.0.0.201 on
  43.400 > heal master1
  43.700 master2 info: Link master1:ens33 up.
  43.700 master2 CRIT: Cluster node master1 returning after partition.
  43.700 master2 WARN: Deadtime value may be too small.
  43.700 master2 WARN: 7 lost packet(s) for [master1] [44:52]
  43.700 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  43.700 master1 info: Link master2:ens33 up.
  43.700 master1 CRIT: Cluster node master2 returning after partition.
  43.700 master1 WARN: Deadtime value may be too small.
  43.700 master1 WARN: 22 lost packet(s) for [master2] [37:60]
  43.700 master1 CRIT: Both machines own 10.0.0.201/24/ens38: master2 has the larger claim, releasing ours.
  43.700 master1 * 10.0.0.201 off
  43.881 master2 info: No pkts missing from master1!
  43.887 master1 info: remote resource transition completed.
  43.926 master1 info: No pkts missing from master2!
  44.200 master1 * third stop
  44.200 master2 info: remote resource transition completed.
  44.300 master1 * third stop done
  44.300 master1 * second stop
  44.400 master1 * second stop done
  44.400 master1 * first stop
  44.500 master1 * first stop done
  44.500 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  50.000 in the end: master1 holds nothing; master2 holds 10.0.0.201 first second third

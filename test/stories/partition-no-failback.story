# The same with auto_failback off: one node keeps what it has, nobody restarts, nothing moves but what was doubled.
ha.cf ask_address off
ha.cf auto_failback off
at 0s: start master1
at 0s: start master2
at 30s: cut master1
at 45s: heal master1
from 30s
until 60s
----
  30.000 > cut master1
  34.001 master1 info: Link master2:ens33 dead.
  34.001 master1 WARN: node master2: is dead
  34.001 master1 info: Resources being acquired from master2.
  34.001 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  34.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  34.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  34.001 master1 * 10.0.0.202 on
  34.001 master1 mach_down: info: mach_down takeover complete for node master2.
  34.001 master1 info: mach_down takeover complete.
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  34.001 master2 * 10.0.0.201 on
  34.001 master2 mach_down: info: mach_down takeover complete for node master1.
  34.001 master2 info: mach_down takeover complete.
  45.000 > heal master1
  45.001 master2 info: Link master1:ens33 up.
  45.001 master2 CRIT: Cluster node master1 returning after partition.
  45.001 master2 WARN: Deadtime value may be too small.
  45.001 master2 WARN: 18 lost packet(s) for [master1] [37:56]
  45.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  45.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  45.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  45.001 master2 * 10.0.0.202 off
  45.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  45.001 master1 info: Link master2:ens33 up.
  45.001 master1 CRIT: Cluster node master2 returning after partition.
  45.001 master1 WARN: Deadtime value may be too small.
  45.001 master1 WARN: 18 lost packet(s) for [master2] [37:56]
  45.001 master1 CRIT: Both machines own 10.0.0.201/24/ens38: master2 has the larger claim, releasing ours.
  45.001 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  45.001 master1 * 10.0.0.201 off
  45.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  45.001 master1 CRIT: Both machines own 10.0.0.202/24/ens38: ours is the larger claim, master2 must release.
  45.001 master1 info: remote resource transition completed.
  45.001 master2 info: remote resource transition completed.
  45.197 master1 info: No pkts missing from master2!
  45.236 master2 info: No pkts missing from master1!
  60.000 in the end: master1 holds 10.0.0.202; master2 holds 10.0.0.201

# A node that slept asks everybody anew: the one it hears first knows only that the group moved, the new holder has not spoken yet.
nodes n1 n2 n3
ha.cf ask_address off
ha.cf auto_failback off
group n2 10.0.0.2/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
from 30s
at 30s: sigstop-all n2
at 35.5s: cut n3>n2
at 36s: sigcont-all n2
at 36.5s: heal n3>n2
until 45s
----
  30.000 > sigstop-all n2
  34.001 n1 info: Link n2:ens33 dead.
  34.001 n1 WARN: node n2: is dead
  34.001 n1 info: Resources being acquired from n2.
  34.001 n3 info: Link n2:ens33 dead.
  34.001 n3 WARN: node n2: is dead
  34.001 n3 info: Resources being acquired from n2.
  34.001 n3 mach_down: info: Taking over resource group 10.0.0.2/24/ens38
  34.001 n3 ResourceManager: info: Acquiring resource group: n2 10.0.0.2/24/ens38
  34.001 n3 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.2/24/ens38 start
  34.001 n3 * 10.0.0.2 on
  34.001 n3 mach_down: info: mach_down takeover complete for node n2.
  34.001 n3 info: mach_down takeover complete.
  35.500 > cut n3>n2
  36.000 > sigcont-all n2
  36.000 n2 * guardian: WARN: The guardian was not scheduled for 6125 ms; it judges nobody by that silence
  36.000 n2 WARN: This node was not scheduled for 6000 ms: it judges nobody and proves again what it holds.
  36.000 n2 * 10.0.0.2 off
  36.000 n1 info: Link n2:ens33 up.
  36.000 n1 CRIT: Cluster node n2 returning after partition.
  36.000 n1 WARN: Deadtime value may be too small.
  36.000 n3 info: Link n2:ens33 up.
  36.000 n3 CRIT: Cluster node n2 returning after partition.
  36.000 n3 WARN: Deadtime value may be too small.
  36.000 n2 WARN: 6 lost packet(s) for [n1] [39:46]
  36.000 n2 WARN: n1 has 10.0.0.2/24/ens38 by now: releasing it here.
  36.000 n2 ResourceManager: info: Releasing resource group: n2 10.0.0.2/24/ens38
  36.000 n2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.2/24/ens38 stop
  36.001 n1 info: remote resource transition completed.
  36.001 n3 info: remote resource transition completed.
  36.133 n2 info: No pkts missing from n1!
  36.500 > heal n3>n2
  37.001 n2 WARN: 11 lost packet(s) for [n3] [39:51]
  37.230 n2 info: No pkts missing from n3!
  45.000 in the end: n1 holds nothing; n2 holds nothing; n3 holds 10.0.0.2

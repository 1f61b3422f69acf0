# Two of three nodes cannot hear each other, and the third one, which had everything, dies: the first in the order of ha.cf takes over, the other one asks for a moment longer and finds it.
nodes n1 n2 n3
ha.cf auto_failback off
group n1 10.0.0.1/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 20s: cut n2-n3
at 30s: power-off n1
from 29s
until 40s
----
  30.000 > power-off n1
  30.000 n1 * power lost
  34.001 n2 info: Link n1:ens33 dead.
  34.001 n2 WARN: node n1: is dead
  34.001 n2 info: Resources being acquired from n1.
  34.001 n2 mach_down: info: Taking over resource group 10.0.0.1/24/ens38
  34.001 n2 ResourceManager: info: Acquiring resource group: n1 10.0.0.1/24/ens38
  34.001 n2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/ens38 start
  34.001 n2 * 10.0.0.1 on
  34.001 n2 mach_down: info: mach_down takeover complete for node n1.
  34.001 n2 mach_down: info: mach_down takeover complete for node n3.
  34.001 n2 info: mach_down takeover complete.
  34.001 n3 info: Link n1:ens33 dead.
  34.001 n3 WARN: node n1: is dead
  34.001 n3 info: Resources being acquired from n1.
  34.251 n3 CRIT: Heartbeat link lost: n1 is silent, but 10.0.0.1/24/ens38 answers at n2 on ens38: it is alive, nothing is taken over.
  40.000 in the end: n1 is off; n2 holds 10.0.0.1; n3 holds nothing

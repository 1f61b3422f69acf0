# The survivor whose turn it is dies while it shoots: the other one resets both.
nodes n1 n2 n3
ha.cf stonith_host * null n1 n2 n3
group n3 10.0.0.3/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 1s: fencer n1 work 20000
from 59s
at 60s: power-off n3
at 66s: power-off n1
until 90s
----
  60.000 > power-off n3
  60.000 n3 * power lost
  64.001 n1 info: Link n3:ens33 dead.
  64.001 n1 WARN: node n3: is dead
  64.001 n1 info: Resetting node n3 with [stonith null]
  64.001 n2 info: Link n3:ens33 dead.
  64.001 n2 WARN: node n3: is dead
  66.000 > power-off n1
  66.000 n1 * power lost
  70.001 n2 info: Link n1:ens33 dead.
  70.001 n2 WARN: node n1: is dead
  70.001 n2 info: Holding fire for 5589 ms before n1 is reset: if it lives and only the links are cut, it is its turn first.
  70.001 n2 info: Holding fire for 6010 ms before n3 is reset: if it lives and only the links are cut, it is its turn first.
  75.590 n2 info: Resetting node n1 with [stonith null]
  76.010 n2 info: Resetting node n3 with [stonith null]
  76.590 n1 * reset, but there is no power
  76.590 n2 info: node n1 now reset.
  76.590 n2 info: Resources being acquired from n1.
  77.010 n3 * reset, but there is no power
  77.010 n2 info: node n3 now reset.
  77.010 n2 info: Resources being acquired from n3.
  77.010 n2 mach_down: info: Taking over resource group 10.0.0.3/24/ens38
  77.010 n2 ResourceManager: info: Acquiring resource group: n3 10.0.0.3/24/ens38
  77.010 n2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.3/24/ens38 start
  77.010 n2 * 10.0.0.3 on
  77.010 n2 mach_down: info: mach_down takeover complete for node n1.
  77.010 n2 mach_down: info: mach_down takeover complete for node n3.
  77.010 n2 info: mach_down takeover complete.
  90.000 in the end: n1 is off; n2 holds 10.0.0.3; n3 is off

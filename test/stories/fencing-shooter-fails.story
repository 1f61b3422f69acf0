# The survivor whose turn it is cannot do it: the other one does.
nodes n1 n2 n3
ha.cf stonith_host * null n1 n2 n3
group n3 10.0.0.3/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 1s: fencer n1 fail 300
from 59s
at 60s: power-off n3
until 75s
----
  60.000 > power-off n3
  60.000 n3 * power lost
  64.001 n1 info: Link n3:ens33 dead.
  64.001 n1 WARN: node n3: is dead
  64.001 n1 info: Resetting node n3 with [stonith null]
  64.001 n2 info: Link n3:ens33 dead.
  64.001 n2 WARN: node n3: is dead
  64.301 n1 ERROR: Host n3 not reset!
  64.301 n1 ERROR: STONITH of n3 failed.  Retrying...
  64.301 n1 CRIT: n3 is silent and not fenced [stonith null]: the device refused. Nothing of it is taken over. When you have made sure that it is off: heartbeat confirm n3 dead
  64.301 n2 info: Resetting node n3 with [stonith null]
  65.301 n3 * reset, but there is no power
  65.301 n2 info: node n3 now reset.
  65.301 n2 info: Resources being acquired from n3.
  65.301 n1 info: Resources being acquired from n3.
  65.301 n1 mach_down: info: Taking over resource group 10.0.0.3/24/ens38
  65.301 n1 ResourceManager: info: Acquiring resource group: n3 10.0.0.3/24/ens38
  65.301 n1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.3/24/ens38 start
  65.301 n1 * 10.0.0.3 on
  65.301 n1 mach_down: info: mach_down takeover complete for node n3.
  65.301 n1 info: mach_down takeover complete.
  75.000 in the end: n1 holds 10.0.0.3; n2 holds nothing; n3 is off

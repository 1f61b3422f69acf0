# One of two power supplies cannot be cut and there is no other level: nothing is taken until it can, though the first one has been cut.
ha.cf stonith_host * null master1 master2
ha.cf stonith_host * null master1 master2
ha.cf fence_levels 1+2
ha.cf fence_delay 0
at 0s: start master1
at 0s: start master2
at 1s: fencer master2 fail 300 2
from 59s
at 60s: freeze master1
at 75s: fencer master2 work 300 2
until 90s
----
  60.000 > freeze master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Cutting a power supply of node master1 with [stonith null]
  65.001 master1 * power supply 1 off
  65.001 master2 info: Cutting a power supply of node master1 with [stonith null]
  65.301 master2 ERROR: Host master1 not reset!
  65.301 master2 ERROR: STONITH of master1 failed.  Retrying...
  65.301 master2 CRIT: master1 is silent and not fenced [stonith null]: the device refused. Nothing of it is taken over. When you have made sure that it is off: heartbeat confirm master1 dead
  65.601 master2 WARN: Power supply of node master1 was not switched on again [stonith null]: the device refused. Look at it.
  66.301 master1 * power supply 1 on
  66.301 master2 info: Power supply of node master1 is on again [stonith null]
  70.301 master2 info: Cutting a power supply of node master1 with [stonith null]
  71.301 master1 * power supply 1 off
  71.301 master2 info: Cutting a power supply of node master1 with [stonith null]
  71.601 master2 ERROR: Host master1 not reset!
  71.601 master2 ERROR: STONITH of master1 failed.  Retrying...
  71.901 master2 WARN: Power supply of node master1 was not switched on again [stonith null]: the device refused. Look at it.
  72.601 master1 * power supply 1 on
  72.601 master2 info: Power supply of node master1 is on again [stonith null]
  75.000 > fencer master2 work 300 2
  76.601 master2 info: Cutting a power supply of node master1 with [stonith null]
  77.601 master1 * power supply 1 off
  77.601 master2 info: Cutting a power supply of node master1 with [stonith null]
  77.901 master1 * power supply 2 off
  77.901 master1 * power lost
  77.901 master2 info: node master1 now reset.
  77.901 master2 info: Resources being acquired from master1.
  77.901 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  77.901 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  77.901 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  77.901 master2 * 10.0.0.201 on
  77.901 master2 mach_down: info: mach_down takeover complete for node master1.
  77.901 master2 info: mach_down takeover complete.
  78.201 master1 * power supply 2 on
  78.201 master2 info: Power supply of node master1 is on again [stonith null]
  78.901 master1 * power supply 1 on
  78.901 master2 info: Power supply of node master1 is on again [stonith null]
  80.201 master1 * daemon starts (generation 2)
  80.201 master1 info: Local status now set to: 'up'
  80.201 master1 info: Link 172.30.104.254:172.30.104.254 up.
  80.201 master1 info: Status update for node 172.30.104.254: status ping
  80.201 master1 info: Link master2:ens33 up.
  80.201 master1 info: Status update for node master2: status active
  80.201 master1 info: Comm_now_up(): updating status to active
  80.201 master1 info: Local status now set to: 'active'
  80.201 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  80.201 master1 info: Local Resource acquisition completed.
  80.201 master2 info: Heartbeat restart on node master1
  80.201 master2 info: Link master1:ens33 up.
  80.201 master2 info: remote resource transition completed.
  80.201 master2 info: Status update for node master1: status active
  80.201 master2 info: master2 wants to go standby [foreign]
  80.201 master1 info: remote resource transition completed.
  80.201 master1 info: master2 wants to go standby [foreign]
  80.202 master2 info: standby: master1 can take our foreign resources
  80.202 master2 info: give up foreign HA resources (standby).
  80.202 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  80.202 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.202 master2 * 10.0.0.201 off
  80.202 master2 info: foreign HA resource release completed (standby).
  80.202 master2 info: Local standby process completed [foreign].
  80.202 master1 info: standby: acquire [foreign] resources from master2
  80.202 master1 info: acquire local HA resources (standby).
  80.202 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  80.202 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.202 master1 * 10.0.0.201 on
  80.202 master1 info: local HA resource acquisition completed (standby).
  80.202 master1 info: Standby resource acquisition done [foreign].
  80.202 master2 info: Other node completed standby takeover of foreign resources.
  80.202 master1 info: remote resource transition completed.
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

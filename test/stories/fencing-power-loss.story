# A silent holder is reset before anything of it is taken over; the node that is first in ha.cf, or holds more, would not have waited.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
from 59s
at 60s: power-off master1
at 90s: start master1
until 120s
----
  60.000 > power-off master1
  60.000 master1 * power lost
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Holding fire for 5213 ms before master1 is reset: if it lives and only the links are cut, it is its turn first.
  69.214 master2 info: Resetting node master1 with [stonith null]
  70.214 master1 * reset, but there is no power
  70.214 master2 info: node master1 now reset.
  70.214 master2 info: Resources being acquired from master1.
  70.214 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  70.214 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  70.214 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  70.214 master2 * 10.0.0.201 on
  70.214 master2 mach_down: info: mach_down takeover complete for node master1.
  70.214 master2 info: mach_down takeover complete.
  90.000 > start master1
  90.000 master1 * daemon starts (generation 2)
  90.000 master1 info: Local status now set to: 'up'
  90.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  90.000 master1 info: Status update for node 172.30.104.254: status ping
  90.000 master1 info: Link master2:ens33 up.
  90.000 master1 info: Status update for node master2: status active
  90.000 master1 info: Comm_now_up(): updating status to active
  90.000 master1 info: Local status now set to: 'active'
  90.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  90.000 master1 info: Local Resource acquisition completed.
  90.001 master2 info: Heartbeat restart on node master1
  90.001 master2 info: Link master1:ens33 up.
  90.001 master2 info: remote resource transition completed.
  90.001 master2 info: Status update for node master1: status active
  90.001 master2 info: master2 wants to go standby [foreign]
  90.001 master1 info: remote resource transition completed.
  90.001 master1 info: master2 wants to go standby [foreign]
  90.001 master2 info: standby: master1 can take our foreign resources
  90.001 master2 info: give up foreign HA resources (standby).
  90.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  90.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  90.001 master2 * 10.0.0.201 off
  90.001 master2 info: foreign HA resource release completed (standby).
  90.001 master2 info: Local standby process completed [foreign].
  90.001 master1 info: standby: acquire [foreign] resources from master2
  90.001 master1 info: acquire local HA resources (standby).
  90.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  90.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  90.001 master1 * 10.0.0.201 on
  90.001 master1 info: local HA resource acquisition completed (standby).
  90.001 master1 info: Standby resource acquisition done [foreign].
  90.001 master2 info: Other node completed standby takeover of foreign resources.
  90.002 master1 info: remote resource transition completed.
 120.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# Every link is cut; by what they hold it would be the turn of master1, but fence_priority names the other one.
ha.cf stonith_host * null master1 master2
ha.cf fence_priority master2
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut master1
at 68s: heal master1
until 90s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resetting node master1 with [stonith null]
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Holding fire for 5712 ms before master2 is reset: if it lives and only the links are cut, it is its turn first.
  65.001 master1 * reset
  65.001 master1 * power lost
  65.001 master2 info: node master1 now reset.
  65.001 master2 info: Resources being acquired from master1.
  65.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  65.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  65.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  65.001 master2 * 10.0.0.201 on
  65.001 master2 mach_down: info: mach_down takeover complete for node master1.
  65.001 master2 info: mach_down takeover complete.
  67.001 master1 * daemon starts (generation 2)
  67.001 master1 info: Local status now set to: 'up'
  68.000 > heal master1
  68.001 master1 info: Link 172.30.104.254:172.30.104.254 up.
  68.001 master1 info: Status update for node 172.30.104.254: status ping
  68.001 master2 info: Heartbeat restart on node master1
  68.001 master2 info: Link master1:ens33 up.
  68.001 master2 info: Status update for node master1: status up
  68.001 master1 info: Link master2:ens33 up.
  68.001 master1 info: Status update for node master2: status active
  68.001 master1 info: Comm_now_up(): updating status to active
  68.001 master1 info: Local status now set to: 'active'
  68.001 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  68.001 master1 info: Local Resource acquisition completed.
  68.001 master2 info: remote resource transition completed.
  68.001 master2 info: Status update for node master1: status active
  68.001 master2 info: master2 wants to go standby [foreign]
  68.001 master1 info: remote resource transition completed.
  68.001 master1 info: master2 wants to go standby [foreign]
  68.002 master2 info: standby: master1 can take our foreign resources
  68.002 master2 info: give up foreign HA resources (standby).
  68.002 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  68.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  68.002 master2 * 10.0.0.201 off
  68.002 master2 info: foreign HA resource release completed (standby).
  68.002 master2 info: Local standby process completed [foreign].
  68.002 master1 info: standby: acquire [foreign] resources from master2
  68.002 master1 info: acquire local HA resources (standby).
  68.002 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  68.002 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  68.002 master1 * 10.0.0.201 on
  68.002 master1 info: local HA resource acquisition completed (standby).
  68.002 master1 info: Standby resource acquisition done [foreign].
  68.002 master2 info: Other node completed standby takeover of foreign resources.
  68.002 master1 info: remote resource transition completed.
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

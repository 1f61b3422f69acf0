# Every link is cut and both nodes live. Both hold one group, so the first one in ha.cf shoots at once; the other one never gets to it.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut master1
at 69s: heal master1
until 110s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Holding fire for 5213 ms before master1 is reset: if it lives and only the links are cut, it is its turn first.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resetting node master2 with [stonith null]
  65.001 master2 * reset
  65.001 master2 * power lost
  65.001 master1 info: node master2 now reset.
  65.001 master1 info: Resources being acquired from master2.
  65.001 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  65.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  65.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  65.001 master1 * 10.0.0.202 on
  65.001 master1 mach_down: info: mach_down takeover complete for node master2.
  65.001 master1 info: mach_down takeover complete.
  67.001 master2 * daemon starts (generation 2)
  67.001 master2 info: Local status now set to: 'up'
  68.001 master2 info: Link 172.30.104.254:172.30.104.254 up.
  68.001 master2 info: Status update for node 172.30.104.254: status ping
  69.000 > heal master1
  69.001 master1 info: Heartbeat restart on node master2
  69.001 master1 info: Link master2:ens33 up.
  69.001 master1 info: Status update for node master2: status up
  69.001 master2 info: Link master1:ens33 up.
  69.001 master2 info: Status update for node master1: status active
  69.001 master2 info: Comm_now_up(): updating status to active
  69.001 master2 info: Local status now set to: 'active'
  69.001 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  69.001 master2 info: Local Resource acquisition completed.
  69.001 master1 info: remote resource transition completed.
  69.001 master1 info: Status update for node master2: status active
  69.001 master1 info: master1 wants to go standby [foreign]
  69.001 master2 info: remote resource transition completed.
  69.001 master2 info: master1 wants to go standby [foreign]
  69.002 master1 info: standby: master2 can take our foreign resources
  69.002 master1 info: give up foreign HA resources (standby).
  69.002 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  69.002 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  69.002 master1 * 10.0.0.202 off
  69.002 master1 info: foreign HA resource release completed (standby).
  69.002 master1 info: Local standby process completed [foreign].
  69.002 master2 info: standby: acquire [foreign] resources from master1
  69.002 master2 info: acquire local HA resources (standby).
  69.002 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  69.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  69.002 master2 * 10.0.0.202 on
  69.002 master2 info: local HA resource acquisition completed (standby).
  69.002 master2 info: Standby resource acquisition done [foreign].
  69.002 master1 info: Other node completed standby takeover of foreign resources.
  69.002 master2 info: remote resource transition completed.
 110.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

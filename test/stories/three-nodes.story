# Three nodes: the group of a dead node goes to the next one in ha.cf, and home again.
nodes master1 master2 master3
group master1 10.0.0.201/24/ens38
group master2 10.0.0.202/24/ens38
group master3 10.0.0.203/24/ens38
at 0s: start master1
at 0s: start master2
at 0s: start master3
at 30.3s: power-off master2
at 50s: start master2
from 30s
until 65s
----
  30.300 > power-off master2
  30.300 master2 * power lost
  35.001 master1 info: Link master2:ens33 dead.
  35.001 master1 WARN: node master2: is dead
  35.001 master1 info: Resources being acquired from master2.
  35.001 master3 info: Link master2:ens33 dead.
  35.001 master3 WARN: node master2: is dead
  35.001 master3 info: Resources being acquired from master2.
  35.001 master3 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  35.001 master3 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  35.001 master3 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  35.001 master3 * 10.0.0.202 on
  35.001 master3 mach_down: info: mach_down takeover complete for node master2.
  35.001 master3 info: mach_down takeover complete.
  50.000 > start master2
  50.000 master2 * daemon starts (generation 2)
  50.000 master2 info: Local status now set to: 'up'
  50.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
  50.000 master2 info: Status update for node 172.30.104.254: status ping
  50.000 master2 info: Link master1:ens33 up.
  50.000 master2 info: Status update for node master1: status active
  50.000 master2 info: Link master3:ens33 up.
  50.000 master2 info: Status update for node master3: status active
  50.000 master2 info: Comm_now_up(): updating status to active
  50.000 master2 info: Local status now set to: 'active'
  50.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  50.000 master2 info: Local Resource acquisition completed.
  50.001 master1 info: Heartbeat restart on node master2
  50.001 master1 info: Link master2:ens33 up.
  50.001 master1 info: Status update for node master2: status up
  50.001 master3 info: Heartbeat restart on node master2
  50.001 master3 info: Link master2:ens33 up.
  50.001 master1 info: remote resource transition completed.
  50.001 master3 info: remote resource transition completed.
  50.001 master1 info: Status update for node master2: status active
  50.001 master3 info: Status update for node master2: status active
  50.001 master3 info: master3 wants to go standby [foreign]
  50.001 master2 info: remote resource transition completed.
  50.001 master2 info: remote resource transition completed.
  50.001 master2 info: master3 wants to go standby [foreign]
  50.001 master3 info: standby: master2 can take our foreign resources
  50.001 master3 info: give up foreign HA resources (standby).
  50.001 master3 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  50.001 master3 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  50.001 master3 * 10.0.0.202 off
  50.001 master3 info: foreign HA resource release completed (standby).
  50.001 master3 info: Local standby process completed [foreign].
  50.001 master2 info: standby: acquire [foreign] resources from master3
  50.001 master2 info: acquire local HA resources (standby).
  50.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  50.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  50.001 master2 * 10.0.0.202 on
  50.001 master2 info: local HA resource acquisition completed (standby).
  50.001 master2 info: Standby resource acquisition done [foreign].
  50.001 master3 info: Other node completed standby takeover of foreign resources.
  50.002 master1 info: remote resource transition completed.
  50.002 master2 info: remote resource transition completed.
  65.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202; master3 holds 10.0.0.203

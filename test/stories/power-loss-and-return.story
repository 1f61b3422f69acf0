# A node loses its power and comes back; its group and its service move once each way.
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 30.3s: power-off master1
at 50s: start master1
from 30s
until 70s
----
  30.300 > power-off master1
  30.300 master1 * power lost
  35.001 master2 info: Link master1:ens33 dead.
  35.001 master2 WARN: node master1: is dead
  35.001 master2 info: Resources being acquired from master1.
  35.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  35.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.001 master2 * 10.0.0.201 on
  35.021 master2 * nginx start
  35.121 master2 * nginx start done
  35.121 master2 mach_down: info: mach_down takeover complete for node master1.
  35.121 master2 info: mach_down takeover complete.
  50.000 > start master1
  50.000 master1 * daemon starts (generation 2)
  50.000 master1 info: Local status now set to: 'up'
  50.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  50.000 master1 info: Status update for node 172.30.104.254: status ping
  50.000 master1 info: Link master2:ens33 up.
  50.000 master1 info: Status update for node master2: status active
  50.000 master1 info: Comm_now_up(): updating status to active
  50.000 master1 info: Local status now set to: 'active'
  50.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  50.000 master1 info: Local Resource acquisition completed.
  50.001 master2 info: Heartbeat restart on node master1
  50.001 master2 info: Link master1:ens33 up.
  50.001 master2 info: remote resource transition completed.
  50.001 master2 info: Status update for node master1: status active
  50.001 master2 info: master2 wants to go standby [foreign]
  50.001 master1 info: remote resource transition completed.
  50.001 master1 info: master2 wants to go standby [foreign]
  50.001 master2 info: standby: master1 can take our foreign resources
  50.001 master2 info: give up foreign HA resources (standby).
  50.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  50.001 master2 * nginx stop
  50.101 master2 * nginx stop done
  50.101 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  50.101 master2 * 10.0.0.201 off
  50.101 master2 info: foreign HA resource release completed (standby).
  50.101 master2 info: Local standby process completed [foreign].
  50.101 master1 info: standby: acquire [foreign] resources from master2
  50.101 master1 info: acquire local HA resources (standby).
  50.101 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  50.101 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  50.101 master1 * 10.0.0.201 on
  50.121 master1 * nginx start
  50.221 master1 * nginx start done
  50.221 master1 info: local HA resource acquisition completed (standby).
  50.221 master1 info: Standby resource acquisition done [foreign].
  50.221 master2 info: Other node completed standby takeover of foreign resources.
  50.222 master1 info: remote resource transition completed.
  70.000 in the end: master1 holds 10.0.0.201 nginx; master2 holds nothing

# ipfail: whoever is alone keeps everything, whatever it reaches; a returning peer that reaches more gets it all.
ha.cf deadping 5
ha.cf respawn hacluster /usr/lib/heartbeat/ipfail
at 0s: start master1
at 0s: start master2
at 30s: power-off master2
at 40s: cut-ping master1
at 60s: start master2
from 30s
until 75s
----
  30.000 > power-off master2
  30.000 master2 * power lost
  34.001 master1 info: Link master2:ens33 dead.
  34.001 master1 WARN: node master2: is dead
  34.001 master1 info: Resources being acquired from master2.
  34.001 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  34.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  34.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  34.001 master1 * 10.0.0.202 on
  34.001 master1 mach_down: info: mach_down takeover complete for node master2.
  34.001 master1 info: mach_down takeover complete.
  40.000 > cut-ping master1
  44.000 master1 WARN: node 172.30.104.254: is dead
  44.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  44.000 master1 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  44.000 master1 ipfail: info: NS: We are dead. :<
  44.000 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  44.000 master1 ipfail: info: We are dead. :<
  60.000 > start master2
  60.000 master2 * daemon starts (generation 2)
  60.000 master2 info: Local status now set to: 'up'
  60.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
  60.000 master2 info: Status update for node 172.30.104.254: status ping
  60.000 master2 info: Link master1:ens33 up.
  60.000 master2 info: Status update for node master1: status active
  60.000 master2 info: Comm_now_up(): updating status to active
  60.000 master2 info: Local status now set to: 'active'
  60.000 master2 ipfail: info: Telling other node that we have more visible ping nodes.
  60.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  60.000 master2 info: Local Resource acquisition completed.
  60.001 master1 info: Heartbeat restart on node master2
  60.001 master1 info: Link master2:ens33 up.
  60.001 master1 ipfail: info: Giving up because we have less visible ping nodes.
  60.001 master1 ipfail: info: Delayed giveup in 1 seconds.
  60.001 master1 info: remote resource transition completed.
  60.001 master1 info: Status update for node master2: status active
  60.001 master1 info: master1 wants to go standby [foreign]
  60.001 master2 info: remote resource transition completed.
  60.001 master2 info: master1 wants to go standby [foreign]
  60.001 master1 info: standby: master2 can take our foreign resources
  60.001 master1 info: give up foreign HA resources (standby).
  60.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  60.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  60.001 master1 * 10.0.0.202 off
  60.001 master1 info: foreign HA resource release completed (standby).
  60.001 master1 info: Local standby process completed [foreign].
  60.001 master2 info: standby: acquire [foreign] resources from master1
  60.001 master2 info: acquire local HA resources (standby).
  60.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  60.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  60.001 master2 * 10.0.0.202 on
  60.001 master2 info: local HA resource acquisition completed (standby).
  60.001 master2 info: Standby resource acquisition done [foreign].
  60.001 master1 info: Other node completed standby takeover of foreign resources.
  60.002 master2 info: remote resource transition completed.
  61.251 master1 ipfail: info: giveup() called (timeout worked)
  61.251 master1 info: master1 wants to go standby [all]
  61.251 master2 info: master1 wants to go standby [all]
  61.251 master1 info: standby: master2 can take our all resources
  61.251 master1 info: give up all HA resources (standby).
  61.251 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  61.251 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  61.251 master1 * 10.0.0.201 off
  61.251 master1 info: all HA resource release completed (standby).
  61.251 master1 info: Local standby process completed [all].
  61.251 master2 info: standby: acquire [all] resources from master1
  61.251 master2 info: acquire all HA resources (standby).
  61.251 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  61.251 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  61.251 master2 * 10.0.0.201 on
  61.251 master2 info: all HA resource acquisition completed (standby).
  61.251 master2 info: Standby resource acquisition done [all].
  61.251 master1 info: Other node completed standby takeover of all resources.
  61.252 master2 info: remote resource transition completed.
  75.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

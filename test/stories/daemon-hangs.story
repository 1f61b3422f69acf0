# A daemon that hangs is killed by its guardian before the peer's deadtime is over: never two holders.
at 0s: start master1
at 0s: start master2
at 30.2s: sigstop master1
at 60s: sigcont master1
from 30s
until 50s
----
  30.200 > sigstop master1
  34.125 master1 * daemon killed
  34.125 master1 * 10.0.0.201 off
  34.125 master1 * guardian: CRIT: The heartbeat daemon died (silent for 4125 ms); withdrawn: 10.0.0.201; to stop: nothing
  34.125 master2 WARN: node master1: its heartbeat daemon died; its guardian has withdrawn its addresses
  34.125 master2 info: Resources being acquired from master1.
  34.125 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  34.125 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  34.125 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  34.125 master2 * 10.0.0.201 on
  34.125 master2 mach_down: info: mach_down takeover complete for node master1.
  34.125 master2 info: mach_down takeover complete.
  34.143 master1 * guardian: WARN: The heartbeat daemon's process is gone (killed by SIGKILL)
  34.143 master1 * guardian: WARN: The heartbeat daemon is started again in 1 s
  35.001 master2 info: Link master1:ens33 dead.
  35.250 master1 * guardian: info: Restarting the heartbeat daemon
  35.250 master1 * daemon starts (generation 2)
  35.250 master1 info: Local status now set to: 'up'
  35.250 master1 info: Link 172.30.104.254:172.30.104.254 up.
  35.250 master1 info: Status update for node 172.30.104.254: status ping
  35.250 master1 info: Link master2:ens33 up.
  35.250 master1 info: Status update for node master2: status active
  35.250 master1 info: Comm_now_up(): updating status to active
  35.250 master1 info: Local status now set to: 'active'
  35.250 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  35.250 master1 info: Local Resource acquisition completed.
  35.251 master2 info: Heartbeat restart on node master1
  35.251 master2 info: Link master1:ens33 up.
  35.251 master2 info: remote resource transition completed.
  35.251 master2 info: Status update for node master1: status active
  35.251 master2 info: master2 wants to go standby [foreign]
  35.251 master1 info: remote resource transition completed.
  35.251 master1 info: master2 wants to go standby [foreign]
  35.251 master2 info: standby: master1 can take our foreign resources
  35.251 master2 info: give up foreign HA resources (standby).
  35.251 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  35.251 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  35.251 master2 * 10.0.0.201 off
  35.251 master2 info: foreign HA resource release completed (standby).
  35.251 master2 info: Local standby process completed [foreign].
  35.251 master1 info: standby: acquire [foreign] resources from master2
  35.251 master1 info: acquire local HA resources (standby).
  35.251 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.251 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.251 master1 * 10.0.0.201 on
  35.251 master1 info: local HA resource acquisition completed (standby).
  35.251 master1 info: Standby resource acquisition done [foreign].
  35.251 master2 info: Other node completed standby takeover of foreign resources.
  35.252 master1 info: remote resource transition completed.
  50.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

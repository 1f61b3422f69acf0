# Everything of heartbeat killed at once: the kernel makes the host mute before deadtime; the next start finds the address left behind.
at 0s: start master1
at 0s: start master2
at 30s: kill-all master1
at 40s: start master1
from 30s
until 55s
----
  30.000 > kill-all master1
  30.000 master1 * everything of heartbeat killed
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  34.001 master2 * 10.0.0.201 on
  34.001 master2 mach_down: info: mach_down takeover complete for node master1.
  34.001 master2 info: mach_down takeover complete.
  40.000 > start master1
  40.000 master1 * daemon starts (generation 2)
  40.000 master1 * 10.0.0.201 off
  40.000 master1 WARN: 10.0.0.201 was on this host before heartbeat started: left by a daemon that was killed, or configured by somebody; withdrawn
  40.000 master1 info: Local status now set to: 'up'
  40.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  40.000 master1 info: Status update for node 172.30.104.254: status ping
  40.000 master1 info: Link master2:ens33 up.
  40.000 master1 info: Status update for node master2: status active
  40.000 master1 info: Comm_now_up(): updating status to active
  40.000 master1 info: Local status now set to: 'active'
  40.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  40.000 master1 info: Local Resource acquisition completed.
  40.001 master2 info: Heartbeat restart on node master1
  40.001 master2 info: Link master1:ens33 up.
  40.001 master2 info: remote resource transition completed.
  40.001 master2 info: Status update for node master1: status active
  40.001 master2 info: master2 wants to go standby [foreign]
  40.001 master1 info: remote resource transition completed.
  40.001 master1 info: master2 wants to go standby [foreign]
  40.001 master2 info: standby: master1 can take our foreign resources
  40.001 master2 info: give up foreign HA resources (standby).
  40.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master2 * 10.0.0.201 off
  40.001 master2 info: foreign HA resource release completed (standby).
  40.001 master2 info: Local standby process completed [foreign].
  40.001 master1 info: standby: acquire [foreign] resources from master2
  40.001 master1 info: acquire local HA resources (standby).
  40.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  40.001 master1 * 10.0.0.201 on
  40.001 master1 info: local HA resource acquisition completed (standby).
  40.001 master1 info: Standby resource acquisition done [foreign].
  40.001 master2 info: Other node completed standby takeover of foreign resources.
  40.002 master1 info: remote resource transition completed.
  55.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

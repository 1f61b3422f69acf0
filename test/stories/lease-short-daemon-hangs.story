# A lease too short for the dead-man's filter, everything cut, and the holder's daemon hangs: its guardian takes the address when the right ends, before
# the peer has the lease (--plan short --seed 710134).
ha.cf cluster shop
ha.cf arbiter witness 172.30.105.9
ha.cf lease_time 1500ms
at 0s: start master1
at 0s: start master2
at 30.3s: cut master1
at 30.3s: cut-lan master1
at 30.3s: arbiter cut master1
at 31.4s: sigstop master1
at 37s: heal master1
at 37s: heal-lan master1
at 37s: arbiter reached master1
at 37s: sigcont master1
from 30s
until 50s
----
  30.300 > cut master1
  30.300 > cut-lan master1
  30.300 > arbiter cut master1
  31.400 > sigstop master1
  34.991 master1 * 10.0.0.201 off
  34.991 master1 * guardian: WARN: The right to hold 10.0.0.201 has ended: the guardian takes what the daemon may not have given up
  35.001 master2 info: Link master1:ens33 dead.
  35.001 master2 WARN: node master1: is dead
  35.001 master2 info: Resources being acquired from master1.
  35.002 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.002 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.002 master2 * 10.0.0.201 on
  35.002 master2 mach_down: info: mach_down takeover complete for node master1.
  35.002 master2 info: mach_down takeover complete.
  35.125 master1 * daemon killed
  35.125 master1 * guardian: CRIT: The heartbeat daemon died (silent for 4125 ms); withdrawn: 10.0.0.201; to stop: nothing
  35.143 master1 * guardian: WARN: The heartbeat daemon's process is gone (killed by SIGKILL)
  35.143 master1 * guardian: WARN: The heartbeat daemon is started again in 1 s
  36.250 master1 * guardian: info: Restarting the heartbeat daemon
  36.250 master1 * daemon starts (generation 2)
  36.250 master1 info: Local status now set to: 'up'
  37.000 > heal master1
  37.000 > heal-lan master1
  37.000 > arbiter reached master1
  37.000 > sigcont master1
  37.001 master2 info: Heartbeat restart on node master1
  37.001 master2 info: Link master1:ens33 up.
  37.001 master2 info: Status update for node master1: status up
  37.001 master1 info: Link master2:ens33 up.
  37.001 master1 info: Status update for node master2: status active
  37.001 master1 info: Comm_now_up(): updating status to active
  37.001 master1 info: Local status now set to: 'active'
  37.001 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  37.001 master1 info: Local Resource acquisition completed.
  37.001 master2 info: remote resource transition completed.
  37.001 master2 info: Status update for node master1: status active
  37.001 master2 info: master2 wants to go standby [foreign]
  37.001 master1 info: Link 172.30.104.254:172.30.104.254 up.
  37.001 master1 info: Status update for node 172.30.104.254: status ping
  37.001 master1 info: remote resource transition completed.
  37.001 master1 info: master2 wants to go standby [foreign]
  37.002 master2 info: standby: master1 can take our foreign resources
  37.002 master2 info: give up foreign HA resources (standby).
  37.002 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  37.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  37.002 master2 * 10.0.0.201 off
  37.002 master2 info: foreign HA resource release completed (standby).
  37.002 master2 info: Local standby process completed [foreign].
  37.002 master1 info: standby: acquire [foreign] resources from master2
  37.002 master1 info: acquire local HA resources (standby).
  37.002 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  37.002 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  37.002 master1 * 10.0.0.201 on
  37.002 master1 info: local HA resource acquisition completed (standby).
  37.002 master1 info: Standby resource acquisition done [foreign].
  37.002 master2 info: Other node completed standby takeover of foreign resources.
  37.002 master1 info: remote resource transition completed.
  50.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

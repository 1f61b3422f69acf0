# SIGKILL of the daemon while a service runs: the peer starts it only when the guardian has stopped it.
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 0s: script master1 nginx stop work 800
at 30s: kill master1
from 30s
until 45s
----
  30.000 > kill master1
  30.000 master1 * daemon killed
  30.018 master1 * 10.0.0.201 off
  30.018 master1 * guardian: CRIT: The heartbeat daemon died (killed by SIGKILL); withdrawn: 10.0.0.201; to stop: nginx
  30.018 master1 * nginx stop
  30.818 master1 * nginx stop done
  30.818 master1 * guardian: WARN: The heartbeat daemon is started again in 1 s
  30.818 master2 WARN: node master1: its heartbeat daemon died; its guardian has withdrawn its addresses
  30.818 master2 info: Resources being acquired from master1.
  30.818 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  30.818 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  30.818 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.818 master2 * 10.0.0.201 on
  30.838 master2 * nginx start
  30.938 master2 * nginx start done
  30.938 master2 mach_down: info: mach_down takeover complete for node master1.
  30.938 master2 info: mach_down takeover complete.
  31.875 master1 * guardian: info: Restarting the heartbeat daemon
  31.875 master1 * daemon starts (generation 2)
  31.875 master1 info: Local status now set to: 'up'
  31.875 master1 info: Link 172.30.104.254:172.30.104.254 up.
  31.875 master1 info: Status update for node 172.30.104.254: status ping
  31.875 master1 info: Link master2:ens33 up.
  31.875 master1 info: Status update for node master2: status active
  31.875 master1 info: Comm_now_up(): updating status to active
  31.875 master1 info: Local status now set to: 'active'
  31.875 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  31.875 master1 info: Local Resource acquisition completed.
  31.876 master2 info: Heartbeat restart on node master1
  31.876 master2 info: remote resource transition completed.
  31.876 master2 info: Status update for node master1: status active
  31.876 master2 info: master2 wants to go standby [foreign]
  31.876 master1 info: remote resource transition completed.
  31.876 master1 info: master2 wants to go standby [foreign]
  31.876 master2 info: standby: master1 can take our foreign resources
  31.876 master2 info: give up foreign HA resources (standby).
  31.876 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  31.876 master2 * nginx stop
  31.976 master2 * nginx stop done
  31.976 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  31.976 master2 * 10.0.0.201 off
  31.976 master2 info: foreign HA resource release completed (standby).
  31.976 master2 info: Local standby process completed [foreign].
  31.976 master1 info: standby: acquire [foreign] resources from master2
  31.976 master1 info: acquire local HA resources (standby).
  31.976 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  31.976 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  31.976 master1 * 10.0.0.201 on
  31.996 master1 * nginx start
  32.096 master1 * nginx start done
  32.096 master1 info: local HA resource acquisition completed (standby).
  32.096 master1 info: Standby resource acquisition done [foreign].
  32.096 master2 info: Other node completed standby takeover of foreign resources.
  32.097 master1 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201 nginx; master2 holds nothing

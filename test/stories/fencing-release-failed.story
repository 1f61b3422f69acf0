# A service that cannot be stopped blocks its group when its node leaves; a reset of that node frees it.
ha.cf stonith_host * null master1 master2
group master1 10.0.0.201/24/ens38 svc
at 0s: start master1
at 0s: start master2
at 1s: script master1 svc stop fail
from 59s
at 60s: stop master1
until 75s
----
  60.000 > stop master1
  60.000 master1 info: Heartbeat shutdown in progress. (1001)
  60.000 master1 info: Giving up all HA resources.
  60.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 svc
  60.000 master1 * svc stop
  60.100 master1 * svc stop failed
  60.100 master1 ResourceManager: ERROR: Return code 1 from svc stop
  60.100 master1 ResourceManager: info: Retrying failed stop operation [svc]
  61.100 master1 * svc stop
  61.200 master1 * svc stop failed
  61.200 master1 ResourceManager: ERROR: Return code 1 from svc stop
  61.200 master1 ResourceManager: info: Retrying failed stop operation [svc]
  62.200 master1 * svc stop
  62.300 master1 * svc stop failed
  62.300 master1 ResourceManager: ERROR: Return code 1 from svc stop
  62.320 master1 ResourceManager: CRIT: Resource STOP failure: svc may still be running here; its group is blocked.
  62.320 master1 * 10.0.0.201 off
  62.320 master1 CRIT: Not relinquished, may still be running here: 10.0.0.201/24/ens38
  62.320 master2 info: Received shutdown notice from 'master1'.
  62.320 master2 info: Resources being acquired from master1.
  62.320 master2 info: Resetting node master1 with [stonith null]
  63.320 master1 * reset
  63.320 master1 * power lost
  63.320 master2 info: node master1 now reset.
  63.320 master2 info: Resources being acquired from master1.
  63.320 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  63.320 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 svc
  63.320 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  63.320 master2 * 10.0.0.201 on
  63.340 master2 * svc start
  63.440 master2 * svc start done
  63.440 master2 mach_down: info: mach_down takeover complete for node master1.
  63.440 master2 info: mach_down takeover complete.
  65.320 master1 * daemon starts (generation 2)
  65.320 master1 info: Local status now set to: 'up'
  65.321 master1 info: Link 172.30.104.254:172.30.104.254 up.
  65.321 master1 info: Status update for node 172.30.104.254: status ping
  65.321 master1 info: Link master2:ens33 up.
  65.321 master1 info: Status update for node master2: status active
  65.321 master1 info: Comm_now_up(): updating status to active
  65.321 master1 info: Local status now set to: 'active'
  65.321 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  65.321 master1 info: Local Resource acquisition completed.
  65.321 master2 info: Heartbeat restart on node master1
  65.321 master2 info: remote resource transition completed.
  65.321 master2 info: Status update for node master1: status active
  65.321 master2 info: master2 wants to go standby [foreign]
  65.321 master1 info: remote resource transition completed.
  65.321 master1 info: master2 wants to go standby [foreign]
  65.321 master2 info: standby: master1 can take our foreign resources
  65.321 master2 info: give up foreign HA resources (standby).
  65.321 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 svc
  65.321 master2 * svc stop
  65.421 master2 * svc stop done
  65.421 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  65.421 master2 * 10.0.0.201 off
  65.421 master2 info: foreign HA resource release completed (standby).
  65.421 master2 info: Local standby process completed [foreign].
  65.421 master1 info: standby: acquire [foreign] resources from master2
  65.421 master1 info: acquire local HA resources (standby).
  65.421 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 svc
  65.421 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  65.421 master1 * 10.0.0.201 on
  65.441 master1 * svc start
  65.541 master1 * svc start done
  65.541 master1 info: local HA resource acquisition completed (standby).
  65.541 master1 info: Standby resource acquisition done [foreign].
  65.542 master2 info: Other node completed standby takeover of foreign resources.
  65.542 master1 info: remote resource transition completed.
  75.000 in the end: master1 holds 10.0.0.201 svc; master2 holds nothing

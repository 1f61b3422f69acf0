# Who leaves in order is not fenced.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
from 59s
at 60s: stop master1
until 75s
----
  60.000 > stop master1
  60.000 master1 info: Heartbeat shutdown in progress. (1001)
  60.000 master1 info: Giving up all HA resources.
  60.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  60.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  60.000 master1 * 10.0.0.201 off
  60.000 master1 info: All HA resources relinquished.
  60.000 master2 info: Received shutdown notice from 'master1'.
  60.000 master2 info: Resources being acquired from master1.
  60.000 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  60.000 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  60.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  60.000 master2 * 10.0.0.201 on
  60.000 master2 mach_down: info: mach_down takeover complete for node master1.
  60.000 master2 info: mach_down takeover complete.
  60.000 master1 info: master1 Heartbeat shutdown complete.
  60.018 master1 * heartbeat has ended
  65.001 master2 info: Link master1:ens33 dead.
  75.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

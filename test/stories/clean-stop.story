# heartbeat -k: everything is handed over before the node leaves; the other one waits for nothing.
group master1 10.0.0.201/24/ens38 nginx
group master2 10.0.0.202/24/ens38
at 0s: start master1
at 0s: start master2
at 30s: stop master1
from 30s
until 45s
----
  30.000 > stop master1
  30.000 master1 info: Heartbeat shutdown in progress. (1001)
  30.000 master1 info: Giving up all HA resources.
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  30.000 master1 * nginx stop
  30.100 master1 * nginx stop done
  30.100 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  30.100 master1 * 10.0.0.201 off
  30.100 master1 info: All HA resources relinquished.
  30.100 master2 info: Received shutdown notice from 'master1'.
  30.100 master2 info: Resources being acquired from master1.
  30.100 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  30.100 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  30.100 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.100 master2 * 10.0.0.201 on
  30.100 master1 info: master1 Heartbeat shutdown complete.
  30.118 master1 * heartbeat has ended
  30.120 master2 * nginx start
  30.220 master2 * nginx start done
  30.220 master2 mach_down: info: mach_down takeover complete for node master1.
  30.220 master2 info: mach_down takeover complete.
  35.100 master2 info: Link master1:ens33 dead.
  45.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201 nginx

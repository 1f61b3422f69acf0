# The taker loses its power while it starts what it was given: the giver takes everything back after deadtime.
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 0s: script master2 nginx start work 3000
at 30s: standby master1 all
at 31s: power-off master2
from 30s
until 50s
----
  30.000 > standby master1 all
  30.000 master1 info: master1 wants to go standby [all]
  30.000 master2 info: master1 wants to go standby [all]
  30.000 master1 info: standby: master2 can take our all resources
  30.000 master1 * answer to standby all: running: master2 can take all resources
  30.000 master1 info: give up all HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  30.000 master1 * nginx stop
  30.100 master1 * nginx stop done
  30.100 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  30.100 master1 * 10.0.0.201 off
  30.100 master1 info: all HA resource release completed (standby).
  30.100 master1 info: Local standby process completed [all].
  30.101 master2 info: standby: acquire [all] resources from master1
  30.101 master2 info: acquire all HA resources (standby).
  30.101 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  30.101 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.101 master2 * 10.0.0.201 on
  30.121 master2 * nginx start
  31.000 > power-off master2
  31.000 master2 * power lost
  35.121 master1 info: Link master2:ens33 dead.
  35.121 master1 WARN: node master2: is dead
  35.121 master1 info: Resources being acquired from master2.
  35.121 master1 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.121 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  35.121 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.121 master1 * 10.0.0.201 on
  35.121 master1 info: Cancelling pending standby operation: master2 died
  35.121 master1 * answer to standby all: failed: master2 died
  35.141 master1 * nginx start
  35.241 master1 * nginx start done
  35.241 master1 mach_down: info: mach_down takeover complete for node master2.
  35.241 master1 info: mach_down takeover complete.
  50.000 in the end: master1 holds 10.0.0.201 nginx; master2 is off

# A group that moved away because its service kept dying is served here again when the other node loses power.
ha.cf monitor_interval 2s
ha.cf migration_threshold 1
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 30.3s: die master1 nginx
at 40s: power-off master2
from 30s
until 60s
----
  30.300 > die master1 nginx
  30.300 master1 * nginx died
  30.440 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 1 of 1
  30.440 master1 ResourceManager: CRIT: Giving up resources due to failure of nginx
  30.440 master1 * nginx stop
  30.540 master1 * nginx stop done
  30.540 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  30.540 master1 * 10.0.0.201 off
  30.540 master1 info: Resource group 10.0.0.201/24/ens38 failed here: master2 may take it.
  30.541 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  30.541 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.541 master2 * 10.0.0.201 on
  30.561 master2 * nginx start
  30.661 master2 * nginx start done
  40.000 > power-off master2
  40.000 master2 * power lost
  44.001 master1 info: Link master2:ens33 dead.
  44.001 master1 WARN: node master2: is dead
  44.001 master1 info: Resources being acquired from master2.
  44.001 master1 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  44.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  44.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  44.001 master1 * 10.0.0.201 on
  44.021 master1 * nginx start
  44.121 master1 * nginx start done
  44.121 master1 mach_down: info: mach_down takeover complete for node master2.
  44.121 master1 info: mach_down takeover complete.
  60.000 in the end: master1 holds 10.0.0.201 nginx; master2 is off

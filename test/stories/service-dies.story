# A service ends by itself three times: it is started again where it is, the third time its group moves.
ha.cf monitor_interval 2s
ha.cf auto_failback on
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 30.3s: die master1 nginx
at 40.3s: die master1 nginx
at 50.3s: die master1 nginx
from 30s
until 70s
----
  30.300 > die master1 nginx
  30.300 master1 * nginx died
  30.440 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 1 of 3
  30.440 master1 ResourceManager: WARN: Starting nginx again here
  30.440 master1 * nginx stop
  30.540 master1 * nginx stop done
  30.560 master1 * nginx start
  30.660 master1 * nginx start done
  40.300 > die master1 nginx
  40.300 master1 * nginx died
  40.760 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 2 of 3
  40.760 master1 ResourceManager: WARN: Starting nginx again here
  40.760 master1 * nginx stop
  40.860 master1 * nginx stop done
  40.880 master1 * nginx start
  40.980 master1 * nginx start done
  50.300 > die master1 nginx
  50.300 master1 * nginx died
  51.080 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 3 of 3
  51.080 master1 ResourceManager: CRIT: Giving up resources due to failure of nginx
  51.080 master1 * nginx stop
  51.180 master1 * nginx stop done
  51.180 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  51.180 master1 * 10.0.0.201 off
  51.180 master1 info: Resource group 10.0.0.201/24/ens38 failed here: master2 may take it.
  51.181 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  51.181 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  51.181 master2 * 10.0.0.201 on
  51.201 master2 * nginx start
  51.301 master2 * nginx start done
  70.000 in the end: master1 holds nothing; master2 holds 10.0.0.201 nginx

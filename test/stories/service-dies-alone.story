# A service that dies again and again on the only node that is left is started again every time.
ha.cf monitor_interval 2s
ha.cf migration_threshold 1
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 20s: die master1 nginx
at 30s: die master1 nginx
from 19.9s
until 40s
----
  20.000 > die master1 nginx
  20.000 master1 * nginx died
  20.240 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 1 of 1
  20.240 master1 ResourceManager: WARN: Starting nginx again here: no other node can run it now
  20.240 master1 * nginx stop
  20.340 master1 * nginx stop done
  20.360 master1 * nginx start
  20.460 master1 * nginx start done
  30.000 > die master1 nginx
  30.000 master1 * nginx died
  30.560 master1 ResourceManager: ERROR: nginx does not run any more (stopped from nginx monitor): failure 1 of 1
  30.560 master1 ResourceManager: WARN: Starting nginx again here: no other node can run it now
  30.560 master1 * nginx stop
  30.660 master1 * nginx stop done
  30.680 master1 * nginx start
  30.780 master1 * nginx start done
  40.000 in the end: master1 holds 10.0.0.201 nginx; master2 is off

# Without monitor_interval nobody notices that a service has ended: the behaviour of heartbeat 3.0.6.
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
at 30.3s: die master1 nginx
from 30s
until 60s
----
  30.300 > die master1 nginx
  30.300 master1 * nginx died
  60.000 in the end: master1 holds 10.0.0.201; master2 holds nothing

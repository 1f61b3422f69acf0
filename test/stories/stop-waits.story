# A stop that takes its time says every ten seconds what it waits for, and what it leaves behind in the end (weaknesses.md D8).
group master1 10.0.0.201/24/ens38 nginx
ha.cf stop_timeout 6
at 0s: start master1
at 0s: start master2
at 0s: script master1 nginx stop hang
at 30s: stop master1
from 30s
until 65s
----
  30.000 > stop master1
  30.000 master1 info: Heartbeat shutdown in progress. (1001)
  30.000 master1 info: Giving up all HA resources.
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  30.000 master1 * nginx stop
  36.000 master1 ResourceManager: ERROR: Failure (timed-out) from nginx stop
  36.000 master1 ResourceManager: info: Retrying failed stop operation [nginx]
  37.000 master1 * nginx stop
  40.000 master1 WARN: Shutdown waits for: 10.0.0.201/24/ens38: stopping nginx (try 2 of 3)
  43.000 master1 ResourceManager: ERROR: Failure (timed-out) from nginx stop
  43.000 master1 ResourceManager: info: Retrying failed stop operation [nginx]
  44.000 master1 * nginx stop
  50.000 master1 ResourceManager: ERROR: Failure (timed-out) from nginx stop
  50.000 master1 WARN: Shutdown waits for: 10.0.0.201/24/ens38: stopping nginx (try 3 of 3)
  50.020 master1 ResourceManager: CRIT: Resource STOP failure: nginx may still be running here; its group is blocked.
  50.020 master1 * 10.0.0.201 off
  50.020 master1 CRIT: Not relinquished, may still be running here: 10.0.0.201/24/ens38
  50.020 master2 info: Received shutdown notice from 'master1'.
  50.020 master2 info: Resources being acquired from master1.
  52.000 master1 info: master1 Heartbeat shutdown complete.
  52.018 master1 * heartbeat has ended
  56.001 master2 info: Link master1:ens33 dead.
  65.000 in the end: master1 holds nginx; master2 holds nothing

# A second standby while the first one runs is refused and does not disturb it.
group master1 10.0.0.201/24/ens38 nginx
group master2 10.0.0.202/24/ens38
at 0s: start master1
at 0s: start master2
at 0s: script master1 nginx stop work 3000
at 30s: standby master1 local
at 31s: standby master1 all
at 31s: standby master2 all
from 30s
until 45s
----
  30.000 > standby master1 local
  30.000 master1 info: master1 wants to go standby [local]
  30.000 master2 info: master1 wants to go standby [local]
  30.000 master1 info: standby: master2 can take our local resources
  30.000 master1 * answer to standby local: running: master2 can take local resources
  30.000 master1 info: give up local HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  30.000 master1 * nginx stop
  31.000 > standby master1 all
  31.000 master1 WARN: Standby request ignored: another hand-over is in progress.
  31.000 master1 * answer to standby all: refused: another hand-over is in progress
  31.000 > standby master2 all
  31.000 master2 WARN: Standby request ignored: another hand-over is in progress.
  31.000 master2 * answer to standby all: refused: another hand-over is in progress
  33.000 master1 * nginx stop done
  33.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  33.000 master1 * 10.0.0.201 off
  33.000 master1 info: local HA resource release completed (standby).
  33.000 master1 info: Local standby process completed [local].
  33.001 master2 info: standby: acquire [local] resources from master1
  33.001 master2 info: acquire foreign HA resources (standby).
  33.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  33.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  33.001 master2 * 10.0.0.201 on
  33.021 master2 * nginx start
  33.121 master2 * nginx start done
  33.121 master2 info: foreign HA resource acquisition completed (standby).
  33.121 master2 info: Standby resource acquisition done [local].
  33.121 master1 info: Other node completed standby takeover of local resources.
  33.121 master1 * answer to standby local: completed: master2 has taken over local resources
  33.121 master2 info: remote resource transition completed.
  45.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201 nginx

# Both operators type hb_standby at the same moment: the node that comes first in ha.cf has its way, the other one hears why not.
at 0s: start master1
at 0s: start master2
at 30s: standby master1 all
at 30s: standby master2 all
from 30s
until 45s
----
  30.000 > standby master1 all
  30.000 master1 info: master1 wants to go standby [all]
  30.000 > standby master2 all
  30.000 master2 info: master2 wants to go standby [all]
  30.000 master2 info: Cancelling pending standby operation: master1 asked at the same moment
  30.000 master2 * answer to standby all: failed: master1 asked at the same moment
  30.000 master2 info: master1 wants to go standby [all]
  30.000 master1 WARN: standby message [me] from master2 ignored: another hand-over is in progress.
  30.000 master1 info: standby: master2 can take our all resources
  30.000 master1 * answer to standby all: running: master2 can take all resources
  30.000 master1 info: give up all HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  30.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  30.000 master1 * 10.0.0.201 off
  30.000 master1 info: all HA resource release completed (standby).
  30.000 master1 info: Local standby process completed [all].
  30.001 master2 info: standby: acquire [all] resources from master1
  30.001 master2 info: acquire all HA resources (standby).
  30.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.001 master2 * 10.0.0.201 on
  30.001 master2 info: all HA resource acquisition completed (standby).
  30.001 master2 info: Standby resource acquisition done [all].
  30.001 master1 info: Other node completed standby takeover of all resources.
  30.001 master1 * answer to standby all: completed: master2 has taken over all resources
  30.001 master2 info: remote resource transition completed.
  45.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

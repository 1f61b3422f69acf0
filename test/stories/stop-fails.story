# A stop that fails for good: the group is blocked, its address is withdrawn, and the other node does not start the service.
group master1 10.0.0.201/24/ens38 nginx
at 0s: script master1 nginx stop fail
at 0s: start master1
at 0s: start master2
at 30s: standby master1 all
from 30s
until 60s
----
  30.000 > standby master1 all
  30.000 master1 info: master1 wants to go standby [all]
  30.000 master2 info: master1 wants to go standby [all]
  30.000 master1 info: standby: master2 can take our all resources
  30.000 master1 * answer to standby all: running: master2 can take all resources
  30.000 master1 info: give up all HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  30.000 master1 * nginx stop
  30.100 master1 * nginx stop failed
  30.100 master1 ResourceManager: ERROR: Return code 1 from nginx stop
  30.100 master1 ResourceManager: info: Retrying failed stop operation [nginx]
  31.100 master1 * nginx stop
  31.200 master1 * nginx stop failed
  31.200 master1 ResourceManager: ERROR: Return code 1 from nginx stop
  31.200 master1 ResourceManager: info: Retrying failed stop operation [nginx]
  32.200 master1 * nginx stop
  32.300 master1 * nginx stop failed
  32.300 master1 ResourceManager: ERROR: Return code 1 from nginx stop
  32.320 master1 ResourceManager: CRIT: Resource STOP failure: nginx may still be running here; its group is blocked.
  32.320 master1 * 10.0.0.201 off
  32.320 master1 info: Cancelling pending standby operation: 10.0.0.201/24/ens38 could not be stopped here; see ha-log
  32.320 master1 * answer to standby all: failed: 10.0.0.201/24/ens38 could not be stopped here; see ha-log
  32.321 master2 info: remote resource transition completed.
  32.321 master2 info: Cancelling pending standby operation: master1 has ended it
  60.000 in the end: master1 holds nginx; master2 holds nothing

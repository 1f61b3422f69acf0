# hb_standby failback is another word for foreign.
ha.cf auto_failback off
at 0s: start master1
at 20s: start master2
at 30s: standby master1 failback
from 30s
until 45s
----
  30.000 > standby master1 failback
  30.000 master1 info: master1 wants to go standby [foreign]
  30.000 master2 info: master1 wants to go standby [foreign]
  30.000 master1 info: standby: master2 can take our foreign resources
  30.000 master1 * answer to standby failback: running: master2 can take foreign resources
  30.000 master1 info: give up foreign HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  30.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  30.000 master1 * 10.0.0.202 off
  30.000 master1 info: foreign HA resource release completed (standby).
  30.000 master1 info: Local standby process completed [foreign].
  30.001 master2 info: standby: acquire [foreign] resources from master1
  30.001 master2 info: acquire local HA resources (standby).
  30.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  30.001 master2 * 10.0.0.202 on
  30.001 master2 info: local HA resource acquisition completed (standby).
  30.001 master2 info: Standby resource acquisition done [foreign].
  30.001 master1 info: Other node completed standby takeover of foreign resources.
  30.001 master1 * answer to standby failback: completed: master2 has taken over foreign resources
  30.001 master2 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# hb_standby local on the owner: its own group goes, the other one's is where it belongs.
at 0s: start master1
at 0s: start master2
at 30s: standby master1 local
from 30s
until 45s
----
  30.000 > standby master1 local
  30.000 master1 info: master1 wants to go standby [local]
  30.000 master2 info: master1 wants to go standby [local]
  30.000 master1 info: standby: master2 can take our local resources
  30.000 master1 * answer to standby local: running: master2 can take local resources
  30.000 master1 info: give up local HA resources (standby).
  30.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  30.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  30.000 master1 * 10.0.0.201 off
  30.000 master1 info: local HA resource release completed (standby).
  30.000 master1 info: Local standby process completed [local].
  30.001 master2 info: standby: acquire [local] resources from master1
  30.001 master2 info: acquire foreign HA resources (standby).
  30.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  30.001 master2 * 10.0.0.201 on
  30.001 master2 info: foreign HA resource acquisition completed (standby).
  30.001 master2 info: Standby resource acquisition done [local].
  30.001 master1 info: Other node completed standby takeover of local resources.
  30.001 master1 * answer to standby local: completed: master2 has taken over local resources
  30.001 master2 info: remote resource transition completed.
  45.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

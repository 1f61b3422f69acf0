# hb_takeover foreign gets the groups that belong to the other node.
at 0s: start master1
at 0s: start master2
at 30s: takeover master1 foreign
from 30s
until 45s
----
  30.000 > takeover master1 foreign
  30.000 master2 info: master2 wants to go standby [local]
  30.000 master1 info: master2 wants to go standby [local]
  30.000 master1 * answer to takeover foreign: running: master2 gives up local resources
  30.001 master2 info: standby: master1 can take our local resources
  30.001 master2 info: give up local HA resources (standby).
  30.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  30.001 master2 * 10.0.0.202 off
  30.001 master2 info: local HA resource release completed (standby).
  30.001 master2 info: Local standby process completed [local].
  30.001 master1 info: standby: acquire [local] resources from master2
  30.001 master1 info: acquire foreign HA resources (standby).
  30.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  30.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  30.001 master1 * 10.0.0.202 on
  30.001 master1 info: foreign HA resource acquisition completed (standby).
  30.001 master1 info: Standby resource acquisition done [local].
  30.001 master1 * answer to takeover foreign: completed: took over foreign resources from master2
  30.001 master2 info: Other node completed standby takeover of local resources.
  30.001 master1 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 holds nothing

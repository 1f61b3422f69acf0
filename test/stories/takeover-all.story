# hb_takeover all: the other node goes standby.
at 0s: start master1
at 0s: start master2
at 30s: takeover master1 all
from 30s
until 45s
----
  30.000 > takeover master1 all
  30.000 master2 info: master2 wants to go standby [all]
  30.000 master1 info: master2 wants to go standby [all]
  30.000 master1 * answer to takeover all: running: master2 gives up all resources
  30.001 master2 info: standby: master1 can take our all resources
  30.001 master2 info: give up all HA resources (standby).
  30.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  30.001 master2 * 10.0.0.202 off
  30.001 master2 info: all HA resource release completed (standby).
  30.001 master2 info: Local standby process completed [all].
  30.001 master1 info: standby: acquire [all] resources from master2
  30.001 master1 info: acquire all HA resources (standby).
  30.001 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  30.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  30.001 master1 * 10.0.0.202 on
  30.001 master1 info: all HA resource acquisition completed (standby).
  30.001 master1 info: Standby resource acquisition done [all].
  30.001 master1 * answer to takeover all: completed: took over all resources from master2
  30.001 master2 info: Other node completed standby takeover of all resources.
  30.001 master1 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 holds nothing

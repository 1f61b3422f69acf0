# Hand-overs between living nodes wait for no witness: it is down all the time.
ha.cf arbiter witness 172.30.107.9
at 0s: start master1
at 0s: start master2
from 59s
at 55s: arbiter down
at 60s: standby master1 all
at 65s: takeover master1 local
until 70s
----
  60.000 > standby master1 all
  60.000 master1 info: master1 wants to go standby [all]
  60.000 master2 info: master1 wants to go standby [all]
  60.000 master1 info: standby: master2 can take our all resources
  60.000 master1 * answer to standby all: running: master2 can take all resources
  60.000 master1 info: give up all HA resources (standby).
  60.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  60.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  60.000 master1 * 10.0.0.201 off
  60.000 master1 info: all HA resource release completed (standby).
  60.000 master1 info: Local standby process completed [all].
  60.000 master2 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  60.001 master2 info: standby: acquire [all] resources from master1
  60.001 master2 info: acquire all HA resources (standby).
  60.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  60.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  60.001 master2 * 10.0.0.201 on
  60.001 master2 info: all HA resource acquisition completed (standby).
  60.001 master2 info: Standby resource acquisition done [all].
  60.001 master1 info: Other node completed standby takeover of all resources.
  60.001 master1 * answer to standby all: completed: master2 has taken over all resources
  60.001 master2 info: remote resource transition completed.
  65.000 > takeover master1 local
  65.000 master2 info: master2 wants to go standby [foreign]
  65.000 master1 info: master2 wants to go standby [foreign]
  65.000 master1 * answer to takeover local: running: master2 gives up foreign resources
  65.001 master2 info: standby: master1 can take our foreign resources
  65.001 master2 info: give up foreign HA resources (standby).
  65.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  65.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  65.001 master2 * 10.0.0.201 off
  65.001 master2 info: foreign HA resource release completed (standby).
  65.001 master2 info: Local standby process completed [foreign].
  65.001 master1 info: standby: acquire [foreign] resources from master2
  65.001 master1 info: acquire local HA resources (standby).
  65.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  65.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  65.001 master1 * 10.0.0.201 on
  65.001 master1 info: local HA resource acquisition completed (standby).
  65.001 master1 info: Standby resource acquisition done [foreign].
  65.001 master1 * answer to takeover local: completed: took over local resources from master2
  65.001 master2 info: Other node completed standby takeover of foreign resources.
  65.001 master1 info: remote resource transition completed.
  70.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# The machine stands still for longer than deadtime: it withdraws its address before anything else and blames nobody.
at 0s: start master1
at 0s: start master2
at 30.2s: freeze master1
at 38.2s: thaw master1
from 30s
until 55s
----
  30.200 > freeze master1
  35.001 master2 info: Link master1:ens33 dead.
  35.001 master2 WARN: node master1: is dead
  35.001 master2 info: Resources being acquired from master1.
  35.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.001 master2 * 10.0.0.201 on
  35.001 master2 mach_down: info: mach_down takeover complete for node master1.
  35.001 master2 info: mach_down takeover complete.
  38.200 > thaw master1
  38.200 master1 WARN: This node was not scheduled for 7200 ms: it judges nobody and proves again what it holds.
  38.200 master1 * 10.0.0.201 off
  38.200 master2 info: Link master1:ens33 up.
  38.200 master2 CRIT: Cluster node master1 returning after partition.
  38.200 master2 WARN: Deadtime value may be too small.
  38.200 master1 WARN: 11 lost packet(s) for [master2] [38:50]
  38.200 master1 WARN: master2 has 10.0.0.201/24/ens38 by now: releasing it here.
  38.200 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  38.200 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  38.201 master2 info: remote resource transition completed.
  38.201 master2 info: master2 wants to go standby [foreign]
  38.201 master1 info: master2 wants to go standby [foreign]
  38.201 master1 * guardian: WARN: The guardian was not scheduled for 8076 ms; it judges nobody by that silence
  38.201 master2 info: standby: master1 can take our foreign resources
  38.201 master2 info: give up foreign HA resources (standby).
  38.201 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  38.201 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  38.201 master2 * 10.0.0.201 off
  38.201 master2 info: foreign HA resource release completed (standby).
  38.201 master2 info: Local standby process completed [foreign].
  38.201 master1 info: standby: acquire [foreign] resources from master2
  38.201 master1 info: acquire local HA resources (standby).
  38.201 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  38.201 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  38.201 master1 * 10.0.0.201 on
  38.201 master1 info: local HA resource acquisition completed (standby).
  38.201 master1 info: Standby resource acquisition done [foreign].
  38.201 master2 info: Other node completed standby takeover of foreign resources.
  38.202 master1 info: remote resource transition completed.
  38.426 master1 info: No pkts missing from master2!
  55.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

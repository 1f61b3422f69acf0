# Everything of heartbeat stopped by SIGSTOP for two deadtimes: the kernel makes the host mute; on thaw it joins again and holds nothing it lost.
at 0s: start master1
at 0s: start master2
at 30s: sigstop-all master1
at 40s: sigcont-all master1
from 30s
until 55s
----
  30.000 > sigstop-all master1
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  34.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  34.001 master2 * 10.0.0.201 on
  34.001 master2 mach_down: info: mach_down takeover complete for node master1.
  34.001 master2 info: mach_down takeover complete.
  40.000 > sigcont-all master1
  40.000 master1 * guardian: WARN: The guardian was not scheduled for 10125 ms; it judges nobody by that silence
  40.000 master1 WARN: This node was not scheduled for 10000 ms: it judges nobody and proves again what it holds.
  40.000 master1 * 10.0.0.201 off
  40.000 master2 info: Link master1:ens33 up.
  40.000 master2 CRIT: Cluster node master1 returning after partition.
  40.000 master2 WARN: Deadtime value may be too small.
  40.000 master1 WARN: 13 lost packet(s) for [master2] [37:51]
  40.000 master1 WARN: master2 has 10.0.0.201/24/ens38 by now: releasing it here.
  40.000 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master2 info: remote resource transition completed.
  40.001 master2 info: master2 wants to go standby [foreign]
  40.001 master1 info: master2 wants to go standby [foreign]
  40.001 master2 info: standby: master1 can take our foreign resources
  40.001 master2 info: give up foreign HA resources (standby).
  40.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master2 * 10.0.0.201 off
  40.001 master2 info: foreign HA resource release completed (standby).
  40.001 master2 info: Local standby process completed [foreign].
  40.001 master1 info: standby: acquire [foreign] resources from master2
  40.001 master1 info: acquire local HA resources (standby).
  40.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  40.001 master1 * 10.0.0.201 on
  40.001 master1 info: local HA resource acquisition completed (standby).
  40.001 master1 info: Standby resource acquisition done [foreign].
  40.001 master2 info: Other node completed standby takeover of foreign resources.
  40.002 master1 info: remote resource transition completed.
  40.226 master1 info: No pkts missing from master2!
  55.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

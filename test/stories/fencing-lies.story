# A device that says it reset a node and did not: when that node is heard again, the lie is told, and one of the two gives way.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
at 1s: fencer master1 lie 500
at 1s: fencer master2 lie 500
from 59s
at 60s: cut master1
at 75s: heal master1
until 85s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Holding fire for 5213 ms before master1 is reset: if it lives and only the links are cut, it is its turn first.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resetting node master2 with [stonith null]
  64.501 master1 info: node master2 now reset.
  64.501 master1 info: Resources being acquired from master2.
  64.501 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  64.501 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  64.501 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  64.501 master1 * 10.0.0.202 on
  64.501 master1 mach_down: info: mach_down takeover complete for node master2.
  64.501 master1 info: mach_down takeover complete.
  69.214 master2 info: Resetting node master1 with [stonith null]
  69.714 master2 info: node master1 now reset.
  69.714 master2 info: Resources being acquired from master1.
  69.714 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  69.714 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  69.714 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  69.714 master2 * 10.0.0.201 on
  69.714 master2 mach_down: info: mach_down takeover complete for node master1.
  69.714 master2 info: mach_down takeover complete.
  75.000 > heal master1
  75.001 master1 info: Link master2:ens33 up.
  75.001 master1 CRIT: Cluster node master2 returning after partition.
  75.001 master1 CRIT: master2 was reported as reset, but it has not been: test the fencing device.
  75.001 master1 WARN: 20 lost packet(s) for [master2] [67:88]
  75.001 master1 CRIT: Both machines own 10.0.0.201/24/ens38: master2 has the larger claim, releasing ours.
  75.001 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  75.001 master1 * 10.0.0.201 off
  75.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  75.001 master1 CRIT: Both machines own 10.0.0.202/24/ens38: ours is the larger claim, master2 must release.
  75.001 master2 info: Link master1:ens33 up.
  75.001 master2 CRIT: Cluster node master1 returning after partition.
  75.001 master2 CRIT: master1 was reported as reset, but it has not been: test the fencing device.
  75.001 master2 WARN: 20 lost packet(s) for [master1] [67:88]
  75.001 master2 CRIT: Both machines own 10.0.0.201/24/ens38: ours is the larger claim, master1 must release.
  75.001 master2 CRIT: Both machines own 10.0.0.202/24/ens38: master1 has the larger claim, releasing ours.
  75.001 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  75.001 master2 * 10.0.0.202 off
  75.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  75.001 master2 info: remote resource transition completed.
  75.001 master2 info: master2 wants to go standby [foreign]
  75.001 master1 info: remote resource transition completed.
  75.001 master1 info: master1 wants to go standby [foreign]
  75.001 master1 WARN: standby message [me] from master2 ignored: another hand-over is in progress.
  75.001 master2 info: Cancelling pending standby operation: master1 asked at the same moment
  75.001 master2 info: master1 wants to go standby [foreign]
  75.001 master1 info: standby: master2 can take our foreign resources
  75.001 master1 info: give up foreign HA resources (standby).
  75.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  75.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  75.001 master1 * 10.0.0.202 off
  75.001 master1 info: foreign HA resource release completed (standby).
  75.001 master1 info: Local standby process completed [foreign].
  75.001 master2 info: standby: acquire [foreign] resources from master1
  75.001 master2 info: acquire local HA resources (standby).
  75.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  75.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  75.001 master2 * 10.0.0.202 on
  75.001 master2 info: local HA resource acquisition completed (standby).
  75.001 master2 info: Standby resource acquisition done [foreign].
  75.002 master1 info: Other node completed standby takeover of foreign resources.
  75.002 master2 info: remote resource transition completed.
  75.002 master2 info: master2 wants to go standby [foreign]
  75.002 master1 info: master2 wants to go standby [foreign]
  75.002 master2 info: standby: master1 can take our foreign resources
  75.002 master2 info: give up foreign HA resources (standby).
  75.002 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  75.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  75.002 master2 * 10.0.0.201 off
  75.002 master2 info: foreign HA resource release completed (standby).
  75.002 master2 info: Local standby process completed [foreign].
  75.002 master1 info: standby: acquire [foreign] resources from master2
  75.002 master1 info: acquire local HA resources (standby).
  75.002 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  75.002 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  75.002 master1 * 10.0.0.201 on
  75.002 master1 info: local HA resource acquisition completed (standby).
  75.002 master1 info: Standby resource acquisition done [foreign].
  75.003 master2 info: Other node completed standby takeover of foreign resources.
  75.003 master1 info: remote resource transition completed.
  75.197 master1 info: No pkts missing from master2!
  75.236 master2 info: No pkts missing from master1!
  85.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# An address is deleted from its interface while the heartbeat link is cut: the peer finds it free and takes it, so its holder asks the service LAN before it puts it back.
ha.cf auto_failback off
group master1 10.0.0.201/24/ens38
at 0s: start master1
at 0s: start master2
at 30s: cut master1
at 34.1s: take-away master1 10.0.0.201
at 42s: heal master1
from 29.9s
until 50s
----
  30.000 > cut master1
  34.001 master1 info: Link master2:ens33 dead.
  34.001 master1 WARN: node master2: is dead
  34.001 master1 info: Resources being acquired from master2.
  34.001 master2 info: Link master1:ens33 dead.
  34.001 master2 WARN: node master1: is dead
  34.001 master2 info: Resources being acquired from master1.
  34.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  34.100 > take-away master1 10.0.0.201
  34.100 master1 * 10.0.0.201 off
  35.000 master1 WARN: An address of 10.0.0.201/24/ens38 was taken from its interface by somebody else, and master2, which is not heard, may have it meanwhile: it is put back when nobody answers for it.
  37.376 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  37.376 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  37.376 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  37.376 master2 * 10.0.0.201 on
  37.376 master2 mach_down: info: mach_down takeover complete for node master1.
  37.376 master2 info: mach_down takeover complete.
  40.000 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.201/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  42.000 > heal master1
  42.001 master1 info: Link master2:ens33 up.
  42.001 master1 CRIT: Cluster node master2 returning after partition.
  42.001 master1 WARN: Deadtime value may be too small.
  42.001 master1 WARN: 15 lost packet(s) for [master2] [36:52]
  42.001 master1 WARN: master2 has 10.0.0.201/24/ens38 by now: releasing it here.
  42.001 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  42.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  42.001 master2 info: Link master1:ens33 up.
  42.001 master2 CRIT: Cluster node master1 returning after partition.
  42.001 master2 WARN: Deadtime value may be too small.
  42.001 master2 WARN: 13 lost packet(s) for [master1] [37:51]
  42.001 master2 info: remote resource transition completed.
  42.080 master1 info: remote resource transition completed.
  42.197 master1 info: No pkts missing from master2!
  42.236 master2 info: No pkts missing from master1!
  50.000 in the end: master1 holds nothing; master2 holds 10.0.0.201

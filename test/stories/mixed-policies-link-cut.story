# One group needs a lease, another is taken on silence. The link is cut and the witness is lost: the holder gives up the first, and the second, whose address
# answers, stays where it is.
ha.cf keepalive 1
ha.cf deadtime 3
ha.cf warntime 2400ms
ha.cf initdead 6
ha.cf cluster shop
ha.cf arbiter witness 172.30.107.9
ha.cf takeover_policy takeover-on-silence 10.0.0.202/24/ens38
group master1 10.0.0.201/24/ens38
group master1 10.0.0.202/24/ens38
at 0s: start master1
at 0s: start master2
at 30.1s: arbiter down
at 30.2s: cut master1
at 40s: heal master1
at 41s: arbiter up
from 30s
until 60s
----
  30.100 > arbiter down
  30.200 > cut master1
  32.989 master1 CRIT: Giving up 10.0.0.201/24/ens38: its lease has run out, and no peer confirms to hear this node: another node may take it.
  32.989 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  32.989 master1 * 10.0.0.201 off
  32.989 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  33.001 master2 info: Link master1:ens33 dead.
  33.001 master2 WARN: node master1: is dead
  33.001 master2 info: Resources being acquired from master1.
  33.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.202/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  33.001 master1 info: Link master2:ens33 dead.
  33.001 master1 WARN: node master2: is dead
  33.001 master1 info: Resources being acquired from master2.
  36.001 master2 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  36.001 master1 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  40.000 > heal master1
  40.001 master2 info: Link master1:ens33 up.
  40.001 master2 CRIT: Cluster node master1 returning after partition.
  40.001 master2 WARN: Deadtime value may be too small.
  40.001 master2 WARN: 11 lost packet(s) for [master1] [40:52]
  40.001 master1 info: Link master2:ens33 up.
  40.001 master1 CRIT: Cluster node master2 returning after partition.
  40.001 master1 WARN: Deadtime value may be too small.
  40.001 master1 WARN: 9 lost packet(s) for [master2] [37:47]
  40.080 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  40.080 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  40.080 master1 * 10.0.0.201 on
  40.204 master1 info: No pkts missing from master2!
  40.236 master2 info: No pkts missing from master1!
  41.000 > arbiter up
  41.402 master1 info: The arbiter answers again.
  60.000 in the end: master1 holds 10.0.0.202 10.0.0.201; master2 holds nothing

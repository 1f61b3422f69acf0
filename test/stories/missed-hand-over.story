# One of three nodes is cut off for a moment and misses a hand-over between the two others. When it hears the giver before the heir it takes nothing: what the heir said before is out of date.
nodes n1 n2 n3
ha.cf auto_failback off
group n1 10.0.0.1/24/ens38
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 20s: standby n1 all
at 30.1s: cut n1
at 30.5s: takeover n3 all
at 31.1s: heal n1-n2
at 32.5s: heal n1-n3
from 29s
until 40s
----
  30.100 > cut n1
  30.500 > takeover n3 all
  30.500 n2 info: n2 wants to go standby [all]
  30.500 n3 info: n2 wants to go standby [all]
  30.500 n3 * answer to takeover all: running: n2 gives up all resources
  30.501 n2 info: standby: n3 can take our all resources
  30.501 n2 info: give up all HA resources (standby).
  30.501 n2 ResourceManager: info: Releasing resource group: n1 10.0.0.1/24/ens38
  30.501 n2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/ens38 stop
  30.501 n2 * 10.0.0.1 off
  30.501 n2 info: all HA resource release completed (standby).
  30.501 n2 info: Local standby process completed [all].
  30.501 n3 info: standby: acquire [all] resources from n2
  30.501 n3 info: acquire all HA resources (standby).
  30.501 n3 ResourceManager: info: Acquiring resource group: n1 10.0.0.1/24/ens38
  30.501 n3 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/ens38 start
  30.501 n3 * 10.0.0.1 on
  30.501 n3 info: all HA resource acquisition completed (standby).
  30.501 n3 info: Standby resource acquisition done [all].
  30.501 n3 * answer to takeover all: completed: took over all resources from n2
  30.501 n2 info: Other node completed standby takeover of all resources.
  30.501 n3 info: remote resource transition completed.
  31.100 > heal n1-n2
  32.001 n2 WARN: 1 lost packet(s) for [n1] [48:50]
  32.001 n1 WARN: 8 lost packet(s) for [n2] [46:55]
  32.145 n2 info: No pkts missing from n1!
  32.193 n1 info: remote resource transition completed.
  32.220 n1 info: No pkts missing from n2!
  32.500 > heal n1-n3
  32.501 n3 WARN: 2 lost packet(s) for [n1] [48:51]
  32.726 n3 info: No pkts missing from n1!
  33.001 n1 WARN: 7 lost packet(s) for [n3] [41:49]
  33.242 n1 info: No pkts missing from n3!
  40.000 in the end: n1 holds nothing; n2 holds nothing; n3 holds 10.0.0.1

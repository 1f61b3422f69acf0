# A node that was cut off comes back while its substitute is stopping: its next hand-over is news to everybody, whatever terms they saw.
nodes n1 n2 n3
ha.cf auto_failback off
group n1 10.0.0.201/24/ens38 svc
at 0s: script n2 svc stop work 3000
at 0s: start n1
at 0s: start n2
at 0s: start n3
at 20.2s: cut n1
at 40.2s: stop n2
at 40.5s: heal n1
at 50.2s: start n2
at 60.2s: standby n1 all
from 60s
until 80s
----
  60.200 > standby n1 all
  60.200 n1 info: n1 wants to go standby [all]
  60.200 n2 info: n1 wants to go standby [all]
  60.200 n1 info: standby: n2 can take our all resources
  60.200 n1 * answer to standby all: running: n2 can take all resources
  60.200 n1 info: give up all HA resources (standby).
  60.200 n1 ResourceManager: info: Releasing resource group: n1 10.0.0.201/24/ens38 svc
  60.200 n1 * svc stop
  60.300 n1 * svc stop done
  60.300 n1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  60.300 n1 * 10.0.0.201 off
  60.300 n1 info: all HA resource release completed (standby).
  60.300 n1 info: Local standby process completed [all].
  60.301 n2 info: standby: acquire [all] resources from n1
  60.301 n2 info: acquire all HA resources (standby).
  60.301 n2 ResourceManager: info: Acquiring resource group: n1 10.0.0.201/24/ens38 svc
  60.301 n2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  60.301 n2 * 10.0.0.201 on
  60.321 n2 * svc start
  60.421 n2 * svc start done
  60.421 n2 info: all HA resource acquisition completed (standby).
  60.421 n2 info: Standby resource acquisition done [all].
  60.421 n1 info: Other node completed standby takeover of all resources.
  60.421 n1 * answer to standby all: completed: n2 has taken over all resources
  60.421 n2 info: remote resource transition completed.
  60.421 n3 info: remote resource transition completed.
  80.000 in the end: n1 holds nothing; n2 holds 10.0.0.201 svc; n3 holds nothing

# ipfail: a late joiner with auto_failback on gets its own group in one movement, and none follows (weaknesses.md B5).
ha.cf respawn hacluster /usr/lib/heartbeat/ipfail
at 0s: start master1
at 30s: start master2
from 30s
until 60s
----
  30.000 > start master2
  30.000 master2 * daemon starts (generation 1)
  30.000 master2 info: Local status now set to: 'up'
  30.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
  30.000 master2 info: Status update for node 172.30.104.254: status ping
  30.000 master2 info: Link master1:ens33 up.
  30.000 master2 info: Status update for node master1: status active
  30.000 master2 info: Comm_now_up(): updating status to active
  30.000 master2 info: Local status now set to: 'active'
  30.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  30.000 master2 info: Local Resource acquisition completed.
  30.000 master1 info: Link master2:ens33 up.
  30.000 master1 info: Status update for node master2: status up
  30.001 master1 info: remote resource transition completed.
  30.001 master1 info: Status update for node master2: status active
  30.001 master1 info: master1 wants to go standby [foreign]
  30.001 master2 info: remote resource transition completed.
  30.001 master2 info: master1 wants to go standby [foreign]
  30.001 master1 info: standby: master2 can take our foreign resources
  30.001 master1 info: give up foreign HA resources (standby).
  30.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  30.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  30.001 master1 * 10.0.0.202 off
  30.001 master1 info: foreign HA resource release completed (standby).
  30.001 master1 info: Local standby process completed [foreign].
  30.001 master2 info: standby: acquire [foreign] resources from master1
  30.001 master2 info: acquire local HA resources (standby).
  30.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  30.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  30.001 master2 * 10.0.0.202 on
  30.001 master2 info: local HA resource acquisition completed (standby).
  30.001 master2 info: Standby resource acquisition done [foreign].
  30.001 master1 info: Other node completed standby takeover of foreign resources.
  30.002 master2 info: remote resource transition completed.
  60.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

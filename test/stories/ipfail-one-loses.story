# ipfail: the ping node is lost on one node only; everything moves to the other one, once, and comes home after it is back for twice deadping.
ha.cf deadping 5
ha.cf respawn hacluster /usr/lib/heartbeat/ipfail
at 0s: start master1
at 0s: start master2
at 30s: cut-ping master1
at 60s: heal-ping master1
from 30s
until 90s
----
  30.000 > cut-ping master1
  34.000 master1 WARN: node 172.30.104.254: is dead
  34.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  34.000 master1 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  34.000 master1 ipfail: info: NS: We are dead. :<
  34.000 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  34.000 master1 ipfail: info: We are dead. :<
  34.000 master1 ipfail: info: Giving up because we have less visible ping nodes.
  34.000 master1 ipfail: info: Delayed giveup in 1 seconds.
  34.001 master2 ipfail: info: Telling other node that we have more visible ping nodes.
  35.250 master1 ipfail: info: giveup() called (timeout worked)
  35.250 master1 info: master1 wants to go standby [all]
  35.251 master2 info: master1 wants to go standby [all]
  35.251 master1 info: standby: master2 can take our all resources
  35.251 master1 info: give up all HA resources (standby).
  35.251 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  35.251 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  35.251 master1 * 10.0.0.201 off
  35.251 master1 info: all HA resource release completed (standby).
  35.251 master1 info: Local standby process completed [all].
  35.251 master2 info: standby: acquire [all] resources from master1
  35.251 master2 info: acquire all HA resources (standby).
  35.251 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  35.251 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  35.251 master2 * 10.0.0.201 on
  35.251 master2 info: all HA resource acquisition completed (standby).
  35.251 master2 info: Standby resource acquisition done [all].
  35.251 master1 info: Other node completed standby takeover of all resources.
  35.251 master2 info: remote resource transition completed.
  60.000 > heal-ping master1
  61.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  61.000 master1 info: Status update for node 172.30.104.254: status ping
  61.000 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status up
  61.000 master1 ipfail: info: Status update: Node 172.30.104.254 now has status ping
  61.000 master1 ipfail: info: A ping node just came up.
  61.000 master1 ipfail: info: Ping node count is balanced.
  61.001 master2 ipfail: info: Ping node count is balanced.
  71.001 master2 info: master2 wants to go standby [foreign]
  71.001 master1 info: master2 wants to go standby [foreign]
  71.001 master2 info: standby: master1 can take our foreign resources
  71.001 master2 info: give up foreign HA resources (standby).
  71.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  71.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  71.001 master2 * 10.0.0.201 off
  71.001 master2 info: foreign HA resource release completed (standby).
  71.001 master2 info: Local standby process completed [foreign].
  71.001 master1 info: standby: acquire [foreign] resources from master2
  71.001 master1 info: acquire local HA resources (standby).
  71.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  71.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  71.001 master1 * 10.0.0.201 on
  71.001 master1 info: local HA resource acquisition completed (standby).
  71.001 master1 info: Standby resource acquisition done [foreign].
  71.001 master2 info: Other node completed standby takeover of foreign resources.
  71.002 master1 info: remote resource transition completed.
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

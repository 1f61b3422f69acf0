# ipfail: the second node loses the ping node while the first one is giving up: the groups stay where they are then.
ha.cf deadping 5
ha.cf respawn hacluster /usr/lib/heartbeat/ipfail
at 0s: start master1
at 0s: start master2
at 30.2s: cut-ping master1
at 31.2s: cut-ping master2
at 60s: heal-ping master2
from 30s
until 80s
----
  30.200 > cut-ping master1
  31.200 > cut-ping master2
  35.000 master1 WARN: node 172.30.104.254: is dead
  35.000 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  35.000 master1 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  35.000 master1 ipfail: info: NS: We are dead. :<
  35.000 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  35.000 master1 ipfail: info: We are dead. :<
  35.000 master1 ipfail: info: Giving up because we have less visible ping nodes.
  35.000 master1 ipfail: info: Delayed giveup in 1 seconds.
  35.001 master2 ipfail: info: Telling other node that we have more visible ping nodes.
  36.000 master2 WARN: node 172.30.104.254: is dead
  36.000 master2 info: Link 172.30.104.254:172.30.104.254 dead.
  36.000 master2 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  36.000 master2 ipfail: info: NS: We are dead. :<
  36.000 master2 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  36.000 master2 ipfail: info: We are dead. :<
  36.000 master2 ipfail: info: Ping node count is balanced.
  36.001 master1 ipfail: info: Ping node count is balanced.
  36.001 master1 ipfail: info: Aborted delayed giveup (1)
  60.000 > heal-ping master2
  61.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
  61.000 master2 info: Status update for node 172.30.104.254: status ping
  61.000 master2 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status up
  61.000 master2 ipfail: info: Status update: Node 172.30.104.254 now has status ping
  61.000 master2 ipfail: info: A ping node just came up.
  61.000 master2 ipfail: info: Telling other node that we have more visible ping nodes.
  61.001 master1 ipfail: info: Giving up because we have less visible ping nodes.
  61.001 master1 ipfail: info: Delayed giveup in 1 seconds.
  62.251 master1 ipfail: info: giveup() called (timeout worked)
  62.251 master1 info: master1 wants to go standby [all]
  62.251 master2 info: master1 wants to go standby [all]
  62.251 master1 info: standby: master2 can take our all resources
  62.251 master1 info: give up all HA resources (standby).
  62.251 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  62.251 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  62.251 master1 * 10.0.0.201 off
  62.251 master1 info: all HA resource release completed (standby).
  62.251 master1 info: Local standby process completed [all].
  62.251 master2 info: standby: acquire [all] resources from master1
  62.251 master2 info: acquire all HA resources (standby).
  62.251 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  62.251 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  62.251 master2 * 10.0.0.201 on
  62.251 master2 info: all HA resource acquisition completed (standby).
  62.251 master2 info: Standby resource acquisition done [all].
  62.251 master1 info: Other node completed standby takeover of all resources.
  62.252 master2 info: remote resource transition completed.
  80.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

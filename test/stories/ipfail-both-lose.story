# ipfail: a ping node that dies is missed by both within a keepalive; nothing moves, nor when it comes back.
ha.cf deadping 5
ha.cf respawn hacluster /usr/lib/heartbeat/ipfail
at 0s: start master1
at 0.7s: start master2
at 30s: cut-ping everybody
at 60s: heal-ping everybody
from 30s
until 90s
----
  30.000 > cut-ping everybody
  34.700 master2 WARN: node 172.30.104.254: is dead
  34.700 master2 info: Link 172.30.104.254:172.30.104.254 dead.
  34.700 master2 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  34.700 master2 ipfail: info: NS: We are dead. :<
  34.700 master2 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  34.700 master2 ipfail: info: We are dead. :<
  34.700 master2 ipfail: info: Giving up because we have less visible ping nodes.
  34.700 master2 ipfail: info: Delayed giveup in 1 seconds.
  34.701 master1 WARN: node 172.30.104.254: is dead
  34.701 master1 info: Link 172.30.104.254:172.30.104.254 dead.
  34.701 master1 ipfail: info: Status update: Node 172.30.104.254 now has status dead
  34.701 master1 ipfail: info: NS: We are dead. :<
  34.701 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status dead
  34.701 master1 ipfail: info: We are dead. :<
  34.701 master2 ipfail: info: Ping node count is balanced.
  34.701 master2 ipfail: info: Aborted delayed giveup (1)
  60.000 > heal-ping everybody
  60.701 master2 info: Link 172.30.104.254:172.30.104.254 up.
  60.701 master2 info: Status update for node 172.30.104.254: status ping
  60.701 master2 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status up
  60.701 master2 ipfail: info: Status update: Node 172.30.104.254 now has status ping
  60.701 master2 ipfail: info: A ping node just came up.
  60.701 master2 ipfail: info: Telling other node that we have more visible ping nodes.
  60.701 master1 info: Link 172.30.104.254:172.30.104.254 up.
  60.701 master1 info: Status update for node 172.30.104.254: status ping
  60.701 master1 ipfail: info: Link Status update: Link 172.30.104.254/172.30.104.254 now has status up
  60.701 master1 ipfail: info: Status update: Node 172.30.104.254 now has status ping
  60.701 master1 ipfail: info: A ping node just came up.
  60.701 master1 ipfail: info: Telling other node that we have more visible ping nodes.
  60.701 master1 ipfail: info: Ping node count is balanced.
  60.701 master2 ipfail: info: Ping node count is balanced.
  90.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# A stop during the start does not wait for a peer that was never heard (weaknesses.md D8).
at 0s: start master1
at 3s: stop master1
until 10s
----
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   1.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
   1.000 master1 info: Status update for node 172.30.104.254: status ping
   3.000 > stop master1
   3.000 master1 info: Heartbeat shutdown in progress. (1001)
   3.000 master1 info: Giving up all HA resources.
   3.000 master1 info: All HA resources relinquished.
   3.000 master1 info: master1 Heartbeat shutdown complete.
   3.018 master1 * heartbeat has ended
  10.000 in the end: master1 holds nothing; master2 is off

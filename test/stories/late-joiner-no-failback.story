# A late joiner gets nothing with auto_failback off; nothing moves.
ha.cf auto_failback off
at 0s: start master1
at 30s: start master2
from 29s
until 45s
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
  30.001 master2 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 holds nothing

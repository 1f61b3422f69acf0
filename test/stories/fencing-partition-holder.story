# Every link is cut and both nodes live: who holds more shoots first, wherever it stands in ha.cf.
ha.cf stonith_host * null master1 master2
ha.cf auto_failback off
at 0s: start master1
at 0s: start master2
at 40s: standby master1 all
from 59s
at 60s: cut master1
at 69s: heal master1
until 100s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resetting node master1 with [stonith null]
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Holding fire for 5712 ms before master2 is reset: if it lives and only the links are cut, it is its turn first.
  65.001 master1 * reset
  65.001 master1 * power lost
  65.001 master2 info: node master1 now reset.
  65.001 master2 info: Resources being acquired from master1.
  67.001 master1 * daemon starts (generation 2)
  67.001 master1 info: Local status now set to: 'up'
  68.001 master1 info: Link 172.30.104.254:172.30.104.254 up.
  68.001 master1 info: Status update for node 172.30.104.254: status ping
  69.000 > heal master1
  69.001 master2 info: Heartbeat restart on node master1
  69.001 master2 info: Link master1:ens33 up.
  69.001 master2 info: Status update for node master1: status up
  69.001 master1 info: Link master2:ens33 up.
  69.001 master1 info: Status update for node master2: status active
  69.001 master1 info: Comm_now_up(): updating status to active
  69.001 master1 info: Local status now set to: 'active'
  69.001 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  69.001 master1 info: Local Resource acquisition completed.
  69.001 master2 info: remote resource transition completed.
  69.001 master2 info: Status update for node master1: status active
  69.001 master1 info: remote resource transition completed.
 100.000 in the end: master1 holds nothing; master2 holds 10.0.0.202 10.0.0.201

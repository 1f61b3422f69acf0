# Power loss and a very quick return, within deadtime: the former incarnation is void, its group is started again at once.
at 0s: start master1
at 0s: start master2
at 30.3s: power-off master1
at 32s: start master1
from 30s
until 45s
----
  30.300 > power-off master1
  30.300 master1 * power lost
  32.000 > start master1
  32.000 master1 * daemon starts (generation 2)
  32.000 master1 info: Local status now set to: 'up'
  32.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  32.000 master1 info: Status update for node 172.30.104.254: status ping
  32.000 master1 info: Link master2:ens33 up.
  32.000 master1 info: Status update for node master2: status active
  32.000 master1 info: Comm_now_up(): updating status to active
  32.000 master1 info: Local status now set to: 'active'
  32.000 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
  32.000 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  32.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  32.000 master1 * 10.0.0.201 on
  32.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  32.000 master1 info: Local Resource acquisition completed.
  32.001 master2 info: Heartbeat restart on node master1
  32.001 master2 info: remote resource transition completed.
  32.001 master2 info: Status update for node master1: status active
  32.001 master1 info: remote resource transition completed.
  45.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

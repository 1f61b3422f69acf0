# Both nodes start together: each takes its own group as soon as both have heard each other, without any fixed wait.
at 0s: start master1
at 0.5s: start master2
until 10s
----
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   0.500 > start master2
   0.500 master2 * daemon starts (generation 1)
   0.500 master2 info: Local status now set to: 'up'
   0.500 master1 info: Link 172.30.104.254:172.30.104.254 up.
   0.500 master1 info: Status update for node 172.30.104.254: status ping
   0.500 master2 info: Link 172.30.104.254:172.30.104.254 up.
   0.500 master2 info: Status update for node 172.30.104.254: status ping
   0.500 master2 info: Link master1:ens33 up.
   0.500 master2 info: Status update for node master1: status up
   0.500 master2 info: Comm_now_up(): updating status to active
   0.500 master2 info: Local status now set to: 'active'
   0.500 master2 ip-request-resp: info: received ip-request-resp 10.0.0.202/24/ens38 OK yes
   0.500 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
   0.500 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
   0.500 master2 * 10.0.0.202 on
   0.500 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
   0.500 master2 info: Local Resource acquisition completed.
   0.501 master1 info: Link master2:ens33 up.
   0.501 master1 info: Comm_now_up(): updating status to active
   0.501 master1 info: Local status now set to: 'active'
   0.501 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
   0.501 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
   0.501 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
   0.501 master1 * 10.0.0.201 on
   0.501 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
   0.501 master1 info: Local Resource acquisition completed.
   0.501 master1 info: remote resource transition completed.
   0.501 master1 info: Status update for node master2: status active
   0.501 master2 info: remote resource transition completed.
   0.501 master2 info: Status update for node master1: status active
  10.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# A start that fails moves the group to the other node at once.
group master1 10.0.0.201/24/ens38 nginx
at 0s: script master1 nginx start fail
at 0s: start master1
at 0s: start master2
until 20s
----
   0.000 > script master1 nginx start fail
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   0.000 > start master2
   0.000 master2 * daemon starts (generation 1)
   0.000 master2 info: Local status now set to: 'up'
   0.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
   0.000 master1 info: Status update for node 172.30.104.254: status ping
   0.000 master1 info: Link master2:ens33 up.
   0.000 master1 info: Status update for node master2: status up
   0.000 master1 info: Comm_now_up(): updating status to active
   0.000 master1 info: Local status now set to: 'active'
   0.000 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
   0.000 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
   0.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
   0.000 master1 * 10.0.0.201 on
   0.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
   0.000 master2 info: Status update for node 172.30.104.254: status ping
   0.000 master2 info: Link master1:ens33 up.
   0.000 master2 info: Status update for node master1: status up
   0.000 master2 info: Comm_now_up(): updating status to active
   0.000 master2 info: Local status now set to: 'active'
   0.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
   0.000 master2 info: Local Resource acquisition completed. (none)
   0.001 master2 info: remote resource transition completed.
   0.001 master2 info: Status update for node master1: status active
   0.001 master1 info: remote resource transition completed.
   0.001 master1 info: Status update for node master2: status active
   0.020 master1 * nginx start
   0.120 master1 * nginx start failed
   0.120 master1 ResourceManager: ERROR: Return code 1 from nginx start
   0.120 master1 ResourceManager: CRIT: Giving up resources due to failure of nginx
   0.120 master1 * nginx stop
   0.220 master1 * nginx stop done
   0.220 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
   0.220 master1 * 10.0.0.201 off
   0.220 master1 info: Resource group 10.0.0.201/24/ens38 failed here: master2 may take it.
   0.220 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
   0.220 master1 info: Local Resource acquisition completed.
   0.221 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
   0.221 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
   0.221 master2 * 10.0.0.201 on
   0.241 master2 * nginx start
   0.341 master2 * nginx start done
  20.000 in the end: master1 holds nothing; master2 holds 10.0.0.201 nginx

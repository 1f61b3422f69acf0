# Without fencing an operator's word counts too: for a node that was never heard, the rest of initdead is not waited for. A living node is not dead, whoever says so.
at 0s: start master1
at 3s: confirm master1 master2
at 10s: start master2
at 20s: confirm master1 master2
until 25s
----
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   1.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
   1.000 master1 info: Status update for node 172.30.104.254: status ping
   3.000 > confirm master1 master2
   3.000 master1 WARN: node master2: confirmed dead by root (uid 0); its resources may be taken.
   3.000 master1 * answer to confirm master2 dead: completed: master2 counts as down; what it held may be taken
   3.000 master1 info: Comm_now_up(): updating status to active
   3.000 master1 info: Local status now set to: 'active'
   3.000 master1 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
   3.000 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
   3.000 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
   3.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
   3.000 master1 * 10.0.0.201 on
   3.000 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
   3.000 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
   3.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
   3.000 master1 * 10.0.0.202 on
   3.000 master1 mach_down: info: mach_down takeover complete for node master2.
   3.000 master1 info: mach_down takeover complete.
   3.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
   3.000 master1 info: Local Resource acquisition completed.
  10.000 > start master2
  10.000 master2 * daemon starts (generation 1)
  10.000 master2 info: Local status now set to: 'up'
  10.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
  10.000 master2 info: Status update for node 172.30.104.254: status ping
  10.000 master2 info: Link master1:ens33 up.
  10.000 master2 info: Status update for node master1: status active
  10.000 master2 info: Comm_now_up(): updating status to active
  10.000 master2 info: Local status now set to: 'active'
  10.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  10.000 master2 info: Local Resource acquisition completed.
  10.000 master1 info: Link master2:ens33 up.
  10.000 master1 info: Status update for node master2: status up
  10.001 master1 info: remote resource transition completed.
  10.001 master1 info: Status update for node master2: status active
  10.001 master1 info: master1 wants to go standby [foreign]
  10.001 master2 info: remote resource transition completed.
  10.001 master2 info: master1 wants to go standby [foreign]
  10.001 master1 info: standby: master2 can take our foreign resources
  10.001 master1 info: give up foreign HA resources (standby).
  10.001 master1 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  10.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  10.001 master1 * 10.0.0.202 off
  10.001 master1 info: foreign HA resource release completed (standby).
  10.001 master1 info: Local standby process completed [foreign].
  10.001 master2 info: standby: acquire [foreign] resources from master1
  10.001 master2 info: acquire local HA resources (standby).
  10.001 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  10.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  10.001 master2 * 10.0.0.202 on
  10.001 master2 info: local HA resource acquisition completed (standby).
  10.001 master2 info: Standby resource acquisition done [foreign].
  10.001 master1 info: Other node completed standby takeover of foreign resources.
  10.002 master2 info: remote resource transition completed.
  20.000 > confirm master1 master2
  20.000 master1 * answer to confirm master2 dead: refused: master2 is not dead: it was heard 1.0 s ago
  25.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

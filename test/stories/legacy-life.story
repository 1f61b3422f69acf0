# auto_failback legacy: both start and take their own at once; a crash; the owner returns and asks for its group (ip-request); a clean stop.
ha.cf auto_failback legacy
at 0s: start master1
at 0.5s: start master2
at 20s: power-off master1
at 40s: start master1
at 50s: stop master2
until 60s
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
   0.500 master2 info: Initial resource acquisition complete (req_our_resources)
   0.500 master2 info: Local Resource acquisition completed.
   0.501 master1 info: Link master2:ens33 up.
   0.501 master1 info: Status update for node master2: status active
   0.501 master1 info: Comm_now_up(): updating status to active
   0.501 master1 info: Local status now set to: 'active'
   0.501 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
   0.501 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
   0.501 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
   0.501 master1 * 10.0.0.201 on
   0.501 master1 info: Initial resource acquisition complete (req_our_resources)
   0.501 master1 info: Local Resource acquisition completed.
   0.501 master2 info: Status update for node master1: status active
  20.000 > power-off master1
  20.000 master1 * power lost
  24.501 master2 info: Link master1:ens33 dead.
  24.501 master2 WARN: node master1: is dead
  24.501 master2 info: Resources being acquired from master1.
  24.501 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  24.501 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  24.501 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  24.501 master2 * 10.0.0.201 on
  24.501 master2 mach_down: info: mach_down takeover complete for node master1.
  24.501 master2 info: mach_down takeover complete.
  40.000 > start master1
  40.000 master1 * daemon starts (generation 2)
  40.000 master1 info: Local status now set to: 'up'
  40.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
  40.000 master1 info: Status update for node 172.30.104.254: status ping
  40.000 master1 info: Link master2:ens33 up.
  40.000 master1 info: Status update for node master2: status active
  40.000 master1 info: Comm_now_up(): updating status to active
  40.000 master1 info: Local status now set to: 'active'
  40.000 master1 info: Initial resource acquisition complete (req_our_resources)
  40.000 master1 info: Local Resource acquisition completed.
  40.001 master2 info: Heartbeat restart on node master1
  40.001 master2 info: Link master1:ens33 up.
  40.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38
  40.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  40.001 master2 * 10.0.0.201 off
  40.001 master2 info: Status update for node master1: status active
  40.001 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
  40.001 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  40.001 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  40.001 master1 * 10.0.0.201 on
  50.000 > stop master2
  50.000 master2 info: Heartbeat shutdown in progress. (1001)
  50.000 master2 info: Giving up all HA resources.
  50.000 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  50.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  50.000 master2 * 10.0.0.202 off
  50.000 master2 info: All HA resources relinquished.
  50.000 master1 info: Received shutdown notice from 'master2'.
  50.000 master1 info: Resources being acquired from master2.
  50.000 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  50.000 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  50.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  50.000 master1 * 10.0.0.202 on
  50.000 master1 mach_down: info: mach_down takeover complete for node master2.
  50.000 master1 info: mach_down takeover complete.
  50.000 master2 info: master2 Heartbeat shutdown complete.
  50.010 master2 * heartbeat has ended
  55.000 master1 info: Link master2:ens33 dead.
  60.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 holds nothing

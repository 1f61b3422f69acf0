# A node that starts alone waits initdead for the other one, then takes everything.
at 0s: start master1
until 20s
----
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   1.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
   1.000 master1 info: Status update for node 172.30.104.254: status ping
  10.000 master1 WARN: node master2: is dead
  10.000 master1 info: Comm_now_up(): updating status to active
  10.000 master1 info: Local status now set to: 'active'
  10.000 master1 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  10.000 master1 ip-request-resp: info: received ip-request-resp 10.0.0.201/24/ens38 OK yes
  10.000 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  10.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  10.000 master1 * 10.0.0.201 on
  10.000 master1 mach_down: info: mach_down takeover complete for node master2.
  10.000 master1 info: mach_down takeover complete.
  10.000 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  10.000 master1 info: Local Resource acquisition completed.
  10.625 master1 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  10.625 master1 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  10.625 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  10.625 master1 * 10.0.0.202 on
  10.625 master1 mach_down: info: mach_down takeover complete for node master2.
  10.625 master1 info: mach_down takeover complete.
  20.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 is off

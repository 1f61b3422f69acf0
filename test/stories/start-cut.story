# Both nodes start with the heartbeat link cut: each takes its own group, asks for a moment longer for the other one's, and finds that it answers.
at 0s: cut master1
at 0s: start master1
at 0s: start master2
from 0s
until 20s
----
   0.000 > cut master1
   0.000 > start master1
   0.000 master1 * daemon starts (generation 1)
   0.000 master1 info: Local status now set to: 'up'
   0.000 > start master2
   0.000 master2 * daemon starts (generation 1)
   0.000 master2 info: Local status now set to: 'up'
   1.000 master1 info: Link 172.30.104.254:172.30.104.254 up.
   1.000 master1 info: Status update for node 172.30.104.254: status ping
   1.000 master2 info: Link 172.30.104.254:172.30.104.254 up.
   1.000 master2 info: Status update for node 172.30.104.254: status ping
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
  10.000 master2 WARN: node master1: is dead
  10.000 master2 info: Comm_now_up(): updating status to active
  10.000 master2 info: Local status now set to: 'active'
  10.000 master2 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  10.000 master2 ip-request-resp: info: received ip-request-resp 10.0.0.202/24/ens38 OK yes
  10.000 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  10.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  10.000 master2 * 10.0.0.202 on
  10.000 master2 mach_down: info: mach_down takeover complete for node master1.
  10.000 master2 info: mach_down takeover complete.
  10.000 master2 info: Initial resource acquisition complete (T_RESOURCES(us))
  10.000 master2 info: Local Resource acquisition completed.
  10.020 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.202/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  10.020 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  20.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

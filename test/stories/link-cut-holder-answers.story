# The heartbeat link is cut, the service LAN is whole: the holder still answers there, so it is not dead and nothing is taken. When it really dies, it is.
at 0s: start master1
at 0s: start master2
from 59s
at 60s: cut master1
at 75s: power-off master1
until 90s
----
  60.000 > cut master1
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master2 CRIT: Heartbeat link lost: master1 is silent, but 10.0.0.201/24/ens38 answers at master1 on ens38: it is alive, nothing is taken over.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  64.001 master1 CRIT: Heartbeat link lost: master2 is silent, but 10.0.0.202/24/ens38 answers at master2 on ens38: it is alive, nothing is taken over.
  75.000 > power-off master1
  75.000 master1 * power lost
  78.001 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  78.001 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  78.001 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  78.001 master2 * 10.0.0.201 on
  78.001 master2 mach_down: info: mach_down takeover complete for node master1.
  78.001 master2 info: mach_down takeover complete.
  90.000 in the end: master1 is off; master2 holds 10.0.0.202 10.0.0.201

# takeover_policy manual: nothing of a silent node is taken before an operator vouches for its death.
ha.cf takeover_policy manual
at 0s: start master1
at 0s: start master2
from 59s
at 60s: power-off master1
at 75s: confirm master2 master1
until 80s
----
  60.000 > power-off master1
  60.000 master1 * power lost
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master2 CRIT: master1 is silent and 10.0.0.201/24/ens38 is not taken over (policy manual). When master1 is off: heartbeat confirm master1 dead
  75.000 > confirm master2 master1
  75.000 master2 WARN: node master1: confirmed dead by root (uid 0); its resources may be taken.
  75.000 master2 * answer to confirm master1 dead: completed: master1 counts as down; what it held may be taken
  75.000 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  75.000 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  75.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  75.000 master2 * 10.0.0.201 on
  75.000 master2 mach_down: info: mach_down takeover complete for node master1.
  75.000 master2 info: mach_down takeover complete.
  80.000 in the end: master1 is off; master2 holds 10.0.0.202 10.0.0.201

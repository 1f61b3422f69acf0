# takeover_policy … after: the takeover waits for as long after the alert.
ha.cf takeover_policy takeover-on-silence after 3
at 0s: start master1
at 0s: start master2
from 59s
at 60s: power-off master1
until 75s
----
  60.000 > power-off master1
  60.000 master1 * power lost
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  67.063 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  67.063 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  67.063 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  67.063 master2 * 10.0.0.201 on
  67.063 master2 mach_down: info: mach_down takeover complete for node master1.
  67.063 master2 info: mach_down takeover complete.
  75.000 in the end: master1 is off; master2 holds 10.0.0.202 10.0.0.201

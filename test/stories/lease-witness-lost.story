# The witness alone is lost: nothing happens but an alert. When the peer dies too, the survivor cannot know which of them is cut off, and gives up.
ha.cf arbiter witness 172.30.107.9
at 0s: start master1
at 0s: start master2
from 59s
at 60s: arbiter down
at 90s: power-off master1
at 100s: arbiter up
until 110s
----
  60.000 > arbiter down
  65.000 master2 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  65.000 master1 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  90.000 > power-off master1
  90.000 master1 * power lost
  92.985 master2 CRIT: Giving up 10.0.0.202/24/ens38: its lease has run out, and no peer confirms to hear this node: another node may take it.
  92.985 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  92.985 master2 * 10.0.0.202 off
  92.985 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  94.001 master2 info: Link master1:ens33 dead.
  94.001 master2 WARN: node master1: is dead
  94.001 master2 info: Resources being acquired from master1.
 100.000 > arbiter up
 100.002 master2 info: The arbiter answers again.
 100.002 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
 100.002 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
 100.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
 100.002 master2 * 10.0.0.201 on
 100.002 master2 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
 100.002 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
 100.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
 100.002 master2 * 10.0.0.202 on
 100.002 master2 mach_down: info: mach_down takeover complete for node master1.
 100.002 master2 info: mach_down takeover complete.
 110.000 in the end: master1 is off; master2 holds 10.0.0.201 10.0.0.202

# Witness and peer are lost. The operator knows that the peer is off and says so: the survivor needs no lease any more.
ha.cf arbiter witness 172.30.107.9
at 0s: start master1
at 0s: start master2
from 59s
at 60s: arbiter down
at 70s: power-off master1
at 80s: confirm master2 master1
until 85s
----
  60.000 > arbiter down
  65.000 master2 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  65.000 master1 CRIT: The arbiter does not answer: what is held here is held on while every peer confirms to hear this node; nothing can be taken from a silent node.
  70.000 > power-off master1
  70.000 master1 * power lost
  72.985 master2 CRIT: Giving up 10.0.0.202/24/ens38: its lease has run out, and no peer confirms to hear this node: another node may take it.
  72.985 master2 ResourceManager: info: Releasing resource group: master2 10.0.0.202/24/ens38
  72.985 master2 * 10.0.0.202 off
  72.985 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 stop
  74.001 master2 info: Link master1:ens33 dead.
  74.001 master2 WARN: node master1: is dead
  74.001 master2 info: Resources being acquired from master1.
  80.000 > confirm master2 master1
  80.000 master2 WARN: node master1: confirmed dead by root (uid 0); its resources may be taken.
  80.000 master2 * answer to confirm master1 dead: completed: master1 counts as down; what it held may be taken
  80.000 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  80.000 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  80.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.000 master2 * 10.0.0.201 on
  80.000 master2 mach_down: info: Taking over resource group 10.0.0.202/24/ens38
  80.000 master2 ResourceManager: info: Acquiring resource group: master2 10.0.0.202/24/ens38
  80.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.202/24/ens38 start
  80.000 master2 * 10.0.0.202 on
  80.000 master2 mach_down: info: mach_down takeover complete for node master1.
  80.000 master2 info: mach_down takeover complete.
  85.000 in the end: master1 is off; master2 holds 10.0.0.201 10.0.0.202

# No device can reset it: its groups stay where they are, until an operator vouches for its death.
ha.cf stonith_host * null master1 master2
at 0s: start master1
at 0s: start master2
at 1s: fencer master2 fail 200
from 59s
at 60s: power-off master1
at 62s: confirm master2 master1
at 90s: confirm master2 master1
until 100s
----
  60.000 > power-off master1
  60.000 master1 * power lost
  62.000 > confirm master2 master1
  62.000 master2 * answer to confirm master1 dead: refused: master1 is not dead: it was heard 3.0 s ago
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Holding fire for 5213 ms before master1 is reset: if it lives and only the links are cut, it is its turn first.
  69.214 master2 info: Resetting node master1 with [stonith null]
  69.414 master2 ERROR: Host master1 not reset!
  69.414 master2 ERROR: STONITH of master1 failed.  Retrying...
  69.414 master2 CRIT: master1 is silent and not fenced [stonith null]: the device refused. Nothing of it is taken over. When you have made sure that it is off: heartbeat confirm master1 dead
  74.414 master2 info: Resetting node master1 with [stonith null]
  74.614 master2 ERROR: Host master1 not reset!
  74.614 master2 ERROR: STONITH of master1 failed.  Retrying...
  79.614 master2 info: Resetting node master1 with [stonith null]
  79.814 master2 ERROR: Host master1 not reset!
  79.814 master2 ERROR: STONITH of master1 failed.  Retrying...
  84.814 master2 info: Resetting node master1 with [stonith null]
  85.014 master2 ERROR: Host master1 not reset!
  85.014 master2 ERROR: STONITH of master1 failed.  Retrying...
  90.000 > confirm master2 master1
  90.000 master2 info: The fencing of master1 is abandoned.
  90.000 master2 WARN: node master1: confirmed dead by root (uid 0); its resources may be taken.
  90.000 master2 * answer to confirm master1 dead: completed: master1 counts as down; what it held may be taken
  90.000 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  90.000 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38
  90.000 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  90.000 master2 * 10.0.0.201 on
  90.000 master2 mach_down: info: mach_down takeover complete for node master1.
  90.000 master2 info: mach_down takeover complete.
 100.000 in the end: master1 is off; master2 holds 10.0.0.202 10.0.0.201

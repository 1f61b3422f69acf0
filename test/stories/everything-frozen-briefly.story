# Everything stopped for four fifths of deadtime: the host is mute for a moment, nobody has taken anything, and it answers again.
at 0s: start master1
at 0s: start master2
at 30s: sigstop-all master1
at 33.5s: sigcont-all master1
from 30s
until 45s
----
  30.000 > sigstop-all master1
  33.500 > sigcont-all master1
  33.500 master1 * guardian: WARN: The guardian was not scheduled for 3625 ms; it judges nobody by that silence
  33.500 master1 WARN: This node was not scheduled for 3500 ms: it judges nobody and proves again what it holds.
  33.500 master1 * 10.0.0.201 off
  33.500 master2 WARN: Late heartbeat: Node master1: interval 4500 ms
  33.500 master1 WARN: 4 lost packet(s) for [master2] [37:42]
  33.500 master1 info: Nobody was heard to have taken 10.0.0.201/24/ens38 meanwhile: holding it again.
  33.500 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  33.500 master1 * 10.0.0.201 on
  33.658 master1 info: No pkts missing from master2!
  45.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

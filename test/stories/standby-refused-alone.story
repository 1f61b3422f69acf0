# hb_standby without another node is refused with the reason; nothing is stopped.
at 0s: start master1
at 30s: standby master1 all
from 30s
until 35s
----
  30.000 > standby master1 all
  30.000 master1 WARN: Standby request ignored: no other node is up and able to take resources.
  30.000 master1 * answer to standby all: refused: no other node is up and able to take resources
  35.000 in the end: master1 holds 10.0.0.201 10.0.0.202; master2 is off

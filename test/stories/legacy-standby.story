# auto_failback legacy: a standby or takeover is refused with the original's words, and nothing moves.
ha.cf auto_failback legacy
at 0s: start master1
at 0s: start master2
at 20s: standby master1 all
at 21s: takeover master2 foreign
from 20s
until 40s
----
  20.000 > standby master1 all
  20.000 master1 info: Standby mode only implemented when nice_failback on
  20.000 master1 WARN: Standby request ignored: standby is only implemented when auto_failback is on or off, not legacy.
  20.000 master1 * answer to standby all: refused: standby is only implemented when auto_failback is on or off, not legacy
  21.000 > takeover master2 foreign
  21.000 master2 WARN: Standby request ignored: standby is only implemented when auto_failback is on or off, not legacy.
  21.000 master2 * answer to takeover foreign: refused: standby is only implemented when auto_failback is on or off, not legacy
  40.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

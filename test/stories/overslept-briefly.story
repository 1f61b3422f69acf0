# The machine stands still for 2 s, well below deadtime: nobody is judged, nothing moves.
at 0s: start master1
at 0s: start master2
at 30.2s: freeze master1
at 32.2s: thaw master1
from 30s
until 45s
----
  30.200 > freeze master1
  32.200 > thaw master1
  32.201 master1 * guardian: WARN: The guardian was not scheduled for 2076 ms; it judges nobody by that silence
  45.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

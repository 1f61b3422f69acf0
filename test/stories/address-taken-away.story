# An address that somebody deletes from its interface is back and announced within a second (weaknesses.md B2).
at 0s: start master1
at 0s: start master2
at 30.3s: take-away master1 10.0.0.201
from 30s
until 40s
----
  30.300 > take-away master1 10.0.0.201
  30.300 master1 * 10.0.0.201 off
  31.000 master1 * 10.0.0.201 on
  31.000 master1 ResourceManager: WARN: 10.0.0.201/24/ens38 was taken from its interface by somebody else; putting it back
  40.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

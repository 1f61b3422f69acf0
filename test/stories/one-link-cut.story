# One of two links is cut: it is said, and nothing moves.
links ens33 ens34
at 0s: start master1
at 0s: start master2
at 30s: cut master1:ens33
at 50s: heal master1:ens33
from 30s
until 60s
----
  30.000 > cut master1:ens33
  34.001 master1 info: Link master2:ens33 dead.
  34.001 master2 info: Link master1:ens33 dead.
  50.000 > heal master1:ens33
  50.001 master2 info: Link master1:ens33 up.
  50.001 master1 info: Link master2:ens33 up.
  60.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

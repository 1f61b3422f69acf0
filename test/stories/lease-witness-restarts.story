# The witness starts anew and remembers nothing: the holders go on.
ha.cf arbiter witness 172.30.107.9
at 0s: start master1
at 0s: start master2
from 59s
at 60s: arbiter restart
until 75s
----
  60.000 > arbiter restart
  75.000 in the end: master1 holds 10.0.0.201; master2 holds 10.0.0.202

# An address is deleted from the interface of the only node that is left: a silent peer might have it by then, so it is back when nobody has answered for it.
ha.cf auto_failback off
group master1 10.0.0.201/24/ens38
at 0s: start master1
at 0s: start master2
at 30s: power-off master2
at 50s: take-away master1 10.0.0.201
from 49s
until 60s
----
  50.000 > take-away master1 10.0.0.201
  50.000 master1 * 10.0.0.201 off
  50.000 master1 WARN: An address of 10.0.0.201/24/ens38 was taken from its interface by somebody else, and master2, which is not heard, may have it meanwhile: it is put back when nobody answers for it.
  55.000 master1 info: Nobody was heard to have taken 10.0.0.201/24/ens38 meanwhile: holding it again.
  55.000 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  55.000 master1 * 10.0.0.201 on
  60.000 in the end: master1 holds 10.0.0.201; master2 is off

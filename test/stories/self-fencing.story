# A holder loses its right while its service does not stop: the watchdog resets the machine.
ha.cf arbiter witness 172.30.107.9
ha.cf watchdog /dev/watchdog
ha.cf takeover_policy lease after 3
group master1 10.0.0.201/24/ens38 nginx
at 0s: start master1
at 0s: start master2
from 59s
at 59s: script master1 nginx stop hang
at 60s: arbiter cut master1
at 60s: cut master1
at 80s: heal-everything
until 90s
----
  59.000 > script master1 nginx stop hang
  60.000 > arbiter cut master1
  60.000 > cut master1
  63.985 master1 CRIT: Giving up 10.0.0.201/24/ens38: its lease has run out, and no peer confirms to hear this node: another node may take it.
  63.985 master1 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  63.985 master1 * 10.0.0.201 off
  63.985 master1 * nginx stop
  64.001 master2 info: Link master1:ens33 dead.
  64.001 master2 WARN: node master1: is dead
  64.001 master2 info: Resources being acquired from master1.
  64.001 master1 info: Link master2:ens33 dead.
  64.001 master1 WARN: node master2: is dead
  64.001 master1 info: Resources being acquired from master2.
  66.985 master1 CRIT: 10.0.0.201/24/ens38 does not stop, and this node has no right to it any more: the watchdog will reset this machine.
  66.985 master1 * watchdog: 10.0.0.201/24/ens38 does not stop
  67.002 master2 mach_down: info: Taking over resource group 10.0.0.201/24/ens38
  67.002 master2 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  67.002 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  67.002 master2 * 10.0.0.201 on
  67.022 master2 * nginx start
  67.122 master2 * nginx start done
  67.122 master2 mach_down: info: mach_down takeover complete for node master1.
  67.122 master2 info: mach_down takeover complete.
  67.985 master1 * reset
  67.985 master1 * power lost
  69.985 master1 * daemon starts (generation 2)
  69.985 master1 info: Local status now set to: 'up'
  70.985 master1 info: Link 172.30.104.254:172.30.104.254 up.
  70.985 master1 info: Status update for node 172.30.104.254: status ping
  79.985 master1 WARN: node master2: is dead
  79.985 master1 info: Comm_now_up(): updating status to active
  79.985 master1 info: Local status now set to: 'active'
  79.985 master1 info: Initial resource acquisition complete (T_RESOURCES(us))
  79.985 master1 info: Local Resource acquisition completed.
  80.000 > heal-everything
  80.001 master2 info: Heartbeat restart on node master1
  80.001 master2 info: Link master1:ens33 up.
  80.001 master2 info: Status update for node master1: status active
  80.001 master2 info: master2 wants to go standby [foreign]
  80.001 master1 info: Link master2:ens33 up.
  80.001 master1 info: master2 wants to go standby [foreign]
  80.001 master1 info: Status update for node master2: status active
  80.001 master2 info: standby: master1 can take our foreign resources
  80.001 master2 info: give up foreign HA resources (standby).
  80.001 master2 ResourceManager: info: Releasing resource group: master1 10.0.0.201/24/ens38 nginx
  80.001 master2 * nginx stop
  80.101 master2 * nginx stop done
  80.101 master2 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 stop
  80.101 master2 * 10.0.0.201 off
  80.101 master2 info: foreign HA resource release completed (standby).
  80.101 master2 info: Local standby process completed [foreign].
  80.101 master1 info: standby: acquire [foreign] resources from master2
  80.101 master1 info: acquire local HA resources (standby).
  80.101 master1 ResourceManager: info: Acquiring resource group: master1 10.0.0.201/24/ens38 nginx
  80.101 master1 ResourceManager: info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.201/24/ens38 start
  80.101 master1 * 10.0.0.201 on
  80.121 master1 * nginx start
  80.221 master1 * nginx start done
  80.221 master1 info: local HA resource acquisition completed (standby).
  80.221 master1 info: Standby resource acquisition done [foreign].
  80.222 master2 info: remote resource transition completed.
  80.222 master2 info: Other node completed standby takeover of foreign resources.
  80.222 master1 info: remote resource transition completed.
  90.000 in the end: master1 holds 10.0.0.201 nginx; master2 holds nothing

/**
 * Which daemon runs on a node, and how it is started, stopped and found. Ours by default; the original 3.0.6, or anything else with a
 * start command, can take its place.
 */
import { quote } from "./child.js";
import type { ProcessSeen } from "./machine.js";
import { checkout } from "./tree.js";

/** All commands are lines for the node's shell, run as root on the node. */
export interface DaemonPlan {
  readonly name: string;
  /** Returns when the daemon has gone to the background, or has refused to start. */
  readonly start: string;
  /** Returns when the daemon has ended. */
  readonly stop: string;
  readonly standby: string;
  readonly takeover: string;
  readonly status: string;
  readonly reload: string;
  /** Run after every boot, before the daemon: users, folders below /run. */
  readonly prepare?: string;
  readonly pidFile: string;
  /** Picks the daemon's first process out of what runs; the pid file's text is given, empty if there is none. */
  find(running: readonly ProcessSeen[], pidFile: string): readonly number[];
  /** Where ha.cf, authkeys and haresources go; /etc/ha.d when left out. */
  readonly configuration?: string;
  /** Unpacked packages that this node has on top of the host's files. */
  readonly packages?: readonly string[];
}

/** The process named in the pid file, if it still runs. A stale number that something else has got since is not the daemon's. */
export function byPidFile(name: RegExp): DaemonPlan["find"] {
  return (running, pidFile) => {
    const pid = Number(pidFile.trim());
    return running.filter((one) => one.pid === pid && name.test(one.command)).map((one) => one.pid);
  };
}

/**
 * Users and groups that heartbeat's files and clients belong to; made on the node, not on the host. Where only one user number exists
 * (no root, no /etc/subuid), they are other names of root, so that giving them files works.
 */
export const MAKE_USERS = `t=$(mktemp); if chown 890:890 $t 2>/dev/null; then n=890; else n=0; sed -i /^haclient:/d /etc/group; sed -i /^hacluster:/d /etc/passwd; fi; rm $t
grep -q ^haclient: /etc/group || echo "haclient:x:$n:" >>/etc/group
grep -q ^hacluster: /etc/passwd || echo "hacluster:x:$n:$n:heartbeat:/var/lib/heartbeat/cores/hacluster:/usr/sbin/nologin" >>/etc/passwd`;

/** Our daemon, from the checkout. `options` are appended to every start, e.g. "-d". */
export function ourDaemon(options = ""): DaemonPlan {
  const tool = (name: string) => quote(`${checkout}/bin/${name}`);
  const heartbeat = tool("heartbeat");
  return {
    name: "heartbeat",
    // The daemon must not hold the pipes of whoever started it, nor die with them.
    start: `setsid ${heartbeat} ${options} >>/var/log/heartbeat.out 2>&1 </dev/null || { tail -n 40 /var/log/heartbeat.out >&2; exit 1; }`,
    stop: `${heartbeat} -k`,
    standby: tool("hb_standby"),
    takeover: tool("hb_takeover"),
    status: `${heartbeat} status`,
    reload: `${heartbeat} -r`,
    // So that whoever looks around on the node can type `heartbeat status`; without root the folder is the host's, and none of ours.
    prepare: `${MAKE_USERS}\n[ "$(stat -f -c %T /usr/local/bin)" != overlayfs ] || ln -sf ${tool("")}* /usr/local/bin/`,
    pidFile: "/run/heartbeat.pid",
    find: byPidFile(/heartbeat/),
  };
}

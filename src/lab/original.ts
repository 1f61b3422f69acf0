/**
 * The original, Debian's heartbeat 3.0.6, as daemon of a lab node: the yardstick, and the peer of a rolling upgrade. It is unpacked
 * below .cache in the checkout and laid over the host's files in the node that uses it; nothing is installed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./child.js";
import { byPidFile, type DaemonPlan, MAKE_USERS } from "./daemons.js";
import { checkout } from "./tree.js";

const CACHE = join(checkout, ".cache/original-3.0.6");

/** Where the original can be had, or why it cannot. */
export type Original =
  | { readonly kind: "unpacked"; readonly root: string }
  | { readonly kind: "unavailable"; readonly reason: string };

/** Fetches and unpacks the original if that has not been done yet. */
export async function fetchOriginal(): Promise<Original> {
  const root = join(CACHE, "root");
  if (existsSync(join(CACHE, "complete"))) return { kind: "unpacked", root };
  const { code, stderr } = await run([join(checkout, "scripts/original.sh")], { timeout: 300_000 });
  if (code === 0) return { kind: "unpacked", root };
  return { kind: "unavailable", reason: `heartbeat 3.0.6 cannot be fetched: ${stderr.trim().slice(-300)}` };
}

/** What the package's installation does. */
const INSTALL = `${MAKE_USERS}
for f in /run/heartbeat /run/heartbeat/ccm /run/heartbeat/crm /run/heartbeat/dopd /var/lib/heartbeat /var/lib/heartbeat/ccm \\
  /var/lib/heartbeat/crm /var/lib/heartbeat/pengine; do mkdir -p $f; chown hacluster:haclient $f; chmod 750 $f; done
for u in root nobody hacluster; do mkdir -p /var/lib/heartbeat/cores/$u; chown $u:root /var/lib/heartbeat/cores/$u; chmod 700 /var/lib/heartbeat/cores/$u; done
chmod 755 /var/lib/heartbeat; mkdir -p /run/resource-agents; chgrp haclient /usr/bin/cl_status; chmod 2555 /usr/bin/cl_status`;

const NAME = "heartbeat 3.0.6 (original)";

/** @returns whether the original runs on the node, and not ours with some of its packages. */
export const isOriginal = ({ daemon }: { readonly daemon: DaemonPlan }): boolean => daemon.name === NAME;

/** The plan for a node that runs the original. */
export function originalDaemon(original: Original): DaemonPlan {
  if (original.kind === "unavailable") throw new Error(original.reason);
  const heartbeat = "/usr/libexec/heartbeat/heartbeat";
  return {
    name: NAME,
    start: `${heartbeat} >>/var/log/heartbeat.out 2>&1 </dev/null || { tail -n 40 /var/log/heartbeat.out >&2; exit 1; }`,
    stop: `${heartbeat} -k`,
    standby: "/usr/share/heartbeat/hb_standby",
    takeover: "/usr/share/heartbeat/hb_takeover",
    status: `${heartbeat} -s; cl_status rscstatus`,
    reload: `${heartbeat} -r`,
    prepare: INSTALL,
    pidFile: "/run/heartbeat.pid",
    find: byPidFile(/heartbeat/),
    packages: [original.root],
  };
}

/**
 * The original's own acceptance test, `BasicSanityCheck` of Debian's package, unchanged, once with its own daemon and once with ours in its
 * place. As Debian ships it, it cannot pass: what it misses around itself is put there, the same for both.
 */
import { quote } from "./child.js";
import { type DaemonPlan, ourDaemon } from "./daemons.js";
import { type Lab, openLab } from "./lab.js";
import { originalDaemon } from "./original.js";
import type { Topology } from "./topology.js";
import { checkout } from "./tree.js";

/** What the check said. */
export interface SanityVerdict {
  readonly daemon: string;
  /** Its own count. */
  readonly complaints: number;
  /** What it printed, one line each. */
  readonly said: readonly string[];
  /** Lines of the log it looked at with CRIT or ERROR, all of which together are one complaint. */
  readonly alarms: readonly string[];
  readonly seconds: number;
}

/** `daemon`: only the function that tests the daemon; `whole`: everything that Debian's package can run. */
export type SanityPart = "daemon" | "whole";

/** Calls of what does not test the daemon: libraries, agents of another package, stonith(8), apphbd. */
const ELSEWHERE = ["Base64MD5Test", "TestRA", "IPCtest", "StonithCheck", "AppHBCheck"];

const program = (path: string, text: string): string =>
  `printf '#!/bin/sh\\n%s\\n' ${quote(text)} >${path}.new; chmod 755 ${path}.new; mv -f ${path}.new ${path}`;

/**
 * It looks for programs in /usr/lib/heartbeat, which Debian moved; `IPaddr … monitor` calls `pingargs`, which Debian does not ship; the card
 * that it uses is the default route's; `apphbtest` may hang, with any daemon.
 */
const SURROUNDINGS = `mkdir -p /usr/lib/heartbeat /run/heartbeat /run/resource-agents
for p in /usr/libexec/heartbeat/*; do ln -sf $p /usr/lib/heartbeat/; done
${program("/usr/lib/heartbeat/apphbtest", 'exec timeout -k 1 30 /usr/libexec/heartbeat/apphbtest "$@"')}
${program("/usr/local/sbin/pingargs", 'echo "-c 1 -q -n $1"')}
ip route replace default via 10.1.1.254 dev eth0; chgrp haclient /usr/bin/cl_status; chmod 2555 /usr/bin/cl_status`;

const topology = (nodes: readonly string[]): Topology => ({
  nodes: nodes.map((name) => ({
    name,
    interfaces: [{ name: "eth0", wire: `wire-${name}`, addresses: ["10.1.1.1/24"] }],
  })),
  client: { name: "client", interfaces: [{ name: "eth0", wire: "aside", addresses: ["10.1.1.3/24"] }] },
});

/** @param original where the package is unpacked. @returns the verdicts on both, who were tested side by side. */
export async function playSanityCheck(
  original: string,
  part: SanityPart,
): Promise<{ readonly theirs: SanityVerdict; readonly ours: SanityVerdict }> {
  const init = `ln -sf ${quote(`${checkout}/share/init.d/heartbeat`)} /etc/init.d/heartbeat`;
  const amid = (plan: DaemonPlan, more: string): DaemonPlan => ({
    ...plan,
    // The check refuses to run where there is a configuration.
    configuration: "/root/unused",
    prepare: [plan.prepare, SURROUNDINGS, more].join("\n"),
  });
  const plans: Readonly<Record<string, DaemonPlan>> = {
    theirs: amid(originalDaemon({ kind: "unpacked", root: original }), ""),
    ours: amid({ ...ourDaemon(), packages: [original] }, init),
  };
  const names = Object.keys(plans);
  const nothing = { haCf: "", authkeys: "", haresources: "" };
  const lab = await openLab({
    topology: topology(names),
    files: Object.fromEntries(names.map((name) => [name, nothing])),
    daemon: (node) => plans[node] ?? ourDaemon(),
  });
  try {
    const [theirs, ours] = await Promise.all([check(lab, "theirs", part), check(lab, "ours", part)]);
    return { theirs, ours };
  } finally {
    await lab.close();
  }
}

async function check(lab: Lab, name: string, part: SanityPart): Promise<SanityVerdict> {
  const node = lab.node(name);
  // The functions stay as they are; calls of those that test something else become `:`.
  const calls = ELSEWHERE.map((one) => `-e 's/^${one}$/:/'`).join(" ");
  const reader = part === "whole" ? "cat" : `sed ${calls}`;
  const begun = Date.now();
  const { stdout, stderr } = await node.run(
    `PATH=/usr/local/sbin:$PATH; export PATH; ${reader} /usr/share/heartbeat/BasicSanityCheck >/tmp/check; sh /tmp/check </dev/null`,
    // A quiet machine needs one minute for the daemon; the check calls short programs one after the other, and a busy one is slow at that.
    { timeout: 600_000 },
  );
  const count = /^(\d+) errors\. Log file is stored in (\S+)$/m.exec(stdout);
  if (count === null) throw new Error(`the check did not come to an end with ${name}: ${stdout}${stderr}`);
  const log = (await node.read(count[2] ?? "")).split("\n");
  return {
    daemon: node.daemon.name,
    complaints: Number(count[1]),
    said: stdout.split("\n").filter((line) => line !== ""),
    alarms: log.filter((line) => /CRIT|ERROR/.test(line)),
    seconds: (Date.now() - begun) / 1000,
  };
}

/** Directives of ha.cf whose effect only a real daemon on a real kernel shows, on one node whose peer is not there. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal } from "../../src/lab/original.js";
import { availability } from "../../src/lab/requirements.js";
import type { Topology } from "../../src/lab/topology.js";
import { labSkip } from "./support.js";

const original = await fetchOriginal();
const reason =
  labSkip() ||
  (original.kind === "unavailable" ? original.reason : false) ||
  (availability().kind === "rootless" ? "ha_logd needs root" : false);
const ours: DaemonPlan = { ...ourDaemon(), packages: original.kind === "unpacked" ? [original.root] : [] };

const card = (name: string, ...addresses: string[]) => ({ name, addresses });
const topology: Topology = {
  nodes: [
    {
      name: "master1",
      interfaces: [card("ens33", "172.30.106.101/24"), card("ens38", "172.30.105.12/24", "fd00:38::12/64")],
    },
  ],
  client: { name: "client", interfaces: [card("ens38", "172.30.105.50/24", "fd00:38::50/64")] },
};
const haCf = `use_logd on
conn_logd_time 1
keepalive 200ms
deadtime 1
initdead 2
ucast ens33 172.30.106.102
ping6 fd00:38::50
node master1 master2
auto_failback on
hbgenmethod time
uuidfrom nodename
coredumps off
coreroot /var/lib/heartbeat/elsewhere
env FOO=bar
cluster mine
`;
const files = {
  haCf,
  authkeys: "auth 1\n1 sha1 b2FrIGFuZCBhc2ggYW5kIHRob3Ju\n",
  haresources: "master1 dump\n",
  extra: {
    "/etc/ha.d/resource.d/dump": {
      content: "#!/bin/sh\n[ $1 != start ] || env >/var/log/environment\nexit 0\n",
      mode: 0o755,
    },
    "/etc/logd.cf": "logfile /var/log/from-logd\ndebugfile /var/log/from-logd-debug\nlogfacility none\n",
  },
};
/** Started beside the daemon, in a session of its own. */
const logd =
  "mkdir -p /var/lib/heartbeat; setsid /usr/lib/heartbeat/ha_logd -d -c /etc/logd.cf >/dev/null 2>&1 </dev/null &";

const textOf = async (node: Node, command: string): Promise<string> => (await node.run(command)).stdout;

describe("directives of ha.cf on a real node", { skip: reason, timeout: 600_000 }, () => {
  test("use_logd, ping6, hbgenmethod, uuidfrom, coredumps, coreroot, env and cluster do what they did", async () => {
    const lab = await openLab({ topology, files: { master1: files }, daemon: ours });
    try {
      const node = lab.node("master1");
      await node.run(logd);
      await until(
        "ha_logd",
        10_000,
        async () => (await node.run("test -S /var/lib/heartbeat/log_daemon")).code === 0,
        100,
      );
      const before = Math.floor(Date.now() / 1000);
      await node.start();
      await until(
        "the resource to be started",
        30_000,
        async () => (await node.read("/var/log/environment")) !== "",
        200,
      );
      const environment = (await node.read("/var/log/environment")).split("\n");
      for (const line of ["HA_FOO=bar", "HA_cluster=mine", "HA_uuidfrom=nodename", "HA_LOGD=yes", "HA_keepalive=200ms"])
        assert.ok(environment.includes(line), `${line} in the environment of a script`);
      const generation = Number(await node.read("/var/lib/heartbeat/hb_generation"));
      assert.ok(generation >= before && generation <= before + 30, `generation ${generation}`);
      const seen = async () => (await textOf(node, "cl_status nodestatus fd00:38::50")) === "ping\n";
      await until("the ping node to be seen", 10_000, seen, 300);
      const master = Number(await node.read("/run/heartbeat.pid"));
      assert.match(await textOf(node, `cat /proc/${master}/limits`), /Max core file size +0 /);
      assert.equal(await textOf(node, `readlink /proc/${master}/cwd`), "/var/lib/heartbeat/elsewhere/root\n");
      const logged = await node.read("/var/log/from-logd");
      assert.match(logged, /master1 heartbeat: \[\d+\]: info: seed is 840442383\n/);
      assert.match(logged, /master1 heartbeat: \[\d+\]: info: Local status now set to: 'up'\n/);
      await node.stop();
    } finally {
      await lab.close();
    }
  });
});

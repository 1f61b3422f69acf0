/** Services that die on a real pair: nginx and agents, ended behind heartbeat's back (weaknesses.md B2). */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type Lab, type LabOptions, openLab } from "../../src/lab/lab.js";
import type { FileSpec, Files } from "../../src/lab/machine.js";
import type { Node } from "../../src/lab/node.js";
import { seedFiles } from "../../src/lab/seed.js";
import { FIRST, inLab, snapshotOf } from "./our-pair.js";
import { labSkip } from "./support.js";

/** Asks for the page, as a client would. */
const askForPage: FileSpec = {
  mode: 0o755,
  content: `#!/bin/bash
exec 3<>/dev/tcp/127.0.0.1/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3 || exit 7
`,
};
const asker = "/usr/local/sbin/ask-for-page";

/** An agent whose service is a process of its own. */
const agent: FileSpec = {
  mode: 0o755,
  content: `#!/bin/sh
echo "$1" >>/var/log/agent
case $1 in
start) setsid sleep 100000 </dev/null >/dev/null 2>&1 & echo $! >/run/agent.pid;;
stop) kill $(cat /run/agent.pid) 2>/dev/null; rm -f /run/agent.pid;;
monitor) kill -0 $(cat /run/agent.pid 2>/dev/null) 2>/dev/null || exit 7;;
esac
exit 0
`,
};

function optionsFor(services: readonly string[], extra: readonly string[]): LabOptions {
  const base = seedFiles({ services, extra, deadtime: "2", warntime: "1" });
  const more: Files = { [asker]: askForPage, "/usr/lib/ocf/resource.d/test/Sleeper": agent };
  return { files: { master1: withMore(base.master1, more), master2: withMore(base.master2, more) } };
}

async function begin(lab: Lab): Promise<void> {
  await lab.start();
  await lab.node("master1").logged(/Initial resource acquisition complete/);
}

const withMore = <Files extends { readonly extra?: object }>(files: Files, more: object): Files => ({
  ...files,
  extra: { ...files.extra, ...more },
});

const isUp = async (node: Node): Promise<boolean> => (await node.run(asker)).code === 0;
const nginxUp = (node: Node): Promise<unknown> => until(`nginx on ${node.name}`, 10_000, () => isUp(node), 50);
const endNginx = async (node: Node): Promise<void> => {
  const { code, stderr } = await node.run("kill $(cat /usr/local/nginx/logs/nginx.pid)");
  assert.equal(code, 0, stderr);
};
const failures = async (node: Node): Promise<number> =>
  (await node.log()).match(/ERROR: nginx does not run any more/g)?.length ?? 0;

describe("the tutorial's nginx, whose script has no status", {
  skip: labSkip({ nginx: "nginx-light" }),
  timeout: 300_000,
}, () => {
  let lab: Lab;
  let first: Node;
  let second: Node;
  before(async () => {
    const lines = ["monitor_interval 500ms", `monitor nginx ${asker}`];
    lab = await openLab(optionsFor(["nginx"], lines));
    await begin(lab);
    [first, second] = [lab.node("master1"), lab.node("master2")];
    await nginxUp(first);
  });
  after(() => lab?.close());

  test("is started again where it died, twice; the address stays, and the status tells", async () => {
    for (const times of [1, 2]) {
      await sleep(1_500);
      await endNginx(first);
      await until(`failure ${times}`, 10_000, async () => (await failures(first)) === times, 50);
      await nginxUp(first);
      assert.deepEqual(await lab.holders(FIRST), ["master1"]);
      const { alerts } = await snapshotOf(first);
      assert.match(alerts.join("\n"), /a service of it died (once|2 times) and was started again here/);
    }
    assert.equal(await isUp(second), false);
  });

  test("moves with its group at the third failure, stays there, and comes home when the operator asks", async () => {
    await sleep(1_500);
    await endNginx(first);
    await nginxUp(second);
    assert.deepEqual(await lab.holders(FIRST), ["master2"]);
    assert.equal(await isUp(first), false);
    assert.match((await snapshotOf(first)).alerts.join("\n"), /nginx does not stay running on this node/);
    await sleep(4_000);
    assert.deepEqual(await lab.holders(FIRST), ["master2"]);
    const { code, stderr } = await first.run(`${first.daemon.takeover} local`);
    assert.equal(code, 0, stderr);
    await nginxUp(first);
    assert.deepEqual(await lab.holders(FIRST), ["master1"]);
  });

  test("is started again and again on the only node that is left", async () => {
    await second.crash();
    await first.logged(/WARN: node master2: is dead/);
    const before = await failures(first);
    for (let i = 1; i <= 4; i++) {
      await nginxUp(first);
      await sleep(1_000);
      await endNginx(first);
      await until(`failure ${i}`, 10_000, async () => (await failures(first)) === before + i, 50);
    }
    await nginxUp(first);
    assert.match(await first.log(), /Starting nginx again here: no other node can run it now/);
  });
});

describe("services that die", { skip: labSkip({ nginx: "nginx-light" }), timeout: 300_000 }, () => {
  test("move nothing with an unchanged configuration, and are asked for nothing, as with 3.0.6", () =>
    inLab(optionsFor(["nginx", "ocf:test:Sleeper"], []), async (lab) => {
      await begin(lab);
      const first = lab.node("master1");
      await nginxUp(first);
      await endNginx(first);
      await first.run("kill $(cat /run/agent.pid)");
      await sleep(4_000);
      assert.equal(await isUp(first), false);
      assert.deepEqual(await lab.holders(FIRST), ["master1"]);
      assert.deepEqual((await first.log("agent")).trim().split("\n"), ["monitor", "start"]);
    }));

  test("an agent is asked by its monitor; the first failure moves the group where the threshold is 1", () =>
    inLab(optionsFor(["ocf:test:Sleeper"], ["monitor_interval 500ms", "migration_threshold 1"]), async (lab) => {
      await begin(lab);
      const [first, second] = [lab.node("master1"), lab.node("master2")];
      await sleep(2_000);
      assert.ok((await first.log("agent")).trim().split("\n").length > 3);
      await first.run("kill $(cat /run/agent.pid)");
      await until("the move", 10_000, async () => (await lab.holders(FIRST)).join() === "master2", 50);
      await until("the agent there", 10_000, async () => (await second.log("agent")).includes("start"), 50);
      assert.match(await first.log(), /CRIT: Giving up resources due to failure of ocf:test:Sleeper/);
    }));
});

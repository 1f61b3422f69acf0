/** Resource scripts of every kind on a real pair: order, arguments, failures, time limits, output. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../../src/lab/child.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { FileSpec, Files } from "../../src/lab/machine.js";
import type { Node } from "../../src/lab/node.js";
import { seedFiles } from "../../src/lab/seed.js";
import { checkout } from "../../src/lab/tree.js";
import { labSkip } from "./support.js";

const heartbeat = `${checkout}/bin/heartbeat`;

/** A service that writes down what is asked of it, with the time since boot; `body` may go wrong. */
const service = (body = ""): FileSpec => ({
  mode: 0o755,
  content: `#!/bin/sh
for verb; do :; done
state=/run/state-$(basename $0)
[ $verb = status ] || echo "$(cut -d' ' -f1 /proc/uptime) $0 $*" >>/var/log/did
${body}
case $verb in
start) touch $state; echo "$(basename $0) says hello"; echo "$(basename $0) complains" >&2;;
stop) rm -f $state;;
status) [ -f $state ] && echo running || echo stopped;;
esac
exit 0
`,
});

const agent: FileSpec = {
  mode: 0o755,
  content: `#!/bin/sh
echo "0 agent $OCF_RESKEY_state $1" >>/var/log/did
case $1 in
start) touch $OCF_RESKEY_state;;
stop) rm -f $OCF_RESKEY_state;;
monitor) [ -f $OCF_RESKEY_state ] || exit 7;;
esac
`,
};

const scripts: Files = {
  "/etc/ha.d/resource.d/both": service(),
  "/etc/init.d/both": service(),
  "/etc/ha.d/resource.d/plain": "not executable, so it does not count",
  "/etc/init.d/plain": service(),
  "/usr/lib/ocf/resource.d/test/Dummy": agent,
  "/etc/init.d/slow1": service("[ $verb = start ] && sleep 2"),
  "/etc/init.d/slow2": service("[ $verb = start ] && sleep 2"),
  "/etc/init.d/broken": service(
    '[ $verb = start ] && [ -f /run/break ] && { echo "cannot bind port 80" >&2; exit 1; }',
  ),
  "/etc/init.d/hanging": service("[ $verb = start ] && [ -f /run/break ] && { sleep 1000 & sleep 1000; }"),
  "/etc/init.d/stubborn": service("[ $verb = stop ] && [ -f /run/break ] && exit 1"),
};

async function openWith(haresources: string, lines: readonly string[] = []): Promise<Lab> {
  const base = seedFiles({ keepalive: "200ms", warntime: "1500ms", deadtime: "3", initdead: "5", extra: lines });
  const files = { haresources, extra: scripts };
  return openLab({ files: { master1: { ...base.master1, ...files }, master2: { ...base.master2, ...files } } });
}

const did = async (node: Node): Promise<readonly string[]> =>
  (await node.log("did")).split("\n").flatMap((line) => line.split(" ").slice(1).join(" ") || []);

const addressesOf = async (node: Node): Promise<string> => (await node.run("ip -o addr show dev ens38")).stdout;

describe("resources of every kind", { skip: labSkip(), timeout: 600_000 }, () => {
  let lab: Lab;
  before(async () => {
    lab =
      await openWith(`master1 IPaddr::172.30.105.201/24/ens38:7/172.30.105.255 both::x::y plain ocf:test:Dummy::state=/run/dummy
master1 172.30.105.203 slow1
master1 IPaddr2::172.30.105.204/24/ens38 slow2
master1 IPv6addr::fd00:30:105::99/64/ens38
`);
    await lab.start();
    await lab.node("master1").logged(/Initial resource acquisition complete/);
  });
  after(() => lab?.close());

  test("addresses of all four writings are on their cards: with the label asked for, the next free one, and none", async () => {
    const seen = await addressesOf(lab.node("master1"));
    for (const line of [
      /172\.30\.105\.201\/24 brd 172\.30\.105\.255 scope global secondary (dynamic )?ens38:7/,
      /172\.30\.105\.203\/24 brd 172\.30\.105\.255 scope global secondary (dynamic )?ens38:0/,
      /172\.30\.105\.204\/24 brd 172\.30\.105\.255 scope global secondary (dynamic )?ens38\\/,
      /fd00:30:105::99\/64 scope global (dynamic )?nodad/,
    ])
      assert.match(seen, line);
  });

  test("resource.d comes before init.d, arguments come before the verb, agents are asked by monitor, groups start side by side", async () => {
    const log = (await lab.node("master1").log("did")).trim().split("\n");
    const told = log.map((line) => line.split(" ").slice(1).join(" "));
    const group = told.filter((line) => /both|plain|agent/.test(line));
    assert.deepEqual(group, [
      "/etc/ha.d/resource.d/both x y start",
      "/etc/init.d/plain start",
      "agent /run/dummy monitor",
      "agent /run/dummy start",
    ]);
    const starts = log.filter((line) => /slow\d start/.test(line)).map((line) => Number(line.split(" ")[0]));
    assert.equal(starts.length, 2);
    // One after the other they would begin two seconds apart.
    assert.ok(Math.abs((starts[0] ?? 0) - (starts[1] ?? 0)) < 1.5, starts.join(" "));
  });

  test("what scripts say is in ha-debug; the complaint too", async () => {
    const debug = await lab.node("master1").log("ha-debug");
    assert.match(debug, /^both says hello$/m);
    assert.match(debug, /^plain complains$/m);
  });

  test("a hand-over stops from right to left, and what runs already is not started again", async () => {
    const [first, second] = [lab.node("master1"), lab.node("master2")];
    await second.run("touch /run/state-plain");
    await first.run("rm /var/log/did");
    assert.equal((await first.run(`${heartbeat} standby`, { timeout: 40_000 })).code, 0);
    const stops = (await did(first)).filter((line) => /both|plain|agent/.test(line));
    assert.deepEqual(stops, ["agent /run/dummy stop", "/etc/init.d/plain stop", "/etc/ha.d/resource.d/both x y stop"]);
    await until("the start there", 10_000, async () => (await did(second)).includes("agent /run/dummy start"), 100);
    assert.equal((await did(second)).includes("/etc/init.d/plain start"), false);
    assert.equal(/172\.30\.105\.20|fd00:30/.test(await addressesOf(first)), false);
  });
});

describe("resources that fail", { skip: labSkip(), timeout: 600_000 }, () => {
  let lab: Lab;
  before(async () => {
    const limits = ["start_timeout 2", "stop_timeout 2", "status_timeout 2", "stop_attempts 3"];
    lab = await openWith(
      `master1 IPaddr::172.30.105.201/24/ens38 both broken plain
master1 IPaddr::172.30.105.203/24/ens38 hanging
master2 IPaddr::172.30.105.202/24/ens38 stubborn
`,
      limits,
    );
    await lab.node("master1").run("touch /run/break");
    await lab.start();
  });
  after(() => lab?.close());

  test("a failed and a hanging start give their groups up, stop what ran, and the other node runs them", async () => {
    const [first, second] = [lab.node("master1"), lab.node("master2")];
    for (const address of ["172.30.105.201", "172.30.105.203"])
      await until(`${address} on master2`, 30_000, async () => (await lab.holders(address)).join() === "master2", 100);
    await until("their services", 10_000, async () => (await did(second)).includes("/etc/init.d/plain start"), 100);
    assert.deepEqual(
      (await did(first)).filter((line) => /both|broken|plain/.test(line)),
      [
        "/etc/ha.d/resource.d/both start",
        "/etc/init.d/broken start",
        "/etc/init.d/broken stop",
        "/etc/ha.d/resource.d/both stop",
      ],
    );
    const log = await first.log();
    assert.match(log, /ERROR: Return code 1 from \/etc\/init\.d\/broken: .*cannot bind port 80/);
    assert.match(log, /ERROR: \/etc\/init\.d\/hanging start did not end within 2000 ms; ending its process group/);
    assert.equal(
      (await first.processes()).some((one) => /sleep 1000/.test(one.command)),
      false,
    );
    assert.match((await first.run(`${heartbeat} status`)).stdout, /! .*broken failed to start on this node/);
  });

  test("after the repair, heartbeat takeover local brings them home", async () => {
    const first = lab.node("master1");
    await first.run("rm /run/break");
    assert.equal((await first.run(`${heartbeat} takeover local`, { timeout: 40_000 })).code, 0);
    for (const address of ["172.30.105.201", "172.30.105.203"])
      await until(`${address} at home`, 20_000, async () => (await lab.holders(address)).join() === "master1", 100);
  });

  test("a stop that fails again and again leaves the group stuck: address withdrawn, nobody else may start it, and all say so", async () => {
    const [first, second] = [lab.node("master1"), lab.node("master2")];
    await second.run("touch /run/break");
    assert.notEqual((await second.run(`${heartbeat} standby local`, { timeout: 40_000 })).code, 0);
    assert.equal((await did(second)).filter((line) => line === "/etc/init.d/stubborn stop").length, 3);
    assert.deepEqual(await lab.holders("172.30.105.202"), []);
    assert.match((await second.run(`${heartbeat} status`)).stdout, /! .*stubborn could not be stopped/);
    await second.stop();
    const refused = await first.run(`${heartbeat} takeover`, { timeout: 40_000 });
    assert.match(
      refused.stdout + refused.stderr,
      /172\.30\.105\.202\/24\/ens38 stays blocked: a stop failed on master2/,
    );
    assert.notEqual(refused.code, 0);
    await second.run("rm /run/break");
    await second.start();
    await until(
      "a fresh start there",
      20_000,
      async () => (await lab.holders("172.30.105.202")).join() === "master2",
      100,
    );
  });
});

/** The dead-man's switch of the kernel: what a real host still answers when no process of ours lives (design.md 3.1). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import type { Node } from "../../src/lab/node.js";
import { checkout } from "../../src/lab/tree.js";
import { FIRST, gapOf, inLab, linesOf, pairFiles, pairTopology, settled, snapshotOf } from "./our-pair.js";
import { labSkip } from "./support.js";

const heartbeat = `${checkout}/bin/heartbeat`;
const SIX = "fd00:38::201";
const haresources = `master1 IPaddr::${FIRST}/24/ens38 IPv6addr::${SIX}/64/ens38\nmaster2 IPaddr::172.30.105.202/24/ens38\n`;
/** Generous: a busy machine must not make a daemon look dead. */
const timing = { keepalive: "200ms", deadtime: "3", warntime: "1500ms", initdead: "5" };
const files = (lines: readonly string[] = []) => pairFiles({ ...timing, haresources, lines });

const ours = async (node: Node): Promise<readonly number[]> =>
  (await node.processes()).filter((one) => /^heartbeat: /.test(one.command) && one.state !== "Z").map((one) => one.pid);
const rulesOf = async (node: Node): Promise<string> => (await node.run("nft list ruleset")).stdout;
const deadMan = async (node: Node) => (await snapshotOf(node)).deadMan;

describe("the dead-man's switch", { skip: labSkip({ nft: "nftables" }), timeout: 600_000 }, () => {
  test("SIGKILL of everything at once: the host is mute before the peer takes over, for IPv4 and IPv6, and starts again", () =>
    inLab({ files: files(), topology: pairTopology() }, async (lab) => {
      await lab.start();
      const probe = await lab.probe([FIRST, SIX, "172.30.105.202"]);
      await settled(lab, probe);
      const first = lab.node("master1");
      assert.deepEqual(await deadMan(first), { form: "filter", limit: 1_312, lacking: null });
      // One by one: whoever outlives another one by a millisecond would let go in order. So all stand still first.
      const all = await ours(first);
      const at = await first.signal("STOP", all);
      await first.signal("KILL", all);
      for (const address of [FIRST, SIX]) await probe.answeredBy(address, "master2", 20_000);
      assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
      const [gap] = probe.gapsOf(FIRST, at);
      const silentAfter = (gap?.start ?? 0) - at;
      assert.ok(silentAfter > 0 && silentAfter < 1_412, `silent ${silentAfter} ms after the kill`);
      assert.match(await rulesOf(first), /table inet heartbeat/);
      await until("the lifetime to end", 10_000, async () => !(await first.holds(FIRST)), 100);
      await first.start();
      await settled(lab, probe);
      await probe.answeredBy(SIX, "master1", 20_000);
      assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
    }));

  test("SIGSTOP of everything, and SIGCONT after two deadtimes: never two holders, and the woken node joins again", () =>
    inLab({ files: files(), topology: pairTopology() }, async (lab) => {
      await lab.start();
      const probe = await lab.probe([FIRST, SIX, "172.30.105.202"]);
      await settled(lab, probe);
      const first = lab.node("master1");
      const at = await first.signal("STOP", await ours(first));
      for (const address of [FIRST, SIX]) await probe.answeredBy(address, "master2", 20_000);
      const [gap] = probe.gapsOf(FIRST, at);
      assert.ok((gap?.start ?? 0) - at < 1_412, `silent ${(gap?.start ?? 0) - at} ms after the stop`);
      await sleep(6_000);
      await first.signal("CONT", await ours(first));
      await settled(lab, probe);
      await probe.answeredBy(SIX, "master1", 20_000);
      assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
      assert.match(await first.log(), /not scheduled for \d+ ms: it judges nobody and proves again/);
    }));

  test("the operator's own rules stay as they are; flushed rules come back; a reload opens nothing; a clean stop leaves none", () =>
    inLab({ files: files(), topology: pairTopology() }, async (lab) => {
      const first = lab.node("master1");
      const own =
        "table inet filter { chain input { type filter hook input priority 0; policy accept; tcp dport 9 drop; }; }";
      await first.run(`nft '${own}'`);
      const before = await rulesOf(first);
      await lab.start();
      const probe = await lab.probe([FIRST, "172.30.105.202"]);
      await settled(lab, probe);
      const since = performance.now();
      assert.ok((await rulesOf(first)).startsWith(before.trimEnd()), "our tables stand behind the operator's");
      await first.run(`nft flush ruleset; nft '${own}'`);
      await first.logged(/WARN: somebody removed rules of the dead-man's switch/, 5_000);
      await until("the rules", 5_000, async () => /table arp heartbeat/.test(await rulesOf(first)), 50);
      await first.furnish({ haresources: `${haresources}master1 IPaddr::172.30.105.203/24/ens38\n` });
      await first.run(`${heartbeat} -r`);
      await until("the new address", 20_000, async () => /172\.30\.105\.203/.test(await rulesOf(first)), 100);
      await first.furnish({ haresources });
      await first.run(`${heartbeat} -r`);
      await until("it to go", 20_000, async () => !/172\.30\.105\.203/.test(await rulesOf(first)), 100);
      assert.equal(await gapOf(probe, FIRST, since), 0);
      assert.equal((await first.stop()).code, 0);
      assert.equal(await rulesOf(first), before);
      assert.equal(
        (await linesOf(first, /somebody removed rules/)).length,
        1,
        "those that were flushed, not our own end",
      );
      assert.deepEqual(await linesOf(first, /ERROR/), []);
    }));

  test("a node that cannot have the rules runs with lifetimes and says so; its addresses end by themselves", () =>
    inLab({ files: files(), topology: pairTopology() }, async (lab) => {
      const first = lab.node("master1");
      // Tables that belong to a living program cannot be touched by another one: the kernel then refuses ours.
      const held = first.spawn(["nft", "-i"]);
      held.stdin?.write("table inet heartbeat { flags owner; }\n");
      await until("the foreign table", 5_000, async () => /flags owner/.test(await rulesOf(first)), 50);
      await lab.start();
      const probe = await lab.probe([FIRST, "172.30.105.202"]);
      await settled(lab, probe);
      const seen = await deadMan(first);
      assert.equal(seen?.form, "lifetime");
      assert.match(seen?.lacking ?? "", /nf_tables refuses the rules/);
      assert.match((await first.run(`${heartbeat} status`)).stdout, /dead-man's switch: lifetime/);
      await first.logged(/WARN: no dead-man's switch by packet filter: nf_tables refuses/, 5_000);
      await first.signal("KILL", await ours(first));
      await until("its end", 5_000, async () => !(await first.holds(FIRST)), 50);
      held.kill("SIGKILL");
      await probe.answeredBy(FIRST, "master2", 20_000);
    }));

  test("with dead_man lifetime there are no rules, and an address that is held never flaps", () =>
    inLab({ files: files(["dead_man lifetime"]), topology: pairTopology() }, async (lab) => {
      await lab.start();
      const probe = await lab.probe([FIRST, "172.30.105.202"]);
      await settled(lab, probe);
      const first = lab.node("master1");
      const since = performance.now();
      assert.doesNotMatch(await rulesOf(first), /heartbeat/);
      assert.match(
        (await first.run("ip -4 addr show dev ens38")).stdout,
        /172\.30\.105\.201\/24[^\n]*\n\s+valid_lft [12]sec/,
      );
      await sleep(8_000);
      assert.equal(await gapOf(probe, FIRST, since), 0);
    }));
});

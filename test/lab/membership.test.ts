/** `hb_addnode` and `hb_delnode` on a running pair: two of ours, and ours beside an original, which hears of it over the wire. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal, isOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { checkout } from "../../src/lab/tree.js";
import { snapshotOf, tellLogs } from "./our-pair.js";
import { labSkip, originalSkip } from "./support.js";

const original = await fetchOriginal();
const [FIRST, SECOND] = SEED_ADDRESSES;
const timing = { keepalive: "200ms", deadtime: "3", warntime: "1", initdead: "6" };
const patience = 60_000;

const pairs = [
  { name: "two of ours", theirs: ourDaemon(), skip: labSkip() },
  {
    name: "ours and an original",
    theirs: original.kind === "unavailable" ? ourDaemon() : originalDaemon(original),
    skip: originalSkip("MEMBERSHIP BESIDE AN ORIGINAL", original),
  },
] as const;

for (const { name, theirs, skip } of pairs)
  describe(`nodes that come and go while heartbeat runs: ${name}`, { skip, timeout: 600_000 }, () => {
    let lab: Lab;
    let probe: ProbeRun;
    before(async () => {
      const daemon = (node: string): DaemonPlan => (node === "master1" ? ourDaemon() : theirs);
      lab = await openLab({ files: seedFiles(timing), daemon });
      await lab.start();
      probe = await lab.probe(SEED_ADDRESSES, { period: 10 });
      await probe.answeredBy(FIRST, "master1");
      await probe.answeredBy(SECOND, "master2");
      await calm();
    });
    after(() => lab?.close());

    /** A busy original may throw away a message that its own tools write into its FIFO: then it is written once more. */
    const tool = async (node: Node, command: string, isDone: () => Promise<boolean>): Promise<void> => {
      const path = isOriginal(node)
        ? "/usr/share/heartbeat"
        : `HA_FUNCS=${checkout}/share/ha.d/shellfuncs ${checkout}/share/heartbeat`;
      for (let tries = 1; ; tries++) {
        const { code, stdout, stderr } = await node.run(`${path}/${command}`);
        assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
        const done = await until(command, 10_000, isDone).catch(() => false);
        if (done) return;
        assert.ok(isOriginal(node) && tries < 4, `${command} on ${node.name} came to nothing`);
      }
    };
    const nodesOf = async (node: Node): Promise<string> => {
      if (isOriginal(node))
        return (await node.run("cl_status listnodes -n")).stdout.trim().split("\n").sort().join(" ");
      const { nodes } = await snapshotOf(node);
      const normal = nodes.filter(({ type }) => type === "normal").map((one) => `${one.name}`);
      return normal.sort().join(" ");
    };
    const bothKnow = (names: string) => async (): Promise<boolean> => {
      for (const node of lab.nodes) if ((await nodesOf(node)) !== names) return false;
      return true;
    };
    const bothLog =
      (pattern: RegExp, times = 1) =>
      async (): Promise<boolean> => {
        for (const node of lab.nodes)
          if ((await node.log()).split("\n").filter((line) => pattern.test(line)).length < times) return false;
        return true;
      };
    /** An original takes nothing and gives nothing while its scripts run. */
    const calm = async (): Promise<void> => {
      const [, second] = lab.nodes;
      if (second !== undefined && isOriginal(second))
        await until("the original to be stable", patience, async () =>
          /^(local|all)$/.test((await second.run("cl_status rscstatus")).stdout.trim()),
        );
    };
    const told = async (body: () => Promise<void>): Promise<void> => {
      try {
        await body();
      } catch (error) {
        await tellLogs(lab);
        throw error;
      }
    };
    const node = (which: "master1" | "master2"): Node => lab.node(which);

    test("a node added on one of them is known to both, and dead when it is not heard for deadtime; nothing moves", () =>
      told(async () => {
        await tool(node("master1"), "hb_addnode master3", bothKnow("master1 master2 master3"));
        assert.ok(await bothLog(/hb_add_one_node: Adding new node\[master3\] to configuration\./)());
        await until("master3 to be dead on both", patience, bothLog(/WARN: node master3: is dead/));
        await calm();
        // An original says now that it holds everything (it took over from nobody): that is no reason to let go of anything.
        await sleep(12_000);
        for (const address of [FIRST, SECOND]) assert.equal((await lab.holders(address)).length, 1, address);
        assert.deepEqual(await lab.holders(FIRST), ["master1"]);
        assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
      }));

    test("what cannot be is refused by both in the same words: a node that is there already, one that lives, one that nobody knows", () =>
      told(async () => {
        await tool(node("master1"), "hb_addnode master3", bothLog(/ERROR: Add node master3 failed/));
        await tool(node("master1"), "hb_delnode master2", bothLog(/WARN: deletion failed: node master2 is not dead/));
        const missing = /ERROR: HBDoMsg_T_DELNODE: deletion failed\. .*\(master3 is dead\)/;
        await tool(node("master1"), "hb_delnode nobody", bothLog(missing));
        assert.ok(await bothKnow("master1 master2 master3")());
      }));

    test("the dead one is deleted on either node, and both forget it; it can be added again", () =>
      told(async () => {
        await tool(node("master2"), "hb_delnode master3", bothKnow("master1 master2"));
        assert.ok(await bothLog(/info: Removing node \[master3\] from configuration\./)());
        await tool(node("master2"), "hb_addnode master3", bothKnow("master1 master2 master3"));
        await until("master3 to be dead on both again", patience, bothLog(/WARN: node master3: is dead/, 2));
        await calm();
        await tool(node("master1"), "hb_delnode master3", bothKnow("master1 master2"));
        const unknown = /ERROR: hb_remove_one_node: node nobody not found in config/;
        await tool(node("master1"), "hb_delnode nobody", bothLog(unknown));
      }));

    test("of two that are missing neither is deleted: each would have to forget the other, too", () =>
      told(async () => {
        await tool(node("master1"), "hb_addnode master3", bothKnow("master1 master2 master3"));
        await tool(node("master1"), "hb_addnode master4", bothKnow("master1 master2 master3 master4"));
        await until("master4 to be dead on both", patience, bothLog(/WARN: node master4: is dead/));
        await calm();
        const missing =
          /HBDoMsg_T_DELNODE: deletion failed\. We don't have all required nodes alive \(master4 is dead\)/;
        await tool(node("master1"), "hb_delnode master3", bothLog(missing));
        assert.ok(await bothKnow("master1 master2 master3 master4")());
      }));
  });

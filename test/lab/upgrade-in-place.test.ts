/** One node changes from heartbeat 3.0.6 to ours and back again, on the same disk: who it is and how often it has started goes on. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { seedFiles } from "../../src/lab/seed.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();
const timing = { keepalive: "200ms", deadtime: "3", warntime: "1", initdead: "4" };

/** What the daemons keep in /var/lib/heartbeat. */
interface Kept {
  readonly generation: number;
  readonly uuid: string;
  /** Names and contents of the lists of nodes, where there are any. */
  readonly lists: string;
  /** The new lines of ha-log and of what it printed. */
  readonly said: readonly string[];
}

/** Starts the daemon, waits until the node is active, and stops it. */
async function live(node: Node, daemon: DaemonPlan): Promise<Kept> {
  const must = async (command: string): Promise<string> => {
    const { code, stdout, stderr } = await node.run(command, { timeout: 120_000 });
    assert.equal(code, 0, `${daemon.name}: ${command}: ${stdout}${stderr}`);
    return stdout;
  };
  const before = (await node.log()).length;
  await must(daemon.start);
  const isActive = async () => (await node.log()).slice(before).includes("Local status now set to: 'active'");
  await until(`${daemon.name} to be active`, 90_000, isActive, 250);
  await must(daemon.stop);
  return {
    generation: Number(await must("cat /var/lib/heartbeat/hb_generation")),
    uuid: await must("od -An -tx1 /var/lib/heartbeat/hb_uuid"),
    lists: await must("cd /var/lib/heartbeat; for f in *hostcache; do [ ! -e $f ] || { echo $f; cat $f; }; done"),
    said: (await node.log()).slice(before).split("\n"),
  };
}

describe("one node from heartbeat 3.0.6 to ours and back", {
  skip: originalSkip("UPGRADE IN PLACE", original),
  timeout: 400_000,
}, () => {
  test("the generation goes on growing, the uuid stays, nobody complains about what the other has left, nor changes its lists of nodes", async () => {
    const ours = ourDaemon();
    const theirs = originalDaemon(original);
    const lab = await openLab({ files: seedFiles(timing), daemon: () => theirs });
    try {
      const node = lab.node("master1");
      await node.run(ours.prepare ?? "true");
      const first = await live(node, theirs);
      const lives = [first, await live(node, ours), await live(node, theirs), await live(node, ours)];
      console.log(lives.map(({ generation, uuid, lists }) => `${generation} ${uuid.trim()} ${lists}`).join("\n"));
      assert.deepEqual(
        lives.map(({ generation }) => generation - first.generation),
        [0, 1, 2, 3],
      );
      for (const { uuid, lists } of lives) {
        assert.equal(uuid, first.uuid);
        assert.equal(lists, first.lists);
      }
      assert.match(first.said.join("\n"), /No Previous generation/);
      const about = /(WARN|ERROR|CRIT).*(generation|uuid|hostcache)|No uuid found|No Previous generation/i;
      for (const { said } of lives.slice(1))
        assert.deepEqual(
          said.filter((line) => about.test(line)),
          [],
        );
    } finally {
      await lab.close();
    }
  });
});

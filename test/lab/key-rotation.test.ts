/** One of ours and an original change their key while both serve: in the order of docs/tools.md nobody is deaf to the other. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import type { Node } from "../../src/lab/node.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();
const [FIRST, SECOND] = SEED_ADDRESSES;
const deadtime = 3_000;
const OLD = "1 sha1 what-both-have-had-for-years\n";
const NEW = "2 sha1 what-nobody-has-seen-yet\n";

describe("a mixed pair changes its key", { skip: originalSkip("KEY ROTATION", original), timeout: 600_000 }, () => {
  let lab: Lab;
  let ours: Node;
  let theirs: Node;
  before(async () => {
    const timing = { keepalive: "300ms", deadtime: "3", warntime: "1500ms", initdead: "10" };
    lab = await openLab({
      files: seedFiles({ ...timing, authkeys: `auth 1\n${OLD}` }),
      daemon: (node) => (node === "master1" ? ourDaemon() : originalDaemon(original)),
    });
    [ours, theirs] = [lab.node("master1"), lab.node("master2")];
    await lab.start();
    await until("each to have its own", 120_000, inPlace);
    await ours.logged(/remote resource transition completed|local resource transition completed/, 60_000);
  });
  after(() => lab?.close());

  const inPlace = async (): Promise<boolean> =>
    (await lab.holders(FIRST)).join() === "master1" && (await lab.holders(SECOND)).join() === "master2";
  const rereads = async (node: Node): Promise<number> =>
    (await node.log()).match(/Rereading authentication file/g)?.length ?? 0;
  /** Another authkeys, and a reload; then longer than anybody who is deaf would wait. */
  const change = async (node: Node, authkeys: string): Promise<void> => {
    const known = await rereads(node);
    await node.furnish({ authkeys });
    const { code, stdout, stderr } = await node.run(node.daemon.reload, { timeout: 60_000 });
    assert.equal(code, 0, `${stdout}${stderr}`);
    await until(`${node.name} to read its keys`, 60_000, async () => (await rereads(node)) > known);
    await sleep(2 * deadtime);
  };
  const complaints = async (): Promise<readonly string[]> => {
    const logs = await Promise.all([ours.log(), theirs.log()]);
    const wrong = /is dead|Irretrievably|returning after partition|lost a lot|Invalid authentication/;
    return logs.flatMap((log) => log.split("\n").filter((line) => wrong.test(line)));
  };

  test("listed on ours, switched on the original, switched on ours, the old one taken out: nobody is taken for dead, nothing moves", async () => {
    await change(ours, `auth 1\n${OLD}${NEW}`);
    await change(theirs, `auth 2\n${OLD}${NEW}`);
    assert.match(await ours.log(), /master2 signs with key 2 now/);
    await change(ours, `auth 2\n${OLD}${NEW}`);
    await change(theirs, `auth 2\n${NEW}`);
    await change(ours, `auth 2\n${NEW}`);
    assert.deepEqual([await complaints(), await inPlace()], [[], true]);
  });

  test("the old key opens nothing any more", async () => {
    await change(theirs, `auth 1\n${OLD}`);
    assert.match(await ours.log(), /node master2: is dead/);
  });
});

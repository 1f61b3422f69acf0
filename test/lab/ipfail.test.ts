/** ipfail: a node loses its service network, and with it the ping node. Ours with ours, and ours with an original that runs its own ipfail. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { labSkip, originalSkip } from "./support.js";

const [FIRST, SECOND] = SEED_ADDRESSES;
const respawn = "respawn hacluster /usr/libexec/heartbeat/ipfail";

/** Waits until exactly this node has each address on a card. */
async function holding(lab: Lab, places: Readonly<Record<string, string>>, limit = 30_000): Promise<void> {
  const isSo = async (): Promise<boolean> => {
    for (const [address, node] of Object.entries(places))
      if ((await lab.holders(address)).join() !== node) return false;
    return true;
  };
  await until(`${JSON.stringify(places)}`, limit, isSo, 50);
}

describe("ipfail of two of ours", { skip: labSkip(), timeout: 600_000 }, () => {
  let lab: Lab;
  before(async () => {
    const extra = ["deadping 1", respawn];
    lab = await openLab({ files: seedFiles({ keepalive: "200ms", deadtime: "1", initdead: "5", extra }) });
    await lab.start();
    await holding(lab, { [FIRST]: "master1", [SECOND]: "master2" });
    await lab.node("master1").logged(/node 172\.30\.105\.254: status ping/);
    await lab.node("master2").logged(/node 172\.30\.105\.254: status ping/);
  });
  after(() => lab?.close());

  test("the one that loses the ping node gives its groups to the other, and has them again when it is back", async (t) => {
    const begun = performance.now();
    await lab.cut("master1:ens38");
    await holding(lab, { [FIRST]: "master2", [SECOND]: "master2" }, 10_000);
    const took = performance.now() - begun;
    t.diagnostic(`moved ${Math.round(took)} ms after the cut`);
    assert.ok(took < 4_000, `deadping and a keepalive and a quarter are 1.25 s; it took ${took} ms`);
    const log = await lab.node("master1").log();
    for (const line of [
      "ipfail: .*info: Status update: Node 172.30.105.254 now has status dead",
      "ipfail: .*info: We are dead. :<",
      "ipfail: .*info: Giving up because we have less visible ping nodes.",
      "ipfail: .*info: giveup\\(\\) called \\(timeout worked\\)",
    ])
      assert.match(log, new RegExp(line));
    await lab.heal("master1:ens38");
    await holding(lab, { [FIRST]: "master1", [SECOND]: "master2" });
  });

  test("both lose it: nothing moves, nor when it is back", async () => {
    const standbys = async (): Promise<number> => (await lab.node("master1").log()).split("wants to go standby").length;
    const before = await standbys();
    await Promise.all([lab.cut("master1:ens38"), lab.cut("master2:ens38")]);
    for (const name of ["master1", "master2"]) {
      const isDead = async (): Promise<boolean> =>
        (await lab.node(name).log()).trimEnd().split("NS: We are dead. :<").length > (name === "master1" ? 2 : 1);
      await until(`${name} to lose the ping node`, 10_000, isDead, 100);
    }
    await sleep(1_500);
    await lab.heal();
    await sleep(3_500);
    await holding(lab, { [FIRST]: "master1", [SECOND]: "master2" }, 1_000);
    assert.equal(await standbys(), before);
  });
});

const original = await fetchOriginal();

for (const [ours, loser] of [
  ["master1", "ours"],
  ["master2", "the original"],
] as const) {
  describe(`ipfail, ours on ${ours}, ${loser} loses the ping node`, {
    skip: originalSkip("IPFAIL BESIDE THE ORIGINAL", original),
    timeout: 600_000,
  }, () => {
    const theirs = ours === "master1" ? "master2" : "master1";
    const [unlucky, lucky] = loser === "ours" ? [ours, theirs] : [theirs, ours];
    let lab: Lab;
    before(async () => {
      const timing = { keepalive: "500ms", deadtime: "3", warntime: "2", initdead: "10" };
      const files = seedFiles({ ...timing, extra: ["deadping 2", respawn] });
      lab = await openLab({ files, daemon: (node) => (node === ours ? ourDaemon() : originalDaemon(original)) });
      await lab.start();
      await holding(lab, { [FIRST]: "master1", [SECOND]: "master2" }, 60_000);
      const stable = async (): Promise<boolean> =>
        !/transition/.test((await lab.node(theirs).run("cl_status rscstatus")).stdout);
      await until("the original to be stable", 30_000, stable, 250);
      // Its ipfail has spoken with ours.
      await lab.node(ours).logged(/ipfail: .*(Ping node count is balanced|No giveup timer to abort)/);
    });
    after(() => lab?.close());

    test("everything moves to the other one by the messages of the original's ipfail, and comes home", async () => {
      await lab.cut(`${unlucky}:ens38`);
      await holding(lab, { [FIRST]: lucky, [SECOND]: lucky });
      assert.match(await lab.node(lucky).log(), /ipfail: .*Telling other node that we have more visible ping nodes/);
      assert.match(
        await lab.node(unlucky).log(),
        /ipfail: .*Giving up because we were told that we have less ping nodes/,
      );
      await lab.heal(`${unlucky}:ens38`);
      await holding(lab, { [FIRST]: "master1", [SECOND]: "master2" }, 40_000);
    });
  });
}

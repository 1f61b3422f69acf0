/** `auto_failback legacy` beside an original, both ways round: nobody says what he holds, owners ask for their groups. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { onDemand, originalSkip } from "./support.js";

const original = await fetchOriginal();
const [FIRST, SECOND] = SEED_ADDRESSES;

const skip = originalSkip("LEGACY MODE", original);

for (const ours of ["master1", "master2"]) {
  const theirs = ours === "master1" ? "master2" : "master1";
  describe(`auto_failback legacy, ours on ${ours}, the original on ${theirs}`, {
    skip: ours === "master2" ? skip : onDemand(skip),
    timeout: 600_000,
  }, () => {
    let lab: Lab;
    let probe: ProbeRun;
    before(async () => {
      const timing = {
        keepalive: "200ms",
        deadtime: "2",
        warntime: "1",
        initdead: "6",
        autoFailback: "legacy",
      } as const;
      const daemon = (node: string) => (node === ours ? ourDaemon() : originalDaemon(original));
      lab = await openLab({ files: seedFiles(timing), daemon });
      await lab.start();
      probe = await lab.probe(SEED_ADDRESSES);
    });
    after(() => lab?.close());

    const settled = async (): Promise<void> => {
      await probe.answeredBy(FIRST, "master1");
      await probe.answeredBy(SECOND, "master2");
    };
    const allOn = async (node: string): Promise<void> => {
      for (const address of SEED_ADDRESSES) await probe.answeredBy(address, node);
    };

    test("started together each takes its own; a standby is refused with the original's words", async () => {
      await settled();
      const { code, stderr } = await lab.node(ours).run(lab.node(ours).daemon.standby);
      assert.equal(code, 1);
      assert.match(stderr, /not legacy/);
      assert.match(await lab.node(ours).log(), /Standby mode only implemented when nice_failback on/);
    });

    test("ours dies and returns: it asks, the original releases and says so", async () => {
      await lab.node(ours).crash();
      await allOn(theirs);
      await lab.node(ours).revive();
      await settled();
      assert.match(await lab.node(ours).log(), /received ip-request-resp \S+ OK yes/);
    });

    test("the original dies and returns: it asks, ours releases and says so", async () => {
      await lab.node(theirs).crash();
      await allOn(ours);
      await lab.node(theirs).revive();
      await settled();
      assert.match(await lab.node(theirs).log(), /received ip-request-resp \S+ OK yes/);
    });

    test("whoever stops in order is inherited at once", async () => {
      const [stopping, staying] = ours === "master1" ? [ours, theirs] : [theirs, ours];
      assert.equal((await lab.node(stopping).stop()).code, 0);
      await allOn(staying);
    });

    test("at no time did two nodes answer for one address", () => {
      assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
    });
  });
}

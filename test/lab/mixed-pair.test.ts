/** One of ours and one original 3.0.6 as a pair, both ways round: the first meeting of a rolling upgrade. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { onDemand, originalSkip } from "./support.js";

const original = await fetchOriginal();
const [FIRST, SECOND] = SEED_ADDRESSES;
const timing = { keepalive: "200ms", deadtime: "2", warntime: "1", initdead: "10" };

const skip = originalSkip("MIXED PAIR", original);

for (const ours of ["master1", "master2"]) {
  const theirs = ours === "master1" ? "master2" : "master1";
  const [ownAddress, theirAddress] = ours === "master1" ? [FIRST, SECOND] : [SECOND, FIRST];
  describe(`ours on ${ours}, the original 3.0.6 on ${theirs}`, {
    skip: ours === "master1" ? skip : onDemand(skip),
    timeout: 600_000,
  }, () => {
    let lab: Lab;
    let probe: ProbeRun;
    const plan = (node: string): DaemonPlan => (node === ours ? ourDaemon() : originalDaemon(original));
    before(async () => {
      lab = await openLab({ files: seedFiles(timing), daemon: plan });
      await lab.start();
      probe = await lab.probe(SEED_ADDRESSES);
    });
    after(() => lab?.close());

    const settled = async (): Promise<void> => {
      await probe.answeredBy(ownAddress, ours);
      await probe.answeredBy(theirAddress, theirs);
    };
    /** Neither side moves anything while it is in transition. */
    const stable = async (): Promise<void> => {
      const quiet = async (node: string, command: string): Promise<boolean> =>
        !/transition|moving|starting/.test((await lab.node(node).run(command)).stdout);
      await until("the original to be stable", 60_000, () => quiet(theirs, "cl_status rscstatus"), 250);
      await until("ours to be stable", 60_000, () => quiet(ours, `${lab.node(ours).daemon.status} --json`), 250);
    };
    const tool = async (node: string, command: string): Promise<void> => {
      const { code, stdout, stderr } = await lab.node(node).run(command);
      assert.equal(code, 0, `${command}: ${stdout}${stderr}`);
    };
    const bothWith = async (node: string): Promise<void> => {
      for (const address of SEED_ADDRESSES) await probe.answeredBy(address, node);
    };

    test("they see each other active, and each takes its own address", async () => {
      await settled();
      await stable();
      assert.equal((await lab.node(theirs).run(`cl_status nodestatus ${ours}`)).stdout.trim(), "active");
      assert.match(await lab.node(ours).log(), new RegExp(`Status update for node ${theirs}: status active`));
    });

    test("standby on ours: the original takes everything; takeover brings it back", async () => {
      await stable();
      await tool(ours, lab.node(ours).daemon.standby);
      await bothWith(theirs);
      await stable();
      await tool(ours, `${lab.node(ours).daemon.takeover} local`);
      await settled();
    });

    test("standby on the original: ours takes everything; its own takeover brings it back", async () => {
      await stable();
      await tool(theirs, lab.node(theirs).daemon.standby);
      await bothWith(ours);
      await stable();
      await tool(theirs, `${lab.node(theirs).daemon.takeover} local`);
      await settled();
    });

    test("ours takes over when the original is killed, and gives back what is the original's when it returns", async () => {
      await stable();
      await lab.node(theirs).crash();
      await bothWith(ours);
      await lab.node(theirs).revive();
      await settled();
    });

    test("the original takes over when ours is killed, and gives back when ours returns", async () => {
      await stable();
      await lab.node(ours).crash();
      await bothWith(theirs);
      await lab.node(ours).revive();
      await settled();
    });

    test("a clean stop of either side hands over at once", async () => {
      await stable();
      assert.equal((await lab.node(ours).stop()).code, 0);
      await bothWith(theirs);
      await lab.node(ours).start();
      await settled();
      await stable();
      assert.equal((await lab.node(theirs).stop()).code, 0);
      await bothWith(ours);
      await lab.node(theirs).start();
      await settled();
    });

    test("at no time did two nodes answer for one address", () => {
      assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));
    });
  });
}

/**
 * A node stands still for longer than deadtime and goes on: an original that does takes its peer for dead, takes everything and keeps it,
 * although ours never was away. Played both ways round, and with both nodes standing still at once.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import { type Lab, openLab } from "../../src/lab/lab.js";
import { now } from "../../src/lab/moment.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { tellLogs } from "./our-pair.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();
const timing = { keepalive: "200ms", deadtime: "5", warntime: "2", initdead: "10" };
/** Longer than deadtime. */
const stillness = 7_000;
/** From the first script of the original to the end of two holders: its scripts take a second or many, ours waits five. */
const soon = 120_000;

for (const ours of ["master1", "master2"] as const) {
  const theirs = ours === "master1" ? "master2" : "master1";
  for (const still of [[theirs], [ours, theirs], [ours]] as const)
    describe(`ours on ${ours}, the original on ${theirs}; ${still.join(" and ")} standing still for longer than deadtime`, {
      skip: originalSkip("STANDSTILL", original),
      timeout: 600_000,
    }, () => {
      let lab: Lab;
      let probe: ProbeRun;
      const plan = (node: string): DaemonPlan => (node === ours ? ourDaemon() : originalDaemon(original));
      before(async () => {
        lab = await openLab({ files: seedFiles(timing), daemon: plan });
        await lab.start();
        probe = await lab.probe(SEED_ADDRESSES, { period: 10 });
      });
      after(() => lab?.close());

      const holders = async (): Promise<readonly string[]> =>
        Promise.all(SEED_ADDRESSES.map(async (address) => (await lab.holders(address)).join("+")));
      const home = async (): Promise<void> => {
        await until("each with its own address alone", soon, async () => {
          const [first, second] = await holders();
          return first === "master1" && second === "master2";
        });
        await until("the original to be stable", soon, async () => {
          const { code, stdout } = await lab.node(theirs).run("cl_status rscstatus");
          return code === 0 && stdout.trim() === "local";
        });
      };

      test("afterwards each address has one holder, and comes home by itself", async () => {
        try {
          await home();
          await sleep(2_000);
          for (const name of still) await lab.node(name).freeze();
          await sleep(stillness);
          for (const name of still) await lab.node(name).thaw();
          const thawed = now();
          // The original's scripts have to run first.
          await sleep(10_000);
          await home();
          const split = probe.twoHolders.filter(({ how }) => how === "together");
          const lengths = split.map(({ address, from, to }) => `${address} ${((to - from) / 1_000).toFixed(1)} s`);
          const gaps = SEED_ADDRESSES.flatMap((address) => probe.gapsOf(address, thawed)).map(({ length }) =>
            Math.round(length),
          );
          console.log(
            `home ${((now() - thawed) / 1_000).toFixed(1)} s after; two holders: ${lengths.join(", ") || "never"}; gaps in ms: ${gaps.join(" ")}`,
          );
          assert.equal(probe.openSplits.size, 0);
          if (process.env["TELL"]) await tellLogs(lab);
        } catch (error) {
          await tellLogs(lab);
          throw error;
        }
      });
    });
}

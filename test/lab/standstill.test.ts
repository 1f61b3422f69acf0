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

/** Who stands still, and whether the original gives back what it took. */
const plays = [
  { still: ["theirs"], autoFailback: "on" },
  { still: ["theirs"], autoFailback: "off" },
  { still: ["ours", "theirs"], autoFailback: "on" },
  { still: ["ours"], autoFailback: "on" },
] as const;

for (const ours of ["master1", "master2"] as const)
  for (const { still, autoFailback } of plays) {
    const theirs = ours === "master1" ? "master2" : "master1";
    const frozen = still.map((whose) => (whose === "ours" ? ours : theirs));
    const title = `ours on ${ours}, the original on ${theirs}, auto_failback ${autoFailback}: ${frozen.join(" and ")} standing still`;
    describe(title, { skip: originalSkip("STANDSTILL", original), timeout: 600_000 }, () => {
      let lab: Lab;
      let probe: ProbeRun;
      const plan = (node: string): DaemonPlan => (node === ours ? ourDaemon() : originalDaemon(original));
      before(async () => {
        lab = await openLab({ files: seedFiles({ ...timing, autoFailback }), daemon: plan });
        await lab.start();
        probe = await lab.probe(SEED_ADDRESSES, { period: 10 });
      });
      after(() => lab?.close());

      const holders = async (): Promise<readonly string[]> =>
        Promise.all(SEED_ADDRESSES.map(async (address) => (await lab.holders(address)).join("+")));
      const isHome = async (): Promise<boolean> => (await holders()).join(" ") === "master1 master2";
      const isShared = async (): Promise<boolean> => (await holders()).every((names) => /^master[12]$/.test(names));
      /** As it should be, while the original does not move anything. */
      const atRest = (isRight: () => Promise<boolean>): Promise<unknown> =>
        until("one holder of each address, the original at rest", soon, async () => {
          const { code, stdout } = await lab.node(theirs).run("cl_status rscstatus");
          return code === 0 && !/transition/.test(stdout) && (await isRight());
        });

      test("longer than deadtime: afterwards each address has one holder", async () => {
        try {
          await atRest(isHome);
          await sleep(2_000);
          for (const name of frozen) await lab.node(name).freeze();
          await sleep(stillness);
          for (const name of frozen) await lab.node(name).thaw();
          const thawed = now();
          // The original's scripts have to run first.
          await sleep(10_000);
          await atRest(autoFailback === "on" ? isHome : isShared);
          const split = probe.twoHolders.filter(({ how }) => how === "together");
          const lengths = split.map(({ address, from, to }) => `${address} ${((to - from) / 1_000).toFixed(1)} s`);
          const gaps = SEED_ADDRESSES.flatMap((address) => probe.gapsOf(address, thawed));
          console.log(
            `${title}: over ${((now() - thawed) / 1_000).toFixed(1)} s after; two holders: ${lengths.join(", ") || "never"}; gaps in ms: ${gaps.map(({ length }) => Math.round(length)).join(" ")}`,
          );
          await sleep(3_000);
          assert.equal(probe.openSplits.size, 0);
          if (process.env["TELL"]) await tellLogs(lab);
        } catch (error) {
          await tellLogs(lab);
          throw error;
        }
      });
    });
  }

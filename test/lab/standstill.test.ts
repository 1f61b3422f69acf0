/**
 * A node stands still for longer than deadtime and goes on: an original that does takes its peer for dead, takes everything and keeps it,
 * although ours never was away. With LAB_ALL=1 also the other way round, and with both nodes standing
 * still at once.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../../src/lab/child.js";
import { type DaemonPlan, ourDaemon } from "../../src/lab/daemons.js";
import type { Lab } from "../../src/lab/lab.js";
import { now } from "../../src/lab/moment.js";
import { fetchOriginal, originalDaemon } from "../../src/lab/original.js";
import { SEED_ADDRESSES, seedFiles } from "../../src/lab/seed.js";
import { inLab } from "./our-pair.js";
import { isThorough, originalSkip } from "./support.js";

const original = await fetchOriginal();
const timing = { keepalive: "200ms", deadtime: "5", warntime: "2", initdead: "10" };
/** Longer than deadtime. */
const stillness = 7_000;
/** From the first script of the original to the end of two holders: its scripts take a second or many, ours waits five. */
const soon = 120_000;

interface Play {
  readonly ours: "master1" | "master2";
  readonly still: readonly ("ours" | "theirs")[];
  /** Whether the original gives back what it took. */
  readonly autoFailback: "on" | "off";
}

const plays: readonly Play[] = [
  { ours: "master1", still: ["theirs"], autoFailback: "on" },
  { ours: "master2", still: ["theirs"], autoFailback: "off" },
];
/** A minute each. */
const onDemand: readonly Play[] = [
  { ours: "master2", still: ["theirs"], autoFailback: "on" },
  { ours: "master1", still: ["theirs"], autoFailback: "off" },
  { ours: "master1", still: ["ours", "theirs"], autoFailback: "on" },
  { ours: "master1", still: ["ours"], autoFailback: "on" },
];
const all = isThorough ? [...plays, ...onDemand] : plays;
const skip = originalSkip("STANDSTILL", original);

describe("standing still for longer than deadtime beside an original: afterwards each address has one holder", () => {
  for (const one of all) {
    const { ours, still, autoFailback } = one;
    const theirs = ours === "master1" ? "master2" : "master1";
    const frozen = still.map((whose) => (whose === "ours" ? ours : theirs));
    const title = `ours on ${ours}, auto_failback ${autoFailback}, ${frozen.join(" and ")} stands still`;
    test(title, { skip, timeout: 600_000 }, () => {
      const daemon = (node: string): DaemonPlan => (node === ours ? ourDaemon() : originalDaemon(original));
      const files = seedFiles({ ...timing, autoFailback });
      return inLab({ files, daemon }, async (lab) =>
        console.log(`${title}: ${await play(lab, one, { theirs, frozen })}`),
      );
    });
  }
});

/** @returns what the client saw. */
async function play(
  lab: Lab,
  { autoFailback }: Play,
  { theirs, frozen }: { readonly theirs: string; readonly frozen: readonly string[] },
): Promise<string> {
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

  await lab.start();
  const probe = await lab.probe(SEED_ADDRESSES, { period: 10 });
  await atRest(isHome);
  await sleep(2_000);
  for (const name of frozen) await lab.node(name).freeze();
  await sleep(stillness);
  for (const name of frozen) await lab.node(name).thaw();
  const thawed = now();
  // The original's scripts have to run first.
  await sleep(10_000);
  await atRest(autoFailback === "on" ? isHome : isShared);
  const took = now() - thawed;
  await sleep(3_000);
  assert.equal(probe.openSplits.size, 0);
  const split = probe.twoHolders.filter(({ how }) => how === "together");
  const lengths = split.map(({ address, from, to }) => `${address} ${((to - from) / 1_000).toFixed(1)} s`);
  const gaps = SEED_ADDRESSES.flatMap((address) => probe.gapsOf(address, thawed)).map(({ length }) =>
    length.toFixed(0),
  );
  return `over ${(took / 1_000).toFixed(1)} s after; two holders: ${lengths.join(", ") || "never"}; gaps in ms: ${gaps.join(" ") || "none"}`;
}

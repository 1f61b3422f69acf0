/**
 * Measurements: the acts again and again, and for each the spread of the gap that the client saw. A figure without its spread is a rumour.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  type Act,
  comeBack,
  crash,
  FIRST,
  killBeating,
  SECOND,
  type Stage,
  settled,
  startAgain,
  stopInOrder,
  useTool,
} from "./acts.js";
import { cleanEnvironment } from "./child.js";
import { type Lab, openLab } from "./lab.js";
import { now } from "./moment.js";
import { type SeedOptions, seedFiles } from "./seed.js";

/** What is measured. */
export interface Plan {
  readonly files: SeedOptions;
  readonly rounds: number;
  /** The acts to play; all when left out. */
  readonly only?: readonly string[];
  /** Longest time for any act, in milliseconds. */
  readonly patience: number;
  readonly say: (line: string) => void;
}

/** Gaps of one act over all rounds, in milliseconds. */
export type Figures = ReadonlyMap<string, readonly number[]>;

/** Plays the rounds in one lab. Throws when two nodes ever answered for one address. */
export async function measure(plan: Plan): Promise<Figures> {
  const lab = await openLab({ files: seedFiles(plan.files) });
  try {
    const web = plan.files.services?.includes("nginx") ?? false;
    const probe = await lab.probe([FIRST, SECOND], { patience: Math.min(plan.patience, 400) });
    const stage: Stage = { lab, probe, web, patience: plan.patience };
    const figures = new Map<string, number[]>();
    const note = (what: string, value: number): void => {
      figures.set(what, [...(figures.get(what) ?? []), value]);
      plan.say(`${what}: ${value.toFixed(1)} ms`);
    };
    note("both start at once: first answer after", await bothStart(stage));
    for (let round = 0; round < plan.rounds; round++) {
      for (const next of scenes(stage, plan)) {
        const done = await next();
        note(done.what, done.gap);
      }
      await settled(stage);
    }
    const { worst, sleeps } = await probe.stop();
    plan.say(`the client itself was late by ${worst.toFixed(1)} ms at worst, ${sleeps} times by more than 1.5 ms`);
    if (probe.sawTwoHolders) throw new Error(`two holders: ${JSON.stringify(probe.twoHolders)}`);
    return figures;
  } finally {
    await lab.close();
  }
}

/** From the start command on both nodes to the first answer of both addresses. */
async function bothStart(stage: Stage): Promise<number> {
  const begun = now();
  await stage.lab.start();
  const first = await stage.probe.answeredBy(FIRST, "master1", stage.patience);
  const second = await stage.probe.answeredBy(SECOND, "master2", stage.patience);
  return Math.max(first, second) - begun;
}

/** From the start command on the only node that has one to the first answer of both addresses: initdead decides. */
export async function aloneStart(files: SeedOptions, patience: number): Promise<number> {
  const lab = await openLab({ files: seedFiles(files) });
  try {
    const probe = await lab.probe([FIRST, SECOND]);
    const begun = now();
    await lab.node("master1").start();
    const first = await probe.answeredBy(FIRST, "master1", patience);
    const second = await probe.answeredBy(SECOND, "master1", patience);
    return Math.max(first, second) - begun;
  } finally {
    await lab.close();
  }
}

function scenes(stage: Stage, { only }: Plan): readonly (() => Promise<Act>)[] {
  const [first, second] = [stage.lab.node("master1"), stage.lab.node("master2")];
  const { standby, takeover } = first.daemon;
  const all: Readonly<Record<string, readonly (() => Promise<Act>)[]>> = {
    crash: [() => crash(stage, first, FIRST, "master2"), () => comeBack(stage, first, FIRST)],
    standby: [
      () => useTool(stage, first, standby, FIRST, "master2"),
      () => useTool(stage, first, `${takeover} local`, FIRST, "master1"),
      () => useTool(stage, second, `${standby} local`, SECOND, "master1"),
      () => useTool(stage, first, `${standby} failback`, SECOND, "master2"),
    ],
    kill: [() => killBeating(stage, first, FIRST, "master2")],
    stop: [() => stopInOrder(stage, first, FIRST, "master2"), () => startAgain(stage, first, FIRST)],
  };
  return Object.entries(all).flatMap(([name, acts]) => (only === undefined || only.includes(name) ? acts : []));
}

/** @returns the figures as a Markdown table. */
export function markdown(figures: Figures): string {
  const rows = [...figures].map(([what, values]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const at = (share: number): string => (sorted[Math.round(share * (sorted.length - 1))] ?? 0).toFixed(1);
    return `| ${what} | ${sorted.length} | ${at(0)} | ${at(0.5)} | ${at(1)} |`;
  });
  return ["| what happened | rounds | shortest | median | longest |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** What a pair did under full load. */
export interface Endurance {
  readonly seconds: number;
  /** Lines about a death in either log. */
  readonly deaths: readonly string[];
  /** Gaps that the client saw, in milliseconds, longest first. */
  readonly gaps: readonly number[];
}

/** Keeps every core busy for a while and watches for false deaths. The load ends by itself even if nobody ends it. */
export async function endure(files: SeedOptions, seconds: number, busyLoops: number): Promise<Endurance> {
  const lab = await openLab({ files: seedFiles(files) });
  const load: ChildProcess[] = [];
  try {
    await lab.start();
    const probe = await lab.probe([FIRST, SECOND]);
    await settled({ lab, probe, web: false, patience: 30_000 });
    const burn = `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`;
    for (let i = 0; i < busyLoops; i++) {
      load.push(spawn(process.execPath, ["-e", burn], { env: cleanEnvironment(), stdio: "ignore" }));
    }
    await new Promise((done) => setTimeout(done, seconds * 1000));
    // The logs first: what the pair did is known even if the client, starved by the same load, takes long to end.
    const deaths = await deathsIn(lab);
    await probe.stop();
    if (probe.sawTwoHolders) throw new Error(`two holders: ${JSON.stringify(probe.twoHolders)}`);
    return { seconds, deaths, gaps: probe.gaps.map((gap) => gap.length).sort((a, b) => b - a) };
  } finally {
    for (const child of load) child.kill("SIGKILL");
    await lab.close();
  }
}

async function deathsIn(lab: Lab): Promise<readonly string[]> {
  const logs = await Promise.all(lab.nodes.map((node) => node.log()));
  return logs.flatMap((text) =>
    text.split("\n").filter((line) => /is dead|returning after partition|daemon died/.test(line)),
  );
}

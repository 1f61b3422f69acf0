/**
 * One of ours and an original 3.0.6 as a pair, whatever the medium, the format, the digest and the side: every scene of a pair's life,
 * each with its verdict. A scene that fails does not end the play; its reason is kept and the pair is brought home for the next one.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { bringHome, type Pairing, type Scene, type Stage, startTogether, type Wish } from "./compat-scenes.js";
import { countLost, withLost, withStall } from "./compat-stall.js";
import { type DaemonPlan, ourDaemon } from "./daemons.js";
import { openLab } from "./lab.js";
import { isOriginal, type Original, originalDaemon } from "./original.js";
import type { ProbeRun } from "./probe-run.js";
import { cabledTopology, SEED_ADDRESSES, type SeedOptions, seedFiles } from "./seed.js";

/** What a scene came to: `ok`, or why not. */
export interface Verdict {
  readonly scene: string;
  readonly outcome: string;
}

/** The original has fixed waits of ten seconds; shorter times than these it does not stand on a busy machine. */
const timing = { keepalive: "300ms", deadtime: "3", warntime: "1500ms", initdead: "10" };

/** Who is told how it goes. */
export interface Listener {
  readonly say: (line: string) => void;
  /** A scene failed: both nodes' logs up to then. */
  readonly keepLog: (name: string, text: string) => void;
}

/** For scenes that want it: what a link that loses every third packet needs, and the client that ipfail is. */
const wishes: Readonly<Record<Wish, { readonly timing?: Partial<SeedOptions>; readonly extra: readonly string[] }>> = {
  ipfail: { extra: ["deadping 2", "respawn hacluster /usr/libexec/heartbeat/ipfail"] },
  patience: { timing: { keepalive: "200ms", warntime: "2500ms", deadtime: "5" }, extra: [] },
};

/** Plays all scenes that suit the pairing; those with the same wish follow each other in one lab. */
export async function playPairing(
  pairing: Pairing,
  original: Original,
  scenes: readonly Scene[],
  { say, keepLog }: Listener,
): Promise<readonly Verdict[]> {
  const suitable = scenes.filter(({ under }) => under.includes(pairing.failback));
  const verdicts: Verdict[] = [];
  for (const wish of new Set(suitable.map(({ wants }) => wants))) {
    const stage = await openStage(pairing, original, wish);
    try {
      // A start is the first scene; where it is not among the wanted ones, it is played all the same.
      if (!suitable.some(({ play, wants }) => wants === wish && play === startTogether))
        await startUnjudged(stage, say);
      for (const scene of suitable.filter(({ wants }) => wants === wish)) {
        const outcome = await playScene(stage, scene, keepLog);
        say(`${nameOf(pairing)}: ${scene.name}: ${outcome}`);
        verdicts.push({ scene: scene.name, outcome });
      }
    } finally {
      await stage.lab.close();
    }
  }
  return verdicts;
}

/** It has a verdict of its own where it is among the wanted scenes; what went wrong in it is not what the next scene did. */
async function startUnjudged(stage: Stage, say: Listener["say"]): Promise<void> {
  await startTogether(stage);
  if (stage.probe.sawTwoHolders) say(`(${nameOf(stage.pairing)}: two holders in a start that was not asked for)`);
  stage.probe.sawTwoHolders = false;
}

async function openStage(pairing: Pairing, original: Original, wish: Wish | undefined): Promise<Stage> {
  const mine = pairing.ours === "nobody" ? "master1" : pairing.ours;
  const theirs = mine === "master1" ? "master2" : "master1";
  const daemon = (node: string): DaemonPlan => (node === pairing.ours ? ourDaemon() : originalDaemon(original));
  const plan = pairing.medium === "serial" ? { topology: cabledTopology() } : {};
  const lab = await openLab({ ...plan, files: seedFiles(optionsOf(pairing, wish)), daemon });
  try {
    const probe = await lab.probe(SEED_ADDRESSES, { period: 10 });
    return { lab, probe, mine: lab.node(mine), theirs: lab.node(theirs), pairing };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** @returns a pairing in few words: `bcast, netstring, md5, ours on master1, auto_failback on`. */
export const nameOf = ({ medium, format, digest, ours, failback }: Pairing): string =>
  `${medium}, ${format}, ${digest}, ${ours === "nobody" ? "two originals" : `ours on ${ours}`}, auto_failback ${failback}`;

async function playScene(stage: Stage, scene: Scene, keepLog: Listener["keepLog"]): Promise<string> {
  const { probe, lab, pairing } = stage;
  const stalls = monitorEventLoopDelay({ resolution: 20 });
  stalls.enable();
  const keepLogs = async (): Promise<void> => {
    for (const node of lab.nodes) keepLog(`${nameOf(pairing)}: ${scene.name}: ${node.name}.log`, await node.log());
  };
  const lostBefore = await lostByOriginals(stage);
  try {
    await scene.play(stage);
    if (!probe.sawTwoHolders || scene.splits !== undefined) return "ok";
    await keepLogs();
    return withStall(`two holders${seen(probe)}`, worst(stalls));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "failed") : String(error);
    const lost = (await lostByOriginals(stage)) - lostBefore;
    const outcome = withLost(withStall(reason, worst(stalls)), lost);
    await keepLogs();
    await bringHome(stage).catch(() => undefined);
    return outcome;
  } finally {
    stalls.disable();
    probe.sawTwoHolders = false;
  }
}

/** Its log begins anew when the power comes back: then there are fewer than before, and nothing is known. */
async function lostByOriginals({ lab }: Stage): Promise<number> {
  const originals = lab.nodes.filter(isOriginal);
  const counts = await Promise.all(originals.map(async (node) => countLost(await node.log())));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** @returns for how many milliseconds this ordinary process was not given the processor: nor were the original's scripts. */
const worst = (stalls: IntervalHistogram): number => stalls.max / 1e6;

/** While it lasts there are no figures yet. */
function seen({ twoHolders }: ProbeRun): string {
  const last = twoHolders.at(-1);
  return last === undefined ? "" : ` of ${last.address} for ${((last.to - last.from) / 1000).toFixed(1)} s`;
}

function optionsOf({ medium, format, digest, failback }: Pairing, wish: Wish | undefined): SeedOptions {
  const key = "UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta";
  return {
    ...timing,
    ...(wish && wishes[wish].timing),
    medium,
    autoFailback: failback,
    authkeys: `auth 2\n2 ${digest === "crc" ? "crc" : `${digest} ${key}`}\n`,
    extra: [`msgfmt ${format}`, ...(wish ? wishes[wish].extra : [])],
  };
}

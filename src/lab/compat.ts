/**
 * One of ours and an original 3.0.6 as a pair, whatever the medium, the format, the digest and the side: every scene of a pair's life,
 * each with its verdict. A scene that fails does not end the play; its reason is kept and the pair is brought home for the next one.
 */
import { bringHome, type Pairing, type Scene, type Stage } from "./compat-scenes.js";
import { type DaemonPlan, ourDaemon } from "./daemons.js";
import { openLab } from "./lab.js";
import { type Original, originalDaemon } from "./original.js";
import { cabledTopology, SEED_ADDRESSES, type SeedOptions, seedFiles } from "./seed.js";

/** What a scene came to: `ok`, or why not. */
export interface Verdict {
  readonly scene: string;
  readonly outcome: string;
}

/** The original has fixed waits of ten seconds; shorter times than these it does not stand on a busy machine. */
const timing = { keepalive: "300ms", deadtime: "3", warntime: "1500ms", initdead: "10" };

/** Plays all scenes that suit the pairing. */
export async function playPairing(
  pairing: Pairing,
  original: Original,
  scenes: readonly Scene[],
  say: (line: string) => void,
): Promise<readonly Verdict[]> {
  const mine = pairing.ours === "nobody" ? "master1" : pairing.ours;
  const theirs = mine === "master1" ? "master2" : "master1";
  const daemon = (node: string): DaemonPlan => (node === pairing.ours ? ourDaemon() : originalDaemon(original));
  const plan = pairing.medium === "serial" ? { topology: cabledTopology() } : {};
  const lab = await openLab({ ...plan, files: seedFiles(optionsOf(pairing)), daemon });
  try {
    const probe = await lab.probe(SEED_ADDRESSES);
    const stage: Stage = { lab, probe, mine: lab.node(mine), theirs: lab.node(theirs), pairing };
    const verdicts: Verdict[] = [];
    for (const scene of scenes.filter(({ under }) => under.includes(pairing.failback))) {
      const outcome = await playScene(stage, scene);
      say(`${nameOf(pairing)}: ${scene.name}: ${outcome}`);
      verdicts.push({ scene: scene.name, outcome });
    }
    return verdicts;
  } finally {
    await lab.close();
  }
}

/** @returns a pairing in few words: `bcast, netstring, md5, ours on master1, auto_failback on`. */
export const nameOf = ({ medium, format, digest, ours, failback }: Pairing): string =>
  `${medium}, ${format}, ${digest}, ${ours === "nobody" ? "two originals" : `ours on ${ours}`}, auto_failback ${failback}`;

async function playScene(stage: Stage, scene: Scene): Promise<string> {
  const { probe } = stage;
  try {
    await scene.play(stage);
    const two = probe.sawTwoHolders && scene.splits === undefined;
    return two ? `two holders: ${JSON.stringify(probe.twoHolders.at(-1))}` : "ok";
  } catch (error) {
    await bringHome(stage).catch(() => undefined);
    return error instanceof Error ? (error.message.split("\n")[0] ?? "failed") : String(error);
  } finally {
    probe.sawTwoHolders = false;
  }
}

function optionsOf({ medium, format, digest, failback }: Pairing): SeedOptions {
  const key = "UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta";
  return {
    ...timing,
    medium,
    autoFailback: failback,
    authkeys: `auth 2\n2 ${digest === "crc" ? "crc" : `${digest} ${key}`}\n`,
    extra: [`msgfmt ${format}`],
  };
}

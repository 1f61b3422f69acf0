/**
 * The main job, shown: the tutorial's pair with its own three files, a real nginx, and a client that asks a thousand times a second.
 * Everything that can happen to a server in a day happens within a minute, and each gap that the client saw is written down.
 */
import { readFileSync } from "node:fs";
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
import { type Lab, openLab } from "./lab.js";
import type { Node, NodeFiles } from "./node.js";
import { nginxFiles } from "./seed.js";
import { labFile } from "./tree.js";

/** The times of ha.cf that are not the tutorial's; it beats every 2 s and waits 30 s. */
export interface Speed {
  readonly keepalive: string;
  readonly deadtime: string;
}

/** The tutorial's files word for word, but for the two times (`undefined`: those too). */
export function tutorialFiles(node: string, speed: Speed | undefined): NodeFiles {
  const text = (name: string): string => readFileSync(labFile(`seed/${node}/${name}`), "utf8");
  const original = text("ha.cf");
  const haCf =
    speed === undefined
      ? original
      : original
          .replace(/^keepalive .*$/m, `keepalive ${speed.keepalive}`)
          .replace(/^deadtime .*$/m, `deadtime ${speed.deadtime}`);
  return { haCf, authkeys: text("authkeys"), haresources: text("haresources"), extra: nginxFiles(node) };
}

function haresourcesDiffer(): boolean {
  return tutorialFiles("master1", undefined).haresources !== tutorialFiles("master2", undefined).haresources;
}

/** Opens the tutorial's lab. */
export function openTutorial(speed: Speed | undefined): Promise<Lab> {
  return openLab({ files: { master1: tutorialFiles("master1", speed), master2: tutorialFiles("master2", speed) } });
}

/** Runs the whole play; `say` gets each line for the audience. Throws when something did not happen as it must. */
export async function play(lab: Lab, say: (line: string) => void): Promise<readonly Act[]> {
  const [first, second] = [lab.node("master1"), lab.node("master2")];
  await lab.start();
  const probe = await lab.probe([FIRST, SECOND]);
  const stage: Stage = { lab, probe, web: true, patience: 90_000 };
  await settled(stage);
  say("Both nodes are up; each holds its own address, nginx answers on .201:\n");
  say(await statusOf(first));
  if (haresourcesDiffer())
    say("(The alert is right: the tutorial's two haresources differ, nginx stands behind another address in each.)\n");
  const acts: Act[] = [];
  for (const next of scenes(stage, first, second)) {
    const done = await next();
    acts.push(done);
    say(`  ${done.what}: ${done.holder} answers for ${done.address}, gap ${done.gap.toFixed(1)} ms`);
  }
  const figures = await probe.stop();
  if (probe.sawTwoHolders) throw new Error(`two nodes answered for one address: ${JSON.stringify(probe.twoHolders)}`);
  say(
    `\nThe client was late by ${figures.worst.toFixed(1)} ms at worst. At no time did two nodes answer for one address.`,
  );
  return acts;
}

function scenes(stage: Stage, first: Node, second: Node): readonly (() => Promise<Act>)[] {
  const { standby, takeover } = first.daemon;
  return [
    () => crash(stage, first, FIRST, "master2"),
    () => comeBack(stage, first, FIRST),
    () => useTool(stage, first, standby, FIRST, "master2"),
    () => useTool(stage, first, `${takeover} local`, FIRST, "master1"),
    () => useTool(stage, second, standby, SECOND, "master1"),
    () => useTool(stage, first, `${standby} failback`, SECOND, "master2"),
    () => killBeating(stage, first, FIRST, "master2"),
    async () => {
      await settled(stage);
      return stopInOrder(stage, first, FIRST, "master2");
    },
    () => startAgain(stage, first, FIRST),
  ];
}

async function statusOf(node: Node): Promise<string> {
  return (await node.run(node.daemon.status)).stdout;
}

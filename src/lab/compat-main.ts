/**
 * Plays the life of mixed pairs and writes the table into docs/compatibility.md.
 *
 *     compat-main.js [--parallel N] [--only TEXT] [--scenes TEXT,TEXT] [--loss SECONDS] [--also FILE,FILE] [--page FILE]
 *                    [--logs FOLDER]
 *
 * `--only mcast` plays the pairings whose name contains the text, `--scenes crash,cut` the scenes whose names contain one of the words.
 * `--loss` plays another table instead: 5 % and 30 % of all heartbeats lost in each direction for so long.
 * The logs of both nodes in a scene that failed go into the folder of `--logs`.
 * The page has every pairing and scene. What is not played now stays as it stands there, or as an earlier run, whose stderr is given with
 * `--also`, has it; what was never played is a dash.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nameOf, playPairing, type Verdict } from "./compat.js";
import { lossyPairings, pairings } from "./compat-pairings.js";
import { lossScene, scenes as ordinary, type Pairing, type Scene } from "./compat-scenes.js";
import { linesOf, tableOf, transcribed } from "./compat-table.js";
import { fetchOriginal } from "./original.js";
import { readSection, writeSection } from "./page.js";

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
};

const lossy = Number(option("loss") ?? 0);
const all = lossy > 0 ? lossyPairings() : pairings();
const scenes = lossy > 0 ? [lossScene(5, lossy), lossScene(30, lossy)] : ordinary;
const section = lossy > 0 ? "mixed pairs that lose heartbeats" : "mixed pairs";
const words = option("scenes")?.split(",");
const isWanted = ({ name }: Scene): boolean => words?.some((word) => name.includes(word)) ?? true;

const original = await fetchOriginal();
const waiting = all.filter((pairing) => nameOf(pairing).includes(option("only") ?? ""));
const played = new Map<Pairing, readonly Verdict[]>();
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const logs = option("logs");
const keepLog = (name: string, text: string): void => {
  if (logs === undefined) return;
  mkdirSync(logs, { recursive: true });
  writeFileSync(join(logs, name), text);
};

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    played.set(next, await playPairing(next, original, scenes.filter(isWanted), { say, keepLog }).catch(broken));
}
const broken = (error: unknown): readonly Verdict[] => [
  { scene: "start together", outcome: error instanceof Error ? error.message : String(error) },
];

if (waiting.length > 0) await Promise.all(Array.from({ length: Number(option("parallel") ?? 3) }, work));
const page = option("page");
const before = [
  ...(page === undefined ? [] : linesOf(readSection(page, section))),
  ...(option("also")?.split(",") ?? []).flatMap((file) => readFileSync(file, "utf8").split("\n")),
];
const verdictsOn = (pairing: Pairing): readonly Verdict[] => [
  ...transcribed(before, pairing),
  ...(played.get(pairing) ?? []),
];
const verdicts = new Map(all.map((pairing) => [pairing, verdictsOn(pairing)]));
const text = tableOf(
  verdicts,
  scenes.map(({ name }) => name),
);
process.stdout.write(`${text}\n`);
if (page !== undefined) writeSection(page, section, text);
process.exitCode = [...played.values()].flat().every(({ outcome }) => outcome === "ok") ? 0 : 1;

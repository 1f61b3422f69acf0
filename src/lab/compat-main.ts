/**
 * Plays the life of mixed pairs and writes the table into docs/compatibility.md.
 *
 *     compat-main.js [--parallel N] [--only TEXT] [--scenes TEXT,TEXT] [--loss SECONDS] [--also FILE,FILE] [--page FILE]
 *
 * `--loss` adds two scenes: 5 % and 30 % of all heartbeats lost in each direction for so long.
 * `--only mcast` plays the pairings whose name contains the text, `--scenes crash,cut` beside the start the scenes whose names contain one
 * of the words. What a run says on stderr can be given to a later one with `--also`: it plays what it is told to and keeps the rest. The
 * page has every pairing and scene; what was never played is a dash.
 */
import { readFileSync } from "node:fs";
import { nameOf, playPairing, type Verdict } from "./compat.js";
import { lossScene, scenes as ordinary, type Pairing, type Scene } from "./compat-scenes.js";
import { fetchOriginal } from "./original.js";
import { writeSection } from "./page.js";

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
};

const lossy = Number(option("loss") ?? 0);
const words = option("scenes")?.split(",");
const isWanted = ({ name }: Scene): boolean => words?.some((word) => name.includes(word)) ?? true;
const scenes = [
  ...ordinary.filter((scene, index) => index === 0 || isWanted(scene)),
  ...(lossy > 0 ? [lossScene(5, lossy), lossScene(30, lossy)] : []),
];

/** Every medium and every digest, ours on either side; the other settings of auto_failback over ucast; two originals to compare with. */
function pairings(): readonly Pairing[] {
  const digests = ["sha1", "md5", "crc"] as const;
  const sides = ["master1", "master2"] as const;
  const made: Pairing[] = [];
  const add = (one: Partial<Pairing> & Pick<Pairing, "ours">): void => {
    const digest = digests[made.length % digests.length] ?? "sha1";
    made.push({ medium: "ucast", format: "classic", digest, failback: "on", ...one });
  };
  for (const medium of ["ucast", "bcast", "mcast", "serial"] as const) for (const ours of sides) add({ medium, ours });
  for (const failback of ["off", "legacy"] as const) for (const ours of sides) add({ failback, ours });
  for (const medium of ["ucast", "serial"] as const)
    for (const ours of sides) add({ medium, ours, format: "netstring" });
  for (const format of ["classic", "netstring"] as const) add({ ours: "nobody", format });
  for (const failback of ["off", "legacy"] as const) add({ ours: "nobody", failback });
  return made;
}

/** @returns one row per pairing, one column per scene; below, what failed. */
function table(played: ReadonlyMap<Pairing, readonly Verdict[]>): string {
  const failures: string[] = [];
  /** What two originals made of the same scene. */
  const reference = ({ format, failback }: Pairing, scene: string): string | undefined =>
    [...played]
      .find(([one]) => one.ours === "nobody" && one.format === format && one.failback === failback)?.[1]
      .find((one) => one.scene === scene)?.outcome;
  const cell = (pairing: Pairing, verdict: Verdict | undefined): string => {
    if (verdict === undefined) return "–";
    if (verdict.outcome === "ok") return "ok";
    failures.push(`${failures.length + 1}. ${nameOf(pairing)}: ${verdict.scene}: ${verdict.outcome}`);
    const alike = pairing.ours !== "nobody" && (reference(pairing, verdict.scene) ?? "ok") !== "ok";
    return `${alike ? "as 3.0.6" : "no"} (${failures.length})`;
  };
  const columns = [...new Set([...ordinary, ...scenes].map(({ name }) => name))];
  const rows = [...played].map(([pairing, verdicts]) => {
    const cells = columns.map((name) =>
      cell(
        pairing,
        verdicts.find((one) => one.scene === name),
      ),
    );
    return `| ${nameOf(pairing)} | ${cells.join(" | ")} |`;
  });
  const head = `| pairing | ${columns.join(" | ")} |\n|---|${columns.map(() => "---").join("|")}|`;
  return [head, ...rows, "", ...failures].join("\n").trimEnd();
}

const original = await fetchOriginal();
const all = pairings();
const wanted = all.filter((pairing) => nameOf(pairing).includes(option("only") ?? ""));
const played = new Map<Pairing, readonly Verdict[]>();
const waiting = [...wanted];
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    played.set(next, await playPairing(next, original, scenes, say).catch((error) => broken(error)));
}
const broken = (error: unknown): readonly Verdict[] => [
  { scene: "start together", outcome: error instanceof Error ? error.message : String(error) },
];

/** The verdicts of earlier runs, by what they said; of two on the same scene the later one counts. */
function transcribed(pairing: Pairing): readonly Verdict[] {
  const begin = `${nameOf(pairing)}: `;
  const lines = (option("also")?.split(",") ?? []).flatMap((file) => readFileSync(file, "utf8").split("\n"));
  return lines.flatMap((line) => {
    const [, scene, outcome] = line.startsWith(begin) ? (/^(.+?): (.+)$/.exec(line.slice(begin.length)) ?? []) : [];
    return scene === undefined || outcome === undefined ? [] : [{ scene, outcome }];
  });
}

/** Later verdicts before earlier ones: the first of a scene is taken. */
const verdictsOn = (pairing: Pairing): readonly Verdict[] => [
  ...(played.get(pairing) ?? []),
  ...[...transcribed(pairing)].reverse(),
];

if (wanted.length > 0) await Promise.all(Array.from({ length: Number(option("parallel") ?? 3) }, work));
const text = table(new Map(all.map((pairing) => [pairing, verdictsOn(pairing)])));
process.stdout.write(`${text}\n`);
const page = option("page");
if (page !== undefined) writeSection(page, "mixed pairs", text);
process.exitCode = [...played.values()].flat().every(({ outcome }) => outcome === "ok") ? 0 : 1;

import type { ConfigFiles } from "../config/check.js";
import type { HostFacts } from "../config/host-facts.js";
import { doubleFailures, type Failure, singleFailures } from "./catalogue.js";
import { type OwnCluster, openOwnCluster } from "./own-cluster.js";
import { type Outside, openFiles } from "./simulate-command.js";
import { type Outcome, watch } from "./watching.js";
import { parseWhatIf } from "./what-if.js";

/** What a failure leads to for the worst-off resource group. */
export interface Guarantee {
  readonly failure: string;
  readonly outcome: Outcome;
  /** The group that fares worst, and how long it had no holder, or two, in milliseconds. */
  readonly group: string;
  readonly unserved: number;
  readonly doubled: number;
  /** Lines of ha.cf each of which mends it (tried, not looked up); empty: none of those that are known. */
  readonly mendedBy: readonly string[];
}

/** Directives that a file may have once only: a remedy takes the place of the line that is there. */
const single: ReadonlySet<string> = new Set([
  "auto_failback",
  "arbiter",
  "ping_quorum",
  "ask_address",
  "monitor_interval",
]);

/** From good to bad. */
const ranks: readonly Outcome[] = ["stays", "moves", "none holds", "two holders"];
export const isRed = (outcome: Outcome): boolean => outcome === "two holders" || outcome === "none holds";

/** Lives through the failure. */
export function guaranteeOf(cluster: OwnCluster, { question }: Failure): Omit<Guarantee, "mendedBy"> {
  const { fates } = watch(cluster, parseWhatIf(question, cluster));
  const [worst] = [...fates].sort(
    (one, other) => ranks.indexOf(other.outcome) - ranks.indexOf(one.outcome) || other.unserved - one.unserved,
  );
  if (worst === undefined) return { failure: question, outcome: "stays", group: "", unserved: 0, doubled: 0 };
  const { outcome, group, unserved, doubled } = worst;
  return { failure: question, outcome, group, unserved, doubled };
}

/** A line, or a few, that an operator could add to ha.cf. */
interface Remedy {
  readonly lines: readonly string[];
  /** How it is printed. */
  readonly text: string;
}

function remediesFor({ nodes, links, pings, config }: OwnCluster): readonly Remedy[] {
  const everybody = nodes.join(" ");
  const second = links.includes("eth9") ? "eth8" : "eth9";
  const gateway = pings[0] ?? "192.0.2.1";
  const ipfail = ["respawn hacluster /usr/lib/heartbeat/ipfail"];
  return [
    { lines: [`bcast ${second}`], text: "one more link: bcast INTERFACE" },
    ...(config.settings.fencing.devices.length > 0
      ? []
      : [{ lines: [`stonith_host * null ${everybody}`], text: "a fencing device: stonith_host * TYPE PARAMETERS" }]),
    ...(pings.length > 0
      ? []
      : [
          {
            lines: [`ping ${gateway}`, ...ipfail],
            text: "ping GATEWAY, and respawn hacluster /usr/lib/heartbeat/ipfail",
          },
        ]),
    { lines: ["arbiter witness 192.0.2.9"], text: "a witness on a third machine: arbiter witness ADDRESS" },
    {
      lines: ["ping_quorum on", ...(pings.length > 0 ? [] : [`ping ${gateway}`])],
      text: "ping_quorum on, with ping nodes",
    },
    { lines: ["ask_address on"], text: "ask_address on" },
    { lines: ["monitor_interval 10s"], text: "monitor_interval 10s" },
    { lines: ipfail, text: "respawn hacluster /usr/lib/heartbeat/ipfail" },
    { lines: ["auto_failback off"], text: "auto_failback off" },
  ];
}

/** The operator's files, and the same with a remedy; what the check refuses is no remedy. */
export interface Files {
  readonly files: ConfigFiles;
  readonly resolved: HostFacts["resolved"];
}

function withRemedy({ files, resolved }: Files, { lines }: Remedy): OwnCluster | undefined {
  const given = files.haCf.text ?? "";
  const replaced = lines.map((line) => line.split(" ")[0]).filter((word) => word !== undefined && single.has(word));
  const kept = given.split("\n").filter((line) => !replaced.some((word) => line.trim().split(/\s+/)[0] === word));
  // Directives that say how nodes are named come last in many files; order means nothing to the check.
  const text = `${[...lines, ...kept].join("\n")}\n`;
  const opened = openOwnCluster({ ...files, haCf: { ...files.haCf, text } }, resolved);
  return opened.ok ? opened.cluster : undefined;
}

/** Every failure with its outcome; for red ones, what mends them. */
export function allGuarantees(
  cluster: OwnCluster,
  files: Files,
): { readonly singles: readonly Guarantee[]; readonly doubles: readonly Guarantee[]; readonly doublesTried: number } {
  const remedies = remediesFor(cluster).map((remedy) => ({ remedy, mended: withRemedy(files, remedy) }));
  const judged = (failure: Failure): Guarantee => {
    const found = guaranteeOf(cluster, failure);
    if (!isRed(found.outcome)) return { ...found, mendedBy: [] };
    const mending = remedies.filter(
      ({ mended }) => mended !== undefined && !isRed(guaranteeOf(mended, failure).outcome),
    );
    return { ...found, mendedBy: mending.map(({ remedy }) => remedy.text) };
  };
  const singles = singleFailures(cluster).map(judged);
  const tried = doubleFailures(cluster);
  const bad = singles.filter(({ outcome }) => isRed(outcome)).map(({ failure }) => failure);
  // A double failure with a half that is red by itself teaches nothing new.
  const doubles = tried
    .filter(({ question }) => !bad.some((half) => question.split(" and ").includes(half)))
    .map(judged);
  return { singles, doubles: doubles.filter(({ outcome }) => isRed(outcome)), doublesTried: tried.length };
}

/** `heartbeat check --guarantees`. @returns the exit code: 0 no single failure is red, 1 some are, or the files have errors. */
export async function guaranteesCommand(
  { directory, json }: { readonly directory: string; readonly json: boolean },
  outside: Outside,
): Promise<number> {
  const cluster = await openFiles(directory, outside);
  if (cluster === undefined) return 1;
  const files = outside.loadFiles(directory);
  const { resolved } = await outside.hostFacts(files);
  const found = allGuarantees(cluster, { files, resolved });
  if (json) outside.out(`${JSON.stringify(found, undefined, 2)}\n`);
  else outside.out(`${table(found).join("\n")}\n`);
  return found.singles.some(({ outcome }) => isRed(outcome)) ? 1 : 0;
}

function table({ singles, doubles, doublesTried }: ReturnType<typeof allGuarantees>): readonly string[] {
  const width = Math.max(...[...singles, ...doubles].map(({ failure }) => failure.length), 20);
  const line = (one: Guarantee): readonly string[] => [
    `${isRed(one.outcome) ? "!" : " "} ${one.failure.padEnd(width)}  ${inWords(one)}`,
    ...(isRed(one.outcome) ? one.mendedBy.map((text) => `  ${"".padEnd(width)}    mended by ${text}`) : []),
  ];
  return [
    "One failure at a time (the worst-off resource group):",
    ...singles.flatMap(line),
    "",
    `Two at a time: ${doublesTried} tried; those that are bad although neither is bad by itself:`,
    ...(doubles.length === 0 ? ["  none"] : doubles.flatMap(line)),
    "",
    "Each line was played through with the daemon's own rules; heartbeat simulate -c DIRECTORY 'FAILURE' shows how it goes.",
  ];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

function inWords({ outcome, unserved, doubled, group }: Omit<Guarantee, "mendedBy">): string {
  switch (outcome) {
    case "stays":
      return unserved === 0 ? "stays" : `stays, ${seconds(unserved)} of interruption`;
    case "moves":
      return `moves, ${seconds(unserved)} of interruption`;
    case "none holds":
      return `NONE HOLDS ${group}`;
    case "two holders":
      return `TWO HOLDERS of ${group} for ${seconds(doubled)} or longer`;
  }
}

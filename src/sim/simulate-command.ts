import type { ConfigFiles } from "../config/check.js";
import type { HostFacts } from "../config/host-facts.js";
import { formatProblem } from "../config/problem.js";
import { type OwnCluster, openOwnCluster } from "./own-cluster.js";
import { type Chronicle, type Fate, watch } from "./watching.js";
import { NotUnderstood, parseWhatIf, whatIfHelp } from "./what-if.js";

/** What the verbs of this room need from the outside. */
export interface Outside {
  readonly confDir: string;
  loadFiles(directory: string): ConfigFiles;
  hostFacts(files: ConfigFiles): HostFacts | Promise<HostFacts>;
  out(text: string): void;
  error(text: string): void;
}

const usage = `usage: heartbeat simulate [-c DIRECTORY] [--json] 'WHAT GOES WRONG'

Plays it through with the daemon's own rules on a pretend cluster of your three files, and prints what would happen and when. Nothing of
this machine is touched, and heartbeat need not run.

${whatIfHelp}
Exit codes: 0 played through, 1 the files have errors, 64 the question is not understood.
`;

/** `heartbeat simulate`. @returns the exit code. */
export async function simulateCommand(argv: readonly string[], outside: Outside): Promise<number> {
  const read = readArguments(argv, outside.confDir);
  if (read === "help") {
    outside.out(usage);
    return 0;
  }
  const opened = await openFiles(read.directory, outside);
  if (opened === undefined) return 1;
  try {
    const stages = parseWhatIf(read.question, opened);
    const chronicle = watch(opened, stages);
    if (read.json) outside.out(`${JSON.stringify(plain(read.question, chronicle), undefined, 2)}\n`);
    else outside.out(`${timeLine(read.question, opened, chronicle).join("\n")}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    outside.error(`${error.message}\n`);
    return 64;
  }
}

function readArguments(argv: readonly string[], confDir: string) {
  let [directory, json] = [confDir, false];
  const words: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "-h" || word === "--help") return "help" as const;
    if (word === "-c" || word === "--directory") directory = rest.shift() ?? directory;
    else if (word === "--json") json = true;
    else words.push(word);
  }
  return { directory, json, question: words.join(" ") };
}

/** @returns the cluster; `undefined` when the files have errors, which have been printed. */
export async function openFiles(directory: string, outside: Outside): Promise<OwnCluster | undefined> {
  const files = outside.loadFiles(directory);
  const { resolved } = await outside.hostFacts(files);
  const opened = openOwnCluster(files, resolved);
  if (opened.ok) return opened.cluster;
  for (const problem of opened.problems) if (problem.severity === "error") outside.error(`${formatProblem(problem)}\n`);
  outside.error("heartbeat would not start with these files; heartbeat check says more.\n");
  return undefined;
}

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);

function timeLine(
  question: string,
  cluster: OwnCluster,
  { before, events, fates, end, neverSettled }: Chronicle,
): readonly string[] {
  const { timing } = cluster.config.settings;
  const width = Math.max(...cluster.nodes.map((node) => node.length));
  const held = cluster.config.groups.map(({ name }) => `  ${name} on ${before.get(name) ?? "no node"}`);
  return [
    `What if ${question}?   (keepalive ${seconds(timing.keepalive)} s, deadtime ${seconds(timing.deadtime)} s)`,
    ...(neverSettled ? ["Even before that, not every group had found its node:"] : ["Before:"]),
    ...held,
    "",
    ...events.map(({ at, node, text }) =>
      node === undefined
        ? `${seconds(at).padStart(7)} s  ${"".padEnd(width, "-")}  ${text}`
        : `${seconds(at).padStart(7)} s  ${node.padEnd(width)}  ${text}`,
    ),
    "",
    `After ${seconds(end)} s, with nothing moving any more:`,
    ...fates.map((fate) => `  ${fate.group} ${fateInWords(fate)}`),
  ];
}

function fateInWords({ before, after, unserved, doubled, outcome }: Fate): string {
  const pause = unserved === 0 ? "without a pause" : `after ${seconds(unserved)} s without it`;
  switch (outcome) {
    case "stays":
      return `stays on ${after ?? "no node"}${unserved === 0 ? "" : `, ${seconds(unserved)} s of interruption`}`;
    case "moves":
      return `moves from ${before ?? "no node"} to ${after ?? "no node"} ${pause}`;
    case "two holders":
      return `was on TWO NODES for ${seconds(doubled)} s; now on ${after ?? "no node"}`;
    case "none holds":
      return "is on NO NODE";
  }
}

const plain = (question: string, { before, events, fates, end, neverSettled }: Chronicle) => ({
  question,
  settledBefore: !neverSettled,
  before: Object.fromEntries(before),
  events: events.map(({ at, node, text }) => ({ seconds: at / 1_000, node: node ?? null, text })),
  groups: fates.map(({ group, before: from, after, unserved, doubled, outcome }) => ({
    group,
    before: from ?? null,
    after: after ?? null,
    outcome,
    secondsWithoutHolder: unserved / 1_000,
    secondsWithTwoHolders: doubled / 1_000,
  })),
  endsAfterSeconds: end / 1_000,
});

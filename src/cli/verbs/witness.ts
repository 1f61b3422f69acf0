import { connect } from "node:net";
import type { WitnessCluster, WitnessStatus } from "../../control/witness-status.js";
import { type Line, line, painted, piece } from "../../status/line.js";
import { table } from "../../status/table.js";
import { plain, spoken } from "../../status/words.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";

/** Milliseconds. */
const patience = 5_000;
/** A witness with all the clusters that it can have writes less. */
const longest = 64 * 1024 * 1024;

/** `heartbeat witness --status`: which leases are held by whom; 3: no witness runs here. */
export async function showWitness(
  { terminal }: Surroundings,
  options: { readonly socket: string; readonly json: boolean },
): Promise<number> {
  const heard = await documentAt(options.socket);
  if (!heard.ok) {
    terminal.error(`${heard.why}\n`);
    return heard.exit;
  }
  const status = statusIn(heard.text);
  if (status === undefined) {
    terminal.error(`${options.socket}: the answer is not that of a witness\n`);
    return exitCodes.failed;
  }
  const { columns } = terminal.size();
  if (options.json) terminal.out(heard.text);
  else
    terminal.out(
      pictureOf(status, columns)
        .map((one) => `${painted(one, terminal.colour)}\n`)
        .join(""),
    );
  return exitCodes.completed;
}

type Heard =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly exit: number };

function documentAt(path: string): Promise<Heard> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const client = connect(path);
    const fail = (why: string, exit: number): void => {
      client.destroy();
      resolve({ ok: false, why, exit });
    };
    client.setTimeout(patience, () => fail(`${path}: no answer within ${patience / 1000} s`, exitCodes.timedOut));
    client.on("data", (bytes: Buffer) => {
      size += bytes.length;
      if (size > longest) fail(`${path}: the answer has no end`, exitCodes.failed);
      else pieces.push(bytes);
    });
    client.on("end", () => resolve({ ok: true, text: Buffer.concat(pieces).toString("utf8") }));
    client.on("error", ({ code, message }: NodeJS.ErrnoException) => {
      if (code === "EACCES") fail(message, exitCodes.notPermitted);
      else fail(`no witness runs here (${message})`, exitCodes.notRunning);
    });
  });
}

function statusIn(text: string): WitnessStatus | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isOurs = typeof value === "object" && value !== null && "version" in value && value.version === 1;
    return isOurs ? (value as WitnessStatus) : undefined;
  } catch {
    return undefined;
  }
}

/** For a terminal of that width. */
export function pictureOf(status: WitnessStatus, width: number): readonly Line[] {
  const { listen, running, longestLease, quietFor, clusters } = status;
  const about = `witness at ${listen}, for ${spoken(running)}; the longest lease is ${spoken(longestLease)}`;
  const quiet = `has just started: grants nothing new for another ${spoken(quietFor)}`;
  return [
    line(about, "title"),
    ...(quietFor > 0 ? [line(quiet, "doubtful")] : []),
    ...(clusters.length === 0 ? [line("serves no cluster", "bad")] : clusters.flatMap((one) => clusterOf(one, width))),
    line(""),
    line(`datagrams: ${countersOf(status)}`, "dim"),
  ];
}

function clusterOf({ name, isServed, leases, nodes }: WitnessCluster, width: number): readonly Line[] {
  const heard = nodes.map((node) => `${plain(node.name)} called ${spoken(node.calledAgo)} ago`);
  const about = heard.length === 0 ? "no node has called" : heard.join(", ");
  const title = [
    piece(plain(name), "title"),
    piece(`: ${about}`),
    ...(isServed ? [] : [piece(" (no key file)", "bad")]),
  ];
  const rows = leases.map(({ group, by, freeIn, heldFor }) => [
    piece(`  ${plain(group)}`),
    piece(plain(by)),
    piece(spoken(heldFor)),
    piece(spoken(freeIn)),
  ]);
  const columns = [{ title: "  GROUP" }, { title: "HOLDER", least: 8 }, { title: "HELD FOR" }, { title: "FREE IN" }];
  return [line(""), title, ...(rows.length === 0 ? [line("  no leases", "dim")] : table(columns, rows, width))];
}

const countersOf = ({ counters }: WitnessStatus): string =>
  Object.entries(counters)
    .map(([name, count]) => `${counterWords[name] ?? plain(name)} ${Number(count)}`)
    .join(", ");

const counterWords: Readonly<Record<string, string>> = {
  answered: "answered",
  repeated: "said before",
  unknownCluster: "of unknown clusters",
  wrongKey: "with a wrong key",
  malformed: "malformed",
};

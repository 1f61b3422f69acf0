/** `heartbeat witness`: the process that serves leases until SIGTERM. SIGHUP reads the key files anew, SIGUSR1 logs who holds what. */
import { hostname } from "node:os";
import type { WitnessOptions } from "../cli/surroundings.js";
import type { WitnessStatus } from "../control/witness-status.js";
import { type Instant, milliseconds } from "../core/time.js";
import { type Endpoint, sockaddrOf } from "../io/datagram-socket.js";
import { describeError } from "../io/libc.js";
import { openLog } from "../io/log.js";
import { monotonicNow } from "../io/monotonic.js";
import { openStatusSocket } from "../io/status-socket.js";
import { openWitnessServer, type WitnessServer } from "../io/witness-server.js";
import type { Passing } from "../witness/desk.js";
import type { Seals } from "../witness/seal.js";
import { readWitnessKeys } from "./witness-keys.js";

const exitCodes = { ended: 0, cannotStart: 1, usage: 64 } as const;
/** So many milliseconds lie between two lines about calls that are not answered. */
const complaintPause = 10_000;

type Say = (level: "info" | "WARN" | "ERROR", text: string) => void;

/** @returns the exit code, when it has ended. */
export async function runWitness(options: WitnessOptions): Promise<number> {
  const listen = endpointOf(options.listen);
  if (listen === undefined) {
    process.stderr.write(`heartbeat: --listen ${options.listen}: want ADDRESS:PORT, as 0.0.0.0:7694 or [::]:7694\n`);
    return exitCodes.usage;
  }
  const log = openLog({ settings: toSyslog, host: hostname(), stderr: true });
  const say: Say = (level, text) => log.line({ level, program: "heartbeat", text: `witness: ${text}` });
  const longestLease = milliseconds(options.longestLease * 1000);
  const opened = openWitnessServer({ listen, longestLease, onPassing: (passing) => say("info", wordsOf(passing)) });
  if (!opened.ok) {
    say("ERROR", `cannot listen at ${options.listen}: ${describeError(opened)}`);
    return exitCodes.cannotStart;
  }
  const server = opened.value;
  say("info", `listening at ${options.listen}; the longest lease is ${options.longestLease} s`);
  say("info", `grants nothing for ${options.longestLease} s: a former one may have, except to who still holds`);
  const load = loader(server, options.keys, say);
  await load();
  const show = (): string => `${JSON.stringify(statusOf(server, options.listen), undefined, 2)}\n`;
  const status = await openStatusSocket(options.socket, show);
  if (typeof status === "string") say("WARN", `no status: ${status} (--socket names another place)`);
  const complaints = setInterval(complaining(server, say), complaintPause);
  const reload = (): void => void load();
  const describe = (): void => describeLeases(server, options.listen, say);
  process.on("SIGHUP", reload).on("SIGUSR1", describe);
  const signal = await ended();
  process.off("SIGHUP", reload).off("SIGUSR1", describe);
  clearInterval(complaints);
  if (typeof status !== "string") status.close();
  server.close();
  say("info", `ends (${signal}); leases that were granted run out by themselves`);
  return exitCodes.ended;
}

const toSyslog = {
  logfile: undefined,
  debugfile: undefined,
  facility: "daemon",
  debugLevel: 0,
  syslogFormat: true,
  journal: undefined,
} as const;

const ended = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });

/** `172.30.105.9:7694`, `[2001:db8::9]:7694`. */
function endpointOf(text: string): Endpoint | undefined {
  const [, v6, v4, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const endpoint = { address: v6 ?? v4 ?? "", port: Number(digits) };
  const isRight = (v6 === undefined) !== endpoint.address.includes(":") && endpoint.port <= 65_535;
  return isRight && sockaddrOf(endpoint) !== undefined ? endpoint : undefined;
}

/**
 * @returns what reads the key files and serves what is in them. What cannot be read leaves everything as it is: a mistake in a file must
 * not take its witness from a cluster that runs.
 */
function loader(server: WitnessServer, directory: string, say: Say): () => Promise<void> {
  let served: ReadonlyMap<string, Seals> = new Map();
  return async () => {
    const { clusters, problems, isComplete } = await readWitnessKeys(directory);
    for (const { level, text } of problems) say(level, text);
    if (isComplete) served = withSeals(clusters, served);
    server.serve(served);
    if (served.size > 0) say("info", `serves ${[...served.keys()].join(", ")}`);
    else say("WARN", `serves no cluster: put a copy of its authkeys into ${directory} and send SIGHUP`);
  };
}

function withSeals(
  clusters: ReadonlyMap<string, Seals | undefined>,
  before: ReadonlyMap<string, Seals>,
): ReadonlyMap<string, Seals> {
  return new Map(
    [...clusters].flatMap(([name, read]) => {
      const seals = read ?? before.get(name);
      return seals === undefined ? [] : [[name, seals] as const];
    }),
  );
}

function wordsOf({ cluster, group, from, to }: Passing): string {
  if (to === undefined) return `${cluster}: ${from} gave the lease of ${group} back`;
  return `${cluster}: ${to} has the lease of ${group}${from === undefined ? "" : `, which ${from} had`}`;
}

/** Calls that are not answered are somebody's mistake, or an attack: a line now and then. */
function complaining(server: WitnessServer, say: Say): () => void {
  let told = { ...server.desk.counters };
  return () => {
    const now = { ...server.desk.counters };
    const words = (["wrongKey", "unknownCluster", "malformed"] as const).flatMap((what) =>
      now[what] > told[what] ? [`${now[what] - told[what]} ${complaintWords[what]}`] : [],
    );
    told = now;
    if (words.length > 0) say("WARN", `not answered: ${words.join(", ")}; the last came from ${server.refusedFrom}`);
  };
}

const complaintWords = {
  wrongKey: "with a key that is not the cluster's",
  unknownCluster: "of a cluster without key file",
  malformed: "that are no calls",
} as const;

function describeLeases(server: WitnessServer, listen: string, say: Say): void {
  const { clusters } = statusOf(server, listen);
  for (const { name, leases } of clusters) {
    if (leases.length === 0) say("info", `${name}: no leases`);
    for (const { group, by, freeIn } of leases)
      say("info", `${name}: ${by} has the lease of ${group} for another ${Math.round(freeIn)} ms`);
  }
}

function statusOf({ desk }: WitnessServer, listen: string): WitnessStatus {
  const now = monotonicNow();
  const { startedAt, longestLease } = desk.terms;
  const since = (instant: Instant): number => now - instant;
  return {
    version: 1,
    listen,
    running: since(startedAt),
    longestLease,
    quietFor: Math.max(0, longestLease - since(startedAt)),
    clusters: [...desk.ledgers()].map(([name, { leases, callers }]) => ({
      name,
      isServed: desk.isServed(name),
      leases: [...leases]
        .filter(([, { until }]) => now < until)
        .map(([group, lease]) => ({
          group,
          by: lease.by,
          heldFor: since(lease.since),
          freeIn: lease.until - now,
        })),
      nodes: [...callers].map(([node, { calledAt }]) => ({ name: node, calledAgo: since(calledAt) })),
    })),
    counters: { ...desk.counters },
  };
}

/**
 * A watch that is running: starts the probe in the client machine and keeps what it reports, with names of nodes instead of MACs.
 */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { TwoHolders } from "./answerers.js";
import { ended, until } from "./child.js";
import type { Lab } from "./lab.js";
import type { Change, Gap, Tally } from "./ledger.js";
import { type Moment, now } from "./moment.js";
import { labProgram } from "./tree.js";

/** What a caller may choose. Times are milliseconds. */
export interface ProbeOptions {
  /** Between two pings of one address; 1. */
  readonly period?: number;
  /** Between two "who has it?"; 20. */
  readonly arpPeriod?: number;
  /** A ping is lost when it is not answered within this time; 200. */
  readonly patience?: number;
  /** Shorter gaps are not reported; 3. */
  readonly threshold?: number;
  /** Ask the echo service at this port of the addresses (IPv4 only) instead of pinging them. */
  readonly udpPort?: number;
  /** Called for every finding as it comes in. */
  readonly onFinding?: (finding: Finding) => void;
}

/** What the probe process is told. */
export interface ProbeSettings {
  readonly addresses: readonly string[];
  readonly card: string;
  /** The card from which everybody is asked "who has it?". */
  readonly watcher: string | undefined;
  /** Who has which MAC. */
  readonly names: Readonly<Record<string, string>>;
  readonly udpPort: number | undefined;
  readonly period: number;
  readonly arpPeriod: number;
  readonly patience: number;
  readonly threshold: number;
}

/** An unasked ARP or neighbour announcement that the client's network carried. */
export interface Announcement {
  readonly address: string;
  readonly mac: string;
  readonly at: Moment;
}

/** The prober's own figures, and each address's. Times in milliseconds. */
export interface Figures {
  readonly at: Moment;
  /** Whether it got real-time priority. */
  readonly realtime: boolean;
  /** Its worst lateness, how often it was late by more than 1.5 ms, and the sum of that. */
  readonly worst: number;
  readonly sleeps: number;
  readonly slept: number;
  readonly addresses: readonly (Tally & {
    /** Who answered the watch at the service network within the last 150 ms. */
    readonly recent?: readonly string[];
  })[];
}

/** The lines the probe writes. */
export type ProbeLine =
  | { readonly type: "ready"; readonly at: Moment; readonly realtime: boolean }
  | ({ readonly type: "gap" } & Gap)
  | ({ readonly type: "change" } & Change)
  | ({ readonly type: "twoHolders"; readonly over: boolean } & TwoHolders)
  | ({ readonly type: "announcement" } & Announcement)
  | ({ readonly type: "tally" } & Figures);

/** What a caller is told as it happens. */
export type Finding = Exclude<ProbeLine, { readonly type: "ready" | "tally" }>;

/** The card in the client machine from which duplicates are looked for; it has no address and answers no ARP. */
export const WATCHER_CARD = "watch0";

/**
 * What `node` is started with where it has to be on time. A real-time thread that waits for a helper of V8 (collector, compiler) waits for an ordinary
 * process: under full load stalls of 178 ms were seen, without helpers 27 ms.
 */
export const PUNCTUAL = ["--single-threaded"] as const;

/** On a machine under full load both ends of the pipe may wait long for their turn. */
const stopLimit = 30_000;

export class ProbeRun {
  /** In the order in which they were found. */
  readonly gaps: Gap[] = [];
  readonly changes: Change[] = [];
  readonly twoHolders: TwoHolders[] = [];
  readonly announcements: Announcement[] = [];
  /** Two holders that last, by address; `to` is that of the first report. */
  readonly openSplits = new Map<string, TwoHolders>();
  /** Set as soon as two holders are seen, even while they last. */
  sawTwoHolders = false;
  readonly #child: ChildProcess;
  readonly #onFinding: (finding: Finding) => void;
  #figures: Figures | undefined;
  #ready = false;
  #errors = "";

  private constructor(child: ChildProcess, onFinding: (finding: Finding) => void) {
    this.#child = child;
    this.#onFinding = onFinding;
    if (child.stdout)
      createInterface({ input: child.stdout }).on("line", (line) => this.#take(JSON.parse(line) as ProbeLine));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
    child.stdin?.on("error", () => undefined);
  }

  /** Resolves when the first ping is about to be sent. */
  static async start(lab: Lab, addresses: readonly string[], options: ProbeOptions): Promise<ProbeRun> {
    const { client, topology, wires } = lab;
    const card = client.plan.interfaces[0]?.name ?? "";
    // A client's kernel keeps packets while it asks for a MAC and sends them all when it has it. One is enough here: a hundred pings
    // that waited would make a gap look shorter than it was.
    await client.run(`for f in ipv4 ipv6; do echo 1 >/proc/sys/net/$f/neigh/${card}/unres_qlen; done`);
    const settings: ProbeSettings = {
      addresses,
      card,
      watcher: topology.watcher ? WATCHER_CARD : undefined,
      names: wires.names(),
      udpPort: options.udpPort,
      period: options.period ?? 1,
      arpPeriod: options.arpPeriod ?? 20,
      patience: options.patience ?? 200,
      threshold: options.threshold ?? 3,
    };
    return ProbeRun.#launch(lab, ["probe.js", JSON.stringify(settings)], options);
  }

  /** The same watch over web pages ("http://172.30.105.201/"): a new connection every 20 ms, lost after a second. */
  static startHttp(
    lab: Lab,
    urls: readonly string[],
    options: Omit<ProbeOptions, "arpPeriod" | "threshold">,
  ): Promise<ProbeRun> {
    const settings = { urls, period: options.period ?? 20, patience: options.patience ?? 1_000 };
    return ProbeRun.#launch(lab, ["http-probe.js", JSON.stringify(settings)], options);
  }

  static async #launch(
    lab: Lab,
    [program, ...args]: readonly [string, string],
    options: ProbeOptions,
  ): Promise<ProbeRun> {
    const child = lab.client.spawn([process.execPath, ...PUNCTUAL, labProgram(program), ...args]);
    const run = new ProbeRun(child, options.onFinding ?? (() => undefined));
    await until("the probe to be ready", 15_000, () => run.#isReady(), 5);
    return run;
  }

  /** Waits until every address (or the given ones) is answered by somebody. Returns who answers each. */
  async answered(timeout = 60_000, addresses?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const wanted = (figures: Figures) =>
      figures.addresses.filter((one) => !addresses || addresses.includes(one.address));
    const figures = await until("every address to be answered", timeout, async () => {
      const seen = await this.figures();
      return wanted(seen).every((one) => one.by !== undefined && one.silentSince === undefined) && seen;
    });
    return new Map(wanted(figures).map((one) => [one.address, one.by ?? ""]));
  }

  /** Waits until this node answers for the address. Returns the instant of its first answered ping. */
  async answeredBy(address: string, node: string, timeout = 60_000): Promise<Moment> {
    await until(
      `${node} to answer for ${address}`,
      timeout,
      async () => (await this.answered(timeout, [address])).get(address) === node,
    );
    return this.changes.findLast((change) => change.address === address && change.to === node)?.at ?? now();
  }

  /** The gaps of an address that began at or after an instant (some milliseconds of grace: a fault may be felt before it is noted). */
  gapsOf(address: string, since: Moment = 0): readonly Gap[] {
    return this.gaps.filter((gap) => gap.address === address && gap.start + gap.length > since);
  }

  /** The figures so far. */
  async figures(): Promise<Figures> {
    this.#figures = undefined;
    this.#child.stdin?.write("tally\n");
    return until("the probe's figures", 5_000, () => this.#isReady() && this.#figures, 2);
  }

  /** Ends the watch; returns the last figures. Gaps still open have no end and are in the figures as `silentSince`. */
  async stop(): Promise<Figures> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.stdin?.write("stop\n");
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), stopLimit);
      await ended(this.#child);
      clearTimeout(timer);
      // The last lines may still be on their way.
      await until("the probe's last figures", 1_000, () => this.#figures, 2).catch(() => undefined);
    }
    const { exitCode } = this.#child;
    if (exitCode !== 0 || !this.#figures) throw new Error(`the probe ended early, code ${exitCode}: ${this.#errors}`);
    return this.#figures;
  }

  #isReady(): boolean {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      throw new Error(`the probe has ended: ${this.#errors}`);
    return this.#ready;
  }

  #take(finding: ProbeLine): void {
    switch (finding.type) {
      case "ready":
        this.#ready = true;
        return;
      case "tally":
        this.#figures = finding;
        return;
      case "gap":
        this.gaps.push(finding);
        break;
      case "change":
        this.changes.push(finding);
        break;
      case "announcement":
        this.announcements.push(finding);
        break;
      case "twoHolders":
        this.sawTwoHolders ||= finding.how === "together";
        if (finding.how === "together") {
          if (finding.over) this.openSplits.delete(finding.address);
          else this.openSplits.set(finding.address, finding);
        }
        if (finding.over) this.twoHolders.push(finding);
        break;
    }
    this.#onFinding(finding);
  }
}

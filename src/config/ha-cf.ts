import { type ArbiterLine, type PolicyLine, readArbiter, readPolicy } from "./arbitration.js";
import { readApiauth } from "./client-auth.js";
import { type RespawnLine, readRespawn } from "./clients.js";
import type { ClientAuth } from "./config.js";
import { isLineDirective, type LineDirective, meantDirective, notCarried, unknownDirective } from "./directives.js";
import { type LevelsLine, readLevels } from "./fence-levels.js";
import type { HostFacts } from "./host-facts.js";
import { type MediumLine, readBcast, readMcast, readSerial, readUcast } from "./media.js";
import { type MonitorLine, readMonitor } from "./monitors.js";
import { type PingLine, readPing, readPingGroup } from "./pings.js";
import type { Reading } from "./reading.js";
import { fault, type Report } from "./report.js";
import { type Given, type GivenSingles, isSingle, type SingleName, singleReaders } from "./singles.js";
import type { Word } from "./source.js";
import { type Statement, statementsOf } from "./statements.js";
import { readStonith, readStonithHost, type StonithLine } from "./stonith.js";

/** What ha.cf says, line by line: values are read, but nothing is compared with anything yet. */
export interface HaCf {
  readonly singles: GivenSingles;
  readonly nodes: readonly Word[];
  readonly media: readonly MediumLine[];
  readonly pings: readonly PingLine[];
  readonly respawns: readonly RespawnLine[];
  /** `apiauth` lines by the name of the client, without the defaults. */
  readonly clientAuth: ReadonlyMap<string, ClientAuth>;
  readonly stoniths: readonly StonithLine[];
  readonly fenceLevels: LevelsLine | undefined;
  readonly fencePriority: readonly Word[];
  readonly arbiters: readonly ArbiterLine[];
  readonly policyLines: readonly PolicyLine[];
  readonly monitors: readonly MonitorLine[];
  /** `env NAME=value` lines. */
  readonly environment: ReadonlyMap<string, string>;
  /** Single directives that were meant but could not be read: nothing is to be concluded from their absence. */
  readonly unread: ReadonlySet<string>;
}

/** The original takes its port from the services database, and 694 without an entry there. */
export const defaultPort = 694;
const defaultBaud = 19_200;

/** @returns the content of ha.cf; each wrong word goes to the report and is left out. */
export function readHaCf(text: string, facts: HostFacts, report: Report): HaCf {
  const reader = new Reader(facts, report);
  for (const statement of statementsOf(text, report)) reader.take(statement);
  return reader.finish();
}

/** Walks through the statements in order, because `udpport` applies to the media lines after it. */
class Reader {
  readonly draft = {
    singles: {} as GivenSingles,
    nodes: [] as Word[],
    media: [] as MediumLine[],
    pings: [] as PingLine[],
    respawns: [] as RespawnLine[],
    clientAuth: new Map<string, ClientAuth>(),
    stoniths: [] as StonithLine[],
    fenceLevels: undefined as LevelsLine | undefined,
    fencePriority: [] as Word[],
    arbiters: [] as ArbiterLine[],
    policyLines: [] as PolicyLine[],
    monitors: [] as MonitorLine[],
    environment: new Map<string, string>(),
    unread: new Set<string>(),
  };
  private readonly facts: HostFacts;
  private readonly report: Report;
  /** Read at the end: `builtin_ipfail` may stand below them. */
  private readonly clientLines: Statement[] = [];
  private firstNetworkMedium: Word | undefined;
  private firstSerial: Word | undefined;

  constructor(facts: HostFacts, report: Report) {
    this.facts = facts;
    this.report = report;
  }

  take(statement: Statement): void {
    const { directive, values } = statement;
    const name = directive.text;
    if (!isSingle(name) && !isLineDirective(name)) {
      this.report.error(directive, unknownDirective(name, this.report.file));
      this.draft.unread.add(meantDirective(name) ?? "");
      return;
    }
    const loss = notCarried(name);
    if (loss !== undefined && values[0]?.text.toLowerCase() !== "off") this.report.warn(directive, loss);
    if (isSingle(name)) this.takeSingle(name, statement);
    else this.takeLine(name, statement);
  }

  finish(): HaCf {
    const { draft, facts, report } = this;
    const context = { builtinIpfail: draft.singles.builtin_ipfail?.value ?? true, facts, report };
    draft.respawns.push(...this.clientLines.flatMap((line) => readRespawn(line, context)));
    return draft;
  }

  private takeSingle(name: SingleName, { directive, values }: Statement): void {
    if (values.length === 0) this.report.warn(directive, withoutValue(name));
    else if (values.length > 1) this.report.warn(values[1] ?? directive, severalValues(name, values));
    if (name === "udpport" || name === "baud") this.checkOrder(name, directive);
    for (const word of values) {
      const reading: Reading<unknown> = singleReaders[name](word.text, name);
      if (reading.ok) this.keep(name, { value: reading.value, word }, directive);
      else {
        this.draft.unread.add(name);
        this.report.error(word, reading.fault);
      }
    }
  }

  private keep(name: SingleName, given: Given<unknown>, directive: Word): void {
    const before: Given<unknown> | undefined = this.draft.singles[name];
    if (before !== undefined && before.word.line !== directive.line) {
      if (name === "watchdog") this.report.error(directive, watchdogTwice(before.word.line));
      else if (name !== "udpport") this.report.warn(directive, repeated(name, before.word.line));
    }
    // The reader of `name` made the value, so its type is the one that `Singles` gives for `name`.
    this.draft.singles = { ...this.draft.singles, [name]: given } as GivenSingles;
  }

  /** A port after a media line does not reach that line, in the original neither; only there nobody says so. */
  private checkOrder(name: "udpport" | "baud", directive: Word): void {
    const first = name === "baud" ? this.firstSerial : this.firstNetworkMedium;
    if (first === undefined) return;
    const text = `${name} setting must precede media statements: ${name} in line ${directive.line} does not apply to ${first.text} in line ${first.line}.`;
    this.report.warn(
      directive,
      fault("order", text, `It applies to later media lines only; move it above line ${first.line}.`),
    );
  }

  private takeLine(name: LineDirective, statement: Statement): void {
    const { draft, facts, report } = this;
    if (name === "serial") this.firstSerial ??= statement.directive;
    else if (isMedium(name)) this.firstNetworkMedium ??= statement.directive;
    if (statement.values.length === 0 && takesLists(name)) report.warn(statement.directive, withoutValue(name));
    const context = { port: draft.singles.udpport?.value ?? facts.clusterPort ?? defaultPort, facts, report };
    switch (name) {
      case "node":
        draft.nodes.push(...statement.values);
        break;
      case "ucast":
      case "ucast6":
        draft.media.push(...readUcast(statement, context));
        break;
      case "bcast":
      case "udp":
        draft.media.push(...readBcast(statement, context));
        break;
      case "mcast":
      case "mcast6":
        draft.media.push(...readMcast(statement, context));
        break;
      case "serial":
        draft.media.push(...readSerial(statement, draft.singles.baud?.value ?? defaultBaud, context));
        break;
      case "ping":
      case "ping6":
        draft.pings.push(...readPing(statement, context));
        break;
      case "ping_group":
        draft.pings.push(...readPingGroup(statement, context));
        break;
      case "respawn":
      case "failfast":
        this.clientLines.push(statement);
        break;
      case "apiauth":
        readApiauth(statement, draft.clientAuth, facts, report);
        break;
      case "env":
        this.takeEnvironment(statement.values);
        break;
      case "stonith":
        this.takeStonith(readStonith(statement, facts, report));
        break;
      case "stonith_host":
        this.takeStonith(readStonithHost(statement, facts, report));
        break;
      case "fence_levels":
        if (draft.fenceLevels !== undefined)
          report.warn(statement.directive, repeated(name, draft.fenceLevels.directive.line));
        draft.fenceLevels = readLevels(statement, report);
        break;
      case "fence_priority":
        draft.fencePriority.push(...statement.values);
        break;
      case "arbiter":
        draft.arbiters.push(...readArbiter(statement, report));
        break;
      case "takeover_policy":
        draft.policyLines.push(...readPolicy(statement, report));
        break;
      case "monitor":
        draft.monitors.push(...readMonitor(statement, context));
        break;
      default:
        name satisfies never;
    }
  }

  /** With a line missing, the numbers of the others would be wrong. */
  private takeStonith(lines: readonly StonithLine[]): void {
    if (lines.length === 0) this.draft.unread.add("stonith");
    this.draft.stoniths.push(...lines);
  }

  private takeEnvironment(values: readonly Word[]): void {
    for (const word of values) {
      const equals = word.text.indexOf("=");
      if (equals > 0) this.draft.environment.set(word.text.slice(0, equals), word.text.slice(equals + 1));
      else
        this.report.error(
          word,
          fault(
            "bad-env",
            `set_env: invalid nvpair(${word.text})`,
            "Write NAME=value without blanks; scripts see it as HA_NAME.",
          ),
        );
    }
  }
}

const isMedium = (name: LineDirective): boolean =>
  ["ucast", "ucast6", "bcast", "udp", "mcast", "mcast6", "ping", "ping6", "ping_group"].includes(name);
const takesLists = (name: LineDirective): boolean =>
  ["node", "bcast", "udp", "serial", "ping", "ping6", "env", "fence_priority"].includes(name);

const withoutValue = (name: string) =>
  fault(
    "value-missing",
    `${name} has no value; the line has no effect.`,
    "Write a value behind it, or remove the line.",
  );
const severalValues = (name: string, values: readonly Word[]) =>
  fault(
    "several-values",
    `${name} has ${values.length} values; only the last one, [${values.at(-1)?.text ?? ""}], counts.`,
    "Leave one value; put # before a comment.",
  );
const repeated = (name: string, line: number) =>
  fault(
    "repeated-directive",
    `${name} stands in line ${line} already; the last one counts.`,
    "Remove one of the two lines.",
  );
const watchdogTwice = (line: number) =>
  fault(
    "watchdog-repeated",
    "Watchdog device multiply specified.",
    `The other one is in line ${line}; remove one of the two lines.`,
  );

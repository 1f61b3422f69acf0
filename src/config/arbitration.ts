import type { ArbitrationSettings, TakeoverPolicy } from "../core/arbitration.js";
import type { GroupSettings } from "../core/settings.js";
import { type Duration, milliseconds } from "../core/time.js";
import type { ArbiterConfig, StonithConfig } from "./config.js";
import type { HaCf } from "./ha-cf.js";
import type { GroupLine } from "./haresources.js";
import { isNumeric } from "./ip-address.js";
import { timeOf } from "./reading.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";
import { warnOfStorage } from "./storage.js";
import { nearest } from "./suggest.js";

/** `arbiter` and `takeover_policy`: what besides silence a takeover needs. Ours alone; without them everything is as in 3.0.6. */
export interface ArbiterLine {
  readonly arbiter: ArbiterConfig;
  readonly directive: Word;
}

export interface PolicyLine {
  readonly policy: TakeoverPolicy;
  readonly delay: Duration;
  /** The groups that the line is about; none: all. */
  readonly groups: readonly Word[];
  readonly word: Word;
}

/** UDP port on which a witness listens. */
export const defaultWitnessPort = 7694;
/** An arbiter further away or slower than this allows is none for a cluster in a hurry. */
const shortestLease = milliseconds(100);

/** Reads `arbiter witness ADDRESS[:PORT]` or `arbiter disk PATH`. */
export function readArbiter({ directive, values }: Statement, report: Report): readonly ArbiterLine[] {
  const [kind, target, ...more] = values;
  if (kind === undefined || target === undefined || more.length > 0)
    return refuse(directive, badArbiter("arbiter needs a kind and where it is."), report);
  if (kind.text === "disk") {
    if (target.text.startsWith("/")) return [{ arbiter: { kind: "disk", path: target.text }, directive }];
    return refuse(target, badArbiter(`arbiter disk [${target.text}] is not an absolute path.`), report);
  }
  if (kind.text !== "witness")
    return refuse(kind, badArbiter(`arbiter [${kind.text}] is neither witness nor disk.`), report);
  const arbiter = witnessAt(target.text);
  if (arbiter !== undefined) return [{ arbiter, directive }];
  return refuse(
    target,
    badArbiter(`arbiter witness [${target.text}] is not a numeric address, with a port or without.`),
    report,
  );
}

function refuse(word: Word, why: Fault, report: Report): readonly never[] {
  report.error(word, why);
  return [];
}

const badArbiter = (text: string): Fault =>
  fault(
    "bad-arbiter",
    text,
    "Like: arbiter witness 172.30.105.9, arbiter witness [2001:db8::9]:7694, arbiter disk /dev/disk/by-id/…",
  );

/** `[address]:port`, `address:port` of IPv4, or an address alone; a port behind a bare IPv6 address could not be told from its last group. */
function witnessAt(text: string): ArbiterConfig | undefined {
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$|^(.+)$/.exec(text);
  const address = parts?.[1] ?? parts?.[2] ?? parts?.[4];
  const port = Number(parts?.[3] ?? defaultWitnessPort);
  if (address === undefined || !isNumeric(address) || port < 1 || port > 65_535) return undefined;
  return { kind: "witness", address, port };
}

const policies: readonly TakeoverPolicy[] = ["takeover-on-silence", "fence-first", "lease", "manual"];

/** Reads `takeover_policy POLICY [after TIME] [GROUP …]`. */
export function readPolicy({ directive, values }: Statement, report: Report): readonly PolicyLine[] {
  const [word, ...rest] = values;
  const policy = policies.find((one) => one === word?.text);
  if (word === undefined || policy === undefined) {
    const meant = nearest(word?.text ?? "", policies);
    const hint = `Write one of: ${policies.join(", ")}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`;
    return refuse(
      word ?? directive,
      fault("bad-policy", `takeover_policy [${word?.text ?? ""}] is not known.`, hint),
      report,
    );
  }
  if (rest[0]?.text !== "after") return [{ policy, delay: milliseconds(0), groups: rest, word }];
  const delay = timeOf(rest[1]?.text ?? "");
  if (delay !== undefined) return [{ policy, delay, groups: rest.slice(2), word }];
  const text = `takeover_policy … after [${rest[1]?.text ?? ""}] is not a time.`;
  return refuse(rest[1] ?? rest[0], fault("bad-policy", text, "Like: takeover_policy lease after 500ms"), report);
}

/** What both kinds of lines, the single directives and the fencing devices come to. */
export interface Arbitration {
  readonly arbiter: ArbiterConfig | undefined;
  readonly settings: ArbitrationSettings;
  /** @returns the policy of the group of this name. */
  policyOf(name: string): Pick<GroupSettings, "policy" | "takeoverDelay">;
}

/** @returns everything about arbitration; whatever cannot work goes to the report. */
export function arbitrationOf(
  { arbiters, policyLines, singles, pings }: HaCf,
  {
    stonith,
    deadtime,
    groups,
  }: { readonly stonith: readonly StonithConfig[]; readonly deadtime: Duration; readonly groups: readonly GroupLine[] },
  report: Report,
): Arbitration {
  const arbiter = arbiters[0];
  for (const { directive } of arbiters.slice(1)) report.error(directive, secondArbiter(arbiter?.directive.line ?? 0));
  const leaseTime = singles.lease_time?.value ?? milliseconds(Math.max(deadtime, shortestLease));
  const given = { lease: singles.lease_time?.word, quorum: singles.ping_quorum };
  if (given.lease !== undefined)
    for (const one of leaseFaults(leaseTime, deadtime, arbiter !== undefined))
      report[one.severity](given.lease, one.fault);
  if (given.quorum?.value === true && pings.length === 0) report.error(given.quorum.word, quorumWithoutPing);
  if (arbiter?.arbiter.kind === "witness" && singles.cluster === undefined)
    report.warn(arbiter.directive, witnessWithoutCluster);
  for (const line of policyLines)
    checkPolicy(line, { hasArbiter: arbiter !== undefined, hasFencing: stonith.length > 0, groups }, report);
  const usual = usualPolicy(arbiter !== undefined, stonith.length > 0);
  const policyOf = (name: string): Pick<GroupSettings, "policy" | "takeoverDelay"> => {
    const line =
      policyLines.findLast(({ groups: named }) => named.some((one) => one.text === name)) ??
      policyLines.findLast(({ groups: named }) => named.length === 0);
    return { policy: line?.policy ?? usual, takeoverDelay: line?.delay ?? milliseconds(0) };
  };
  if (arbiter !== undefined) warnOfStorage(arbiter.directive, { groups, policyOf }, report);
  return {
    arbiter: arbiter?.arbiter,
    settings: {
      leaseTime: arbiter === undefined ? undefined : leaseTime,
      clockDrift: singles.clock_drift?.value ?? 0.001,
      askAddress: singles.ask_address?.value ?? true,
      pingQuorum: singles.ping_quorum?.value ?? false,
      selfFence: singles.watchdog !== undefined,
    },
    policyOf,
  };
}

/** A means that is configured is used; a lease needs no reset, so it comes first. */
function usualPolicy(hasArbiter: boolean, hasFencing: boolean): TakeoverPolicy {
  if (hasArbiter) return "lease";
  return hasFencing ? "fence-first" : "takeover-on-silence";
}

const secondArbiter = (line: number): Fault =>
  fault(
    "arbiter-repeated",
    `There is an arbiter in line ${line} already; a cluster has one.`,
    "Remove one of the two lines.",
  );

const witnessWithoutCluster: Fault = fault(
  "witness-without-cluster",
  "The witness tells clusters apart by their names, and this one has none: it is called linux-ha, like every other that has none.",
  "Add a line: cluster <a name of your own>; the witness has a copy of authkeys under that name.",
);

const quorumWithoutPing: Fault = fault(
  "quorum-without-ping",
  "ping_quorum asks whether a ping node answers, and there is none.",
  "Add a line: ping <address of the gateway of the service network>",
);

function* leaseFaults(
  leaseTime: Duration,
  deadtime: Duration,
  hasArbiter: boolean,
): Iterable<{ readonly severity: "error" | "warn"; readonly fault: Fault }> {
  if (!hasArbiter)
    yield {
      severity: "warn",
      fault: fault(
        "lease-without-arbiter",
        "lease_time has no effect: there is no arbiter.",
        "Add a line: arbiter witness <address of a third machine>, or remove this one.",
      ),
    };
  if (leaseTime < shortestLease)
    yield {
      severity: "error",
      fault: fault(
        "lease-too-short",
        `lease_time (${leaseTime} ms) is shorter than ${shortestLease} ms.`,
        `Write lease_time ${shortestLease}ms or more.`,
      ),
    };
  else if (leaseTime > deadtime)
    yield {
      severity: "warn",
      fault: fault(
        "lease-long",
        `lease_time (${leaseTime} ms) is longer than deadtime (${deadtime} ms): after a crash a takeover waits for the rest of the lease.`,
        `Leave the line out to have it as long as deadtime (${shortestLease} ms at least).`,
      ),
    };
}

function checkPolicy(
  { policy, groups: named, word }: PolicyLine,
  {
    hasArbiter,
    hasFencing,
    groups,
  }: { readonly hasArbiter: boolean; readonly hasFencing: boolean; readonly groups: readonly GroupLine[] },
  report: Report,
): void {
  if (policy === "lease" && !hasArbiter)
    report.error(
      word,
      fault(
        "policy-without-means",
        "takeover_policy lease needs an arbiter, and there is none.",
        "Add a line: arbiter witness <address of a third machine>, or: arbiter disk <path>",
      ),
    );
  if (policy === "fence-first" && !hasFencing)
    report.error(
      word,
      fault(
        "policy-without-means",
        "takeover_policy fence-first needs a fencing device, and this node has none.",
        "Add a stonith_host line; stonith -L lists the types.",
      ),
    );
  const names = groups.flatMap(({ resources }) => resources[0]?.word.text ?? []);
  for (const one of named) if (!names.includes(one.text)) report.error(one, unknownGroup(one.text, names));
}

function unknownGroup(text: string, names: readonly string[]): Fault {
  const meant = nearest(text, names);
  const hint = `A group is named by the first resource of its line in haresources${meant === undefined ? "." : `: ${meant}?`}`;
  return fault("unknown-group", `takeover_policy names ${text}, which is no group of haresources.`, hint);
}

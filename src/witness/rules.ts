/**
 * Who gets a lease. A witness keeps, for each cluster, who has which group until when, and for each node how far its calls have come.
 *
 * A call is believed when it is new. It carries the newest stamp that its node had from this witness, and a stamp older than the lease
 * that is asked for proves too little: the node is told the present one and calls again. Within a session numbers only grow; another
 * session of the same node must bring a later stamp than the one before. So what somebody recorded prolongs nothing, and what he kept
 * from arriving is worthless one lease time later. For the same reason a node that has been quiet for the longest lease may be forgotten.
 *
 * A witness that has just begun knows nothing of what it granted before. Until the longest lease has passed it grants nothing, except to
 * a node that says it still has the lease: the former witness gave it to nobody else, and this one does not either.
 */
import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { after, between, type Duration, type Instant, milliseconds } from "../core/time.js";
import type { Call, CalledGroup, Reply, Stamp } from "./datagram.js";

/** What does not change while a witness runs. */
export interface Terms {
  /** 8 random bytes, one character each. */
  readonly session: string;
  readonly startedAt: Instant;
  /** Longer leases are refused, and after its start the witness is quiet that long. */
  readonly longestLease: Duration;
}

/** What a witness knows of one cluster. */
export interface Ledger {
  readonly leases: ReadonlyMap<GroupId, Lease>;
  readonly callers: ReadonlyMap<NodeName, Caller>;
  /** Of the newest stamp. */
  readonly micros: number;
}

export interface Lease {
  readonly by: NodeName;
  readonly since: Instant;
  readonly until: Instant;
}

/** How far the calls of one node have come. */
export interface Caller {
  readonly session: string;
  readonly number: number;
  /** Microseconds of the newest stamp that it has shown. */
  readonly micros: number;
  readonly calledAt: Instant;
}

export const emptyLedger: Ledger = { leases: new Map(), callers: new Map(), micros: 0 };

/** A cluster has at most so many; further ones are refused until a lease has run out. */
export const mostLeases = 1_024;
export const mostCallers = 64;
/** A shorter lease would run out on its way. */
const shortestLease = milliseconds(20);

/** @returns what is known after the call, and the reply; none when the call was said before. */
export function hear(terms: Terms, ledger: Ledger, call: Call, at: Instant): readonly [Ledger, Reply | undefined] {
  const known = ledger.callers.get(call.node);
  if (known !== undefined && known.session === call.session && call.number <= known.number) return [ledger, undefined];
  const stamp = nextStamp(terms, ledger, at);
  const reply = { session: call.session, number: call.number, stamp };
  const stamped = { ...ledger, micros: stamp.micros };
  if (!isFresh(terms, call, stamp)) return [stamped, { ...reply, verdicts: undefined }];
  const shown = call.stamp?.micros ?? 0;
  if (known !== undefined && known.session !== call.session && shown <= known.micros) return [ledger, undefined];
  const why = refusal(terms, stamped, call, at);
  if (why !== undefined) return [stamped, { ...reply, verdicts: call.groups.map(() => ({ kind: "refused", why })) }];
  const micros = Math.max(shown, known?.micros ?? 0);
  const caller: Caller = { session: call.session, number: call.number, micros, calledAt: at };
  const heard = { ...stamped, callers: withCaller(terms, stamped.callers, call.node, caller) };
  if (call.kind === "release")
    return [
      { ...heard, leases: released(heard.leases, call) },
      { ...reply, verdicts: [] },
    ];
  const [leases, verdicts] = judged(terms, heard.leases, call, at);
  return [
    { ...heard, leases },
    { ...reply, verdicts },
  ];
}

/** Stamps grow, even where the clock shows the same microsecond twice. */
function nextStamp({ session }: Terms, { micros }: Ledger, at: Instant): Stamp {
  return { session, micros: Math.max(Math.floor(at * 1000), micros + 1) };
}

function isFresh({ session, longestLease }: Terms, { stamp, lease }: Call, now: Stamp): boolean {
  return stamp?.session === session && now.micros - stamp.micros <= Math.min(lease, longestLease) * 1000;
}

/** Why nothing of the call is done. */
function refusal({ longestLease }: Terms, ledger: Ledger, call: Call, at: Instant): string | undefined {
  if (call.lease > longestLease)
    return `a lease of ${call.lease} ms is longer than this witness grants; start it with --longest-lease ${call.lease / 1000}`;
  if (call.lease < shortestLease) return `a lease must last ${shortestLease} ms at least`;
  const isFull = ledger.callers.size >= mostCallers && !ledger.callers.has(call.node);
  if (isFull && [...ledger.callers.values()].every((one) => !isForgettable(one, longestLease, at)))
    return `more than ${mostCallers} nodes in one cluster`;
  return undefined;
}

const isForgettable = ({ calledAt }: Caller, longestLease: Duration, at: Instant): boolean =>
  between(calledAt, at) > longestLease;

function withCaller(
  { longestLease }: Terms,
  callers: Ledger["callers"],
  node: NodeName,
  caller: Caller,
): Ledger["callers"] {
  const isFull = callers.size >= mostCallers && !callers.has(node);
  const kept = isFull ? [...callers].filter(([, one]) => !isForgettable(one, longestLease, caller.calledAt)) : callers;
  return new Map(kept).set(node, caller);
}

function released(leases: Ledger["leases"], { node, groups }: Call): Ledger["leases"] {
  const theirs = new Set(groups.map(({ id }) => id));
  return new Map([...leases].filter(([id, { by }]) => by !== node || !theirs.has(id)));
}

function judged(
  terms: Terms,
  before: Ledger["leases"],
  call: Call,
  at: Instant,
): readonly [Ledger["leases"], readonly LeaseVerdict[]] {
  const isFull = before.size + call.groups.length > mostLeases;
  const leases = new Map(isFull ? [...before].filter(([, { until }]) => at < until) : before);
  const verdicts = call.groups.map((group): LeaseVerdict => {
    const found = leases.get(group.id);
    const lease = found !== undefined && at < found.until ? found : undefined;
    const verdict = verdictOn(terms, { group, lease, call, room: leases.size < mostLeases || found !== undefined }, at);
    if (verdict.kind === "granted") leases.set(group.id, granted(lease, call, at));
    return verdict;
  });
  return [leases, verdicts];
}

interface Case {
  readonly group: CalledGroup;
  /** The one that lasts, if there is one. */
  readonly lease: Lease | undefined;
  readonly call: Call;
  readonly room: boolean;
}

function verdictOn(terms: Terms, { group, lease, call, room }: Case, at: Instant): LeaseVerdict {
  if (lease !== undefined)
    return lease.by === call.node
      ? { kind: "granted" }
      : { kind: "held", by: lease.by, freeIn: between(at, lease.until) };
  const quiet = between(at, after(terms.startedAt, terms.longestLease));
  if (quiet > 0 && !group.isHeld) return { kind: "refused", why: startedLately(terms, quiet, at) };
  return room ? { kind: "granted" } : { kind: "refused", why: `more than ${mostLeases} leases in one cluster` };
}

function startedLately({ startedAt }: Terms, quiet: Duration, at: Instant): string {
  const inSeconds = (time: Duration): string => (time / 1000).toFixed(1);
  return `the witness started ${inSeconds(between(startedAt, at))} s ago and grants nothing new for another ${inSeconds(quiet)} s`;
}

/** Prolonged, never shortened. */
function granted(lease: Lease | undefined, { node, lease: duration }: Call, at: Instant): Lease {
  const until = after(at, duration);
  if (lease === undefined) return { by: node, since: at, until };
  return { ...lease, until: lease.until > until ? lease.until : until };
}

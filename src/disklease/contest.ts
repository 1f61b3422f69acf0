/** One group: from a claim to a verdict, step by step as the disk answers. */
import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import { draw } from "../core/random.js";
import type { GroupId } from "../core/report.js";
import { after, between, type Instant, milliseconds } from "../core/time.js";
import { acceptedValue, ballotAbove, entryAt, largestPromise } from "./ballot.js";
import { type Holding, holdingOf } from "./board.js";
import type { Contest, Membership, Stage } from "./lease-state.js";
import { MOST_ENTRIES } from "./records.js";
import { endOf, seldom } from "./sighting.js";
import { change, changeContest, conclude, type LeaseTurn, writeEntry } from "./turn.js";

/** After so many lost ballots the daemon hears of it; it will claim again. */
const mostLost = 6;

/** Goes on with one group after a reading, and after the write that came before it. */
export function proceed(turn: LeaseTurn, member: Membership, group: GroupId, contest: Contest): void {
  const holding = holdingOf(turn.state.records, group);
  const { stage } = contest;
  switch (stage.kind) {
    case "looking":
      return begin(turn, member, group);
    case "waiting":
      return;
    case "renewing":
      return renewed(turn, member, group, holding);
    case "promising":
      return promised(turn, member, group, { ...stage, holding });
    case "accepting":
      return accepted(turn, member, group, { ...stage, holding });
  }
}

/** Decides by what was read last which way leads to the group: renewal, ballot, or none for now. */
export function begin(turn: LeaseTurn, member: Membership, group: GroupId): void {
  const { unsound, records } = turn.state;
  if (unsound !== undefined) return conclude(turn, group, { kind: "refused", why: unsound });
  if (!member.record.entries.has(group) && member.record.entries.size >= MOST_ENTRIES)
    return conclude(turn, group, { kind: "refused", why: `the disk has room for ${MOST_ENTRIES} groups` });
  const holding = holdingOf(records, group);
  const isMine = holding.owner === member.me && !holding.released;
  if (isMine && largestPromise(records, member.me, group, holding.term) === 0)
    return renew(turn, member, group, holding);
  if (!isMine && !isOver(turn, group, holding)) return conclude(turn, group, heldBy(turn, member, group, holding));
  promise(turn, member, group, holding);
}

/** Whether nobody has the group any more. The holding must have been read after the promise was written, if it is to count. */
function isOver({ state, at }: LeaseTurn, group: GroupId, { term, released }: Holding): boolean {
  if (term === 0) return state.freshFrom === undefined || at >= state.freshFrom.at;
  if (released || (state.releasedTerms.get(group) ?? 0) >= term) return true;
  const sighting = state.sightings.get(group);
  return sighting !== undefined && at >= endOf(sighting);
}

function heldBy({ state, at }: LeaseTurn, member: Membership, group: GroupId, holding: Holding): LeaseVerdict {
  const sighting = state.sightings.get(group);
  const end = holding.term === 0 ? state.freshFrom?.at : sighting && endOf(sighting);
  const rest = milliseconds(Math.max(0, Math.ceil(end === undefined ? state.settings.leaseTime : between(at, end))));
  // Its owner has not taken it up: it crashed, or gave it back while it was being won, and then will say so with its next write.
  const freeIn = holding.renewal > 0 ? rest : milliseconds(Math.min(rest, seldom(state.settings.leaseTime)));
  if (holding.term === 0) return { kind: "refused", why: "the disk was made anew; leases from before may still last" };
  return { kind: "held", by: member.nodes[holding.owner - 1] ?? ("?" as NodeName), freeIn };
}

function renew(turn: LeaseTurn, member: Membership, group: GroupId, holding: Holding): void {
  const own = entryAt(turn.state.records, member.me, group, holding);
  enter(turn, group, { kind: "renewing" });
  const renewal = own.renewal + 1;
  writeEntry(turn, group, { ...own, renewal, lease: turn.state.settings.leaseTime, released: false });
}

function renewed(turn: LeaseTurn, member: Membership, group: GroupId, holding: Holding): void {
  const { records, unsound } = turn.state;
  const own = entryAt(records, member.me, group, holding);
  const isNewest = records.get(member.me)?.entries.get(group)?.term === holding.term;
  if (unsound === undefined && isNewest && own.owner === member.me && !own.released)
    if (largestPromise(records, member.me, group, own.term) === 0) return conclude(turn, group, { kind: "granted" });
  begin(turn, member, group);
}

function promise(turn: LeaseTurn, member: Membership, group: GroupId, holding: Holding): void {
  const { records } = turn.state;
  const own = entryAt(records, member.me, group, holding);
  const above = Math.max(own.promised, largestPromise(records, member.me, group, holding.term));
  const ballot = ballotAbove(above, member.me);
  enter(turn, group, { kind: "promising", ballot });
  writeEntry(turn, group, { ...own, promised: ballot });
}

interface Ballot {
  readonly ballot: number;
  /** As read after the write. */
  readonly holding: Holding;
}

/** The promise is on the disk and everybody's records were read after it. */
function promised(turn: LeaseTurn, member: Membership, group: GroupId, { ballot, holding }: Ballot): void {
  const { records, unsound, settings } = turn.state;
  const own = entryAt(records, member.me, group, holding);
  if (unsound !== undefined || own.promised !== ballot) return begin(turn, member, group);
  if (largestPromise(records, member.me, group, own.term) > ballot) return lose(turn, group);
  const proposed = acceptedValue(records, member.me, group, own);
  const isMine = holding.owner === member.me && !holding.released;
  if (proposed === undefined && !isMine && !isOver(turn, group, holding))
    return conclude(turn, group, heldBy(turn, member, group, holding));
  const value = proposed ?? member.me;
  enter(turn, group, { kind: "accepting", ballot, value });
  const lease = value === member.me ? settings.leaseTime : own.lease;
  writeEntry(turn, group, { ...own, accepted: ballot, value, lease });
}

/** The acceptance is on the disk and everybody's records were read after it. */
function accepted(
  turn: LeaseTurn,
  member: Membership,
  group: GroupId,
  { ballot, value, holding }: Ballot & { value: number },
): void {
  const { records, unsound, settings } = turn.state;
  const own = entryAt(records, member.me, group, holding);
  if (unsound !== undefined || own.accepted !== ballot) return begin(turn, member, group);
  if (largestPromise(records, member.me, group, own.term) > ballot) return lose(turn, group);
  const next = { term: own.term + 1, owner: value };
  const entry = entryAt(records, member.me, group, next);
  if (value !== member.me) {
    writeEntry(turn, group, entry);
    return conclude(turn, group, {
      kind: "held",
      by: member.nodes[value - 1] ?? ("?" as NodeName),
      // Its owner may have given it back meanwhile: see `heldBy`.
      freeIn: seldom(settings.leaseTime),
    });
  }
  writeEntry(turn, group, { ...entry, renewal: entry.renewal + 1, lease: settings.leaseTime });
  conclude(turn, group, { kind: "granted" });
}

/** Somebody has a larger ballot. Both would go on overtaking each other; so one waits a little, for a time that differs. */
function lose(turn: LeaseTurn, group: GroupId): void {
  const contest = turn.state.contests.get(group);
  if (contest === undefined) return;
  const lost = contest.lost + 1;
  if (lost >= mostLost)
    return conclude(turn, group, { kind: "refused", why: "several nodes want it at the same moment" });
  const [luck, seed] = draw(turn.state.seed);
  const until = after(turn.at, milliseconds(1 + luck * 3 * 2 ** lost)) as Instant;
  change(turn, { seed });
  changeContest(turn, group, { ...contest, lost, stage: { kind: "waiting", until } });
}

function enter(turn: LeaseTurn, group: GroupId, stage: Stage): void {
  const contest = turn.state.contests.get(group);
  if (contest !== undefined) changeContest(turn, group, { ...contest, stage });
}

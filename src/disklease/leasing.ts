/**
 * The disk process as a value: `step(state, event)` gives the next state and what is to be done. One access of the disk is under way at a time:
 * a write of this node's own record, then a reading of everybody's. Claims of all groups share accesses.
 */
import type { GroupId } from "../core/report.js";
import { after, earliest, type Instant, instant, milliseconds, times } from "../core/time.js";
import { holdingOf } from "./board.js";
import { writeOf } from "./cell.js";
import { begin } from "./contest.js";
import { AREA, lengthFor, nodePlace } from "./layout.js";
import type { Contest, LeaseEvent, LeaseRequest, LeaseSettings, LeaseState } from "./lease-state.js";
import { encodeNode } from "./records.js";
import { giveBackWhatIsWon, see } from "./seeing.js";
import { isEnding, isExpected, seldom } from "./sighting.js";
import { answerIfComplete, change, changeContest, changeRecord, conclude, type LeaseTurn } from "./turn.js";

/** The groups' own records, which only operators write, are read so often. */
const groupsEvery = milliseconds(1_000);
const longAgo = instant(Number.NEGATIVE_INFINITY);

/** @param seed for the waiting times after lost ballots. @returns the state of a process that has seen nothing; it wants to look at once. */
export function startLeasing(settings: LeaseSettings, seed: number, at: Instant): LeaseState {
  return {
    ...{
      settings,
      seed,
      membership: undefined,
      records: new Map(),
      unsound: undefined,
      sightings: new Map(),
      suspect: false,
    },
    absence: { why: "the disk was not read yet", mark: undefined, wary: false },
    ...{ releasedTerms: new Map(), freshFrom: undefined, contests: new Map(), claims: new Map(), calls: [] },
    ...{ givenBack: new Set<GroupId>(), poison: undefined, busy: false, seenAt: longAgo, lookAt: at, groupsAt: at },
  };
}

export function stepLeasing(state: LeaseState, event: LeaseEvent): readonly [LeaseState, readonly LeaseRequest[]] {
  const turn: LeaseTurn = { state, at: event.at, wall: event.wall, requests: [] };
  heed(turn, event);
  access(turn);
  return [turn.state, turn.requests];
}

/** @returns when the process wants to be woken if nothing else happens. */
export function nextDeadline({ busy, lookAt, membership, contests, settings }: LeaseState): Instant | undefined {
  if (busy) return undefined;
  const waiting = [...contests.values()].map(({ stage }) => (stage.kind === "waiting" ? stage.until : undefined));
  const stamp = membership && after(membership.writtenAt, times(settings.leaseTime, 0.5));
  return earliest([lookAt, stamp, ...waiting]);
}

function heed(turn: LeaseTurn, event: LeaseEvent): void {
  switch (event.type) {
    case "claimed":
      return claimed(turn, event.request, [...new Set(event.groups)]);
    case "gaveBack":
      for (const group of event.groups) giveBack(turn, group);
      return;
    case "accessed":
      change(turn, { busy: false });
      return see(turn, event.board);
    case "accessFailed":
      change(turn, { busy: false });
      return accessFailed(turn, event.why);
    case "deadlineReached":
      return wakeUp(turn);
  }
}

function claimed(turn: LeaseTurn, request: number, groups: readonly GroupId[]): void {
  change(turn, { claims: new Map(turn.state.claims).set(request, { groups, verdicts: new Map() }) });
  const givenBack = new Set(turn.state.givenBack);
  for (const group of groups) givenBack.delete(group);
  change(turn, { givenBack });
  for (const group of groups) enterClaim(turn, request, group);
  if (groups.length === 0) change(turn, { calls: [...turn.state.calls, request] });
}

function enterClaim(turn: LeaseTurn, request: number, group: GroupId): void {
  const { contests, membership, absence, busy, records, seenAt } = turn.state;
  const contest = contests.get(group);
  if (contest !== undefined) {
    const place = contest.stage.kind === "looking" || contest.stage.kind === "waiting" ? "claims" : "later";
    return changeContest(turn, group, { ...contest, [place]: [...contest[place], request] });
  }
  const fresh: Contest = { stage: { kind: "looking" }, lost: 0, claims: [request], later: [] };
  changeContest(turn, group, fresh);
  if (membership === undefined) {
    // Before the first reading there is nothing to say yet.
    if (seenAt !== longAgo) conclude(turn, group, { kind: "refused", why: absence.why });
    return;
  }
  // What is ours can be renewed without looking first: whether it still is ours shows in the reading after the write.
  const { owner, released } = holdingOf(records, group);
  if (!busy && owner === membership.me && !released) begin(turn, membership, group);
}

function giveBack(turn: LeaseTurn, group: GroupId): void {
  change(turn, { givenBack: new Set(turn.state.givenBack).add(group) });
  changeContest(turn, group, undefined);
  for (const [request, { groups }] of turn.state.claims) if (groups.includes(group)) forgetGroup(turn, request, group);
  giveBackWhatIsWon(turn);
}

/** The claim was made before the group was given back: it gets no verdict about it. */
function forgetGroup(turn: LeaseTurn, request: number, group: GroupId): void {
  const claim = turn.state.claims.get(request);
  if (claim === undefined) return;
  const groups = claim.groups.filter((other) => other !== group);
  const verdicts = new Map([...claim.verdicts].filter(([other]) => other !== group));
  change(turn, { claims: new Map(turn.state.claims).set(request, { groups, verdicts }) });
  answerIfComplete(turn, request);
}

/** Nobody knows whether the write reached the disk. It is found out as after a restart: by reading. */
function accessFailed(turn: LeaseTurn, why: string): void {
  const { settings, absence, poison, contests } = turn.state;
  if (absence.why !== why || turn.state.membership !== undefined) turn.requests.push({ type: "trouble", why });
  change(turn, { membership: undefined, absence: { why, mark: undefined, wary: false }, calls: [] });
  for (const group of contests.keys()) conclude(turn, group, { kind: "refused", why });
  for (const group of turn.state.contests.keys()) conclude(turn, group, { kind: "refused", why });
  if (poison !== undefined) turn.requests.push({ type: "poisoned", by: poison });
  change(turn, { poison: undefined, lookAt: after(turn.at, seldom(settings.leaseTime)) });
}

function wakeUp(turn: LeaseTurn): void {
  const { membership, contests, settings } = turn.state;
  for (const [group, contest] of contests)
    if (contest.stage.kind === "waiting" && turn.at >= contest.stage.until)
      changeContest(turn, group, { ...contest, stage: { kind: "looking" } });
  if (membership !== undefined && turn.at >= after(membership.writtenAt, times(settings.leaseTime, 0.5)))
    changeRecord(turn, membership, {});
}

/** Begins the next access if one is needed and none is under way. */
function access(turn: LeaseTurn): void {
  const { busy, contests, membership, lookAt } = turn.state;
  if (busy) return;
  const isDue = turn.at >= lookAt;
  const isWanted = turn.state.calls.length > 0 || [...contests.values()].some(({ stage }) => stage.kind === "looking");
  if (!isDue && !isWanted && membership?.changed !== true) return;
  const write = membership?.changed ? stamp(turn) : undefined;
  const withGroups = isDue && isTimeForGroups(turn);
  const length = withGroups ? AREA : lengthFor(membership?.nodes.length ?? 1);
  change(turn, { busy: true });
  if (withGroups) change(turn, { groupsAt: after(turn.at, groupsEvery) });
  turn.requests.push({ type: "access", write, length });
}

/** The long reading of the whole area is put off when it would hide a renewal, though not for ever, and when it would be in the way of a successor. */
function isTimeForGroups({ state, at }: LeaseTurn): boolean {
  if (at < state.groupsAt) return false;
  const others = [...state.sightings.values()].filter(({ owner }) => owner !== state.membership?.me);
  if (others.some((one) => isEnding(one, at))) return false;
  return at >= after(state.groupsAt, groupsEvery) || !others.some((one) => isExpected(one, at));
}

function stamp(turn: LeaseTurn) {
  const member = turn.state.membership;
  if (member === undefined) return undefined;
  const record = { ...member.record, writtenAt: turn.wall };
  const sequence = member.sequence + 1;
  const membership = { ...member, record, sequence, changed: false, wrote: true, writtenAt: turn.at };
  change(turn, { membership, records: new Map(turn.state.records).set(member.me, record) });
  return writeOf(nodePlace(member.me), { area: member.area, sequence, payload: encodeNode(record) });
}

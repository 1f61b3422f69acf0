import type { LeaseVerdict } from "../core/lease.js";
import type { GroupId } from "../core/report.js";
import type { Instant } from "../core/time.js";
import type { Contest, LeaseRequest, LeaseState, Membership } from "./lease-state.js";
import type { Entry } from "./records.js";

/** One turn: the state so far and the requests collected (docs/adr/0002-turns.md). */
export interface LeaseTurn {
  state: LeaseState;
  readonly at: Instant;
  readonly wall: number;
  readonly requests: LeaseRequest[];
}

export function change(turn: LeaseTurn, patch: Partial<LeaseState>): void {
  turn.state = { ...turn.state, ...patch };
}

export function changeContest(turn: LeaseTurn, group: GroupId, contest: Contest | undefined): void {
  const contests = new Map(turn.state.contests);
  if (contest === undefined) contests.delete(group);
  else contests.set(group, contest);
  change(turn, { contests });
}

/** Changes this node's record; it is written at the end of the turn, or of the access that is under way. */
export function changeRecord(turn: LeaseTurn, member: Membership, patch: Partial<Membership["record"]>): void {
  const record = { ...member.record, ...patch };
  const records = new Map(turn.state.records).set(member.me, record);
  change(turn, { membership: { ...member, record, changed: true }, records });
}

export function writeEntry(turn: LeaseTurn, group: GroupId, entry: Entry): void {
  const member = turn.state.membership;
  if (member === undefined) return;
  changeRecord(turn, member, { entries: new Map(member.record.entries).set(group, entry) });
}

/** Gives the verdict to the claims that waited for it; those that came later begin anew. */
export function conclude(turn: LeaseTurn, group: GroupId, verdict: LeaseVerdict): void {
  const contest = turn.state.contests.get(group);
  if (contest === undefined) return;
  for (const request of contest.claims) judge(turn, request, group, verdict);
  const { later } = contest;
  const anew: Contest = { stage: { kind: "looking" }, lost: 0, claims: later, later: [] };
  changeContest(turn, group, later.length > 0 ? anew : undefined);
}

function judge(turn: LeaseTurn, request: number, group: GroupId, verdict: LeaseVerdict): void {
  const claim = turn.state.claims.get(request);
  if (claim === undefined) return;
  const verdicts = new Map(claim.verdicts).set(group, verdict);
  change(turn, { claims: new Map(turn.state.claims).set(request, { ...claim, verdicts }) });
  answerIfComplete(turn, request);
}

/** Answers the claim as soon as all its groups have a verdict. */
export function answerIfComplete(turn: LeaseTurn, request: number): void {
  const claim = turn.state.claims.get(request);
  if (claim === undefined || claim.groups.some((group) => !claim.verdicts.has(group))) return;
  const claims = new Map(turn.state.claims);
  claims.delete(request);
  change(turn, { claims });
  turn.requests.push({ type: "answer", request, verdicts: claim.verdicts });
}

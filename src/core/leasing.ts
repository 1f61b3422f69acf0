import { clearance } from "./clearance.js";
import { permittedUntil } from "./confirmation.js";
import { type Group, isHere } from "./group.js";
import type { Lease, LeaseVerdict } from "./lease.js";
import type { NodeState } from "./node-state.js";
import type { GroupId } from "./report.js";
import { after, earliest, type Instant, instant, milliseconds, times } from "./time.js";
import { change, emit, log, type Turn } from "./turn.js";

/**
 * Leases from the arbiter: whoever holds a group prolongs its lease well before it ends; whoever may take a group but for the lease asks for it,
 * and again at the moment when it should become free. A lease that is of no use any more is given back, so that the next holder has it at once.
 */
/** A lease is prolonged this often in its time, so that several claims may be lost. */
export const renewals = 5;
/** Never asked more often than this, whatever the arbiter says about when a lease is free. */
const shortestPause = milliseconds(1);
/** Claims whose answer would still be of use, at most. */
const mostClaims = 16;

/** Asks for what is wanted and gives back what is not; after everything else in the turn has been settled. */
export function driveLeases(turn: Turn): void {
  const { leaseTime } = turn.state.settings.arbitration;
  if (leaseTime === undefined) return;
  const wanted = [...turn.state.groups.values()].filter((group) => isWanted(turn.state, group, turn.at));
  giveBack(turn, wanted);
  if (wanted.some(({ id }) => turn.at >= (turn.state.leases.get(id)?.askAgainAt ?? turn.at))) claim(turn, wanted);
  noteSilence(turn, wanted.length > 0);
  const { leases, leasing } = turn.state;
  const nextAt = earliest(wanted.map(({ id }) => leases.get(id)?.askAgainAt));
  if (nextAt !== leasing.nextAt) change(turn, { leasing: { ...leasing, nextAt } });
}

function isWanted(state: NodeState, group: Group, at: Instant): boolean {
  if (group.settings.policy !== "lease" || group.lostAt !== undefined) return false;
  if (isHere(group)) return true;
  if (group.holding.kind !== "idle") return false;
  const verdict = clearance(state, group, at);
  return verdict.granted || verdict.because === "lease-held" || verdict.because === "lease-unavailable";
}

function giveBack(turn: Turn, wanted: readonly Group[]): void {
  const kept = new Set(wanted.map(({ id }) => id));
  const useless = [...turn.state.leases].filter(([id]) => !kept.has(id));
  if (useless.length === 0) return;
  const groups = useless.filter(([, { until }]) => until > turn.at).map(([id]) => id);
  if (groups.length > 0) emit(turn, { type: "releaseLeases", groups });
  change(turn, { leases: new Map([...turn.state.leases].filter(([id]) => kept.has(id))) });
}

function claim(turn: Turn, wanted: readonly Group[]): void {
  const { leasing, settings } = turn.state;
  const leaseTime = settings.arbitration.leaseTime ?? milliseconds(0);
  const askAgainAt = after(turn.at, times(leaseTime, 1 / renewals));
  const leases = new Map(turn.state.leases);
  for (const { id } of wanted) leases.set(id, { ...(leases.get(id) ?? noLease), askAgainAt });
  const useful = [...leasing.claims].filter(([, at]) => after(at, leaseTime) > turn.at).slice(-(mostClaims - 1));
  const request = leasing.nextClaim;
  const claims = new Map([...useful, [request, turn.at] as const]);
  const unansweredSince = leasing.unansweredSince ?? turn.at;
  change(turn, { leases, leasing: { ...leasing, claims, nextClaim: request + 1, unansweredSince } });
  emit(turn, { type: "claimLeases", request, groups: wanted.map(({ id }) => id) });
}

const noLease: Omit<Lease, "askAgainAt"> = {
  until: instant(0),
  verdict: "unanswered",
  by: undefined,
  why: "",
  toldAt: instant(Number.NEGATIVE_INFINITY),
};

/** The arbiter has answered a claim. An answer to a claim that we do not remember says nothing about now. */
export function onLeasesAnswered(turn: Turn, request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>): void {
  const { leasing } = turn.state;
  const claimedAt = leasing.claims.get(request);
  if (claimedAt === undefined) return;
  if (leasing.silentSince !== undefined) log(turn, "info", "The arbiter answers again.");
  const [unansweredSince] = [...leasing.claims].flatMap(([later, at]) => (later > request ? [at] : []));
  change(turn, { leasing: { ...leasing, unansweredSince, silentSince: undefined } });
  const leases = new Map(turn.state.leases);
  for (const group of turn.state.groups.values()) {
    const verdict = verdicts.get(group.id);
    if (verdict !== undefined) leases.set(group.id, judged(turn, leases.get(group.id), { verdict, claimedAt }));
  }
  change(turn, { leases });
}

function judged(
  turn: Turn,
  before: Lease | undefined,
  { verdict, claimedAt }: { readonly verdict: LeaseVerdict; readonly claimedAt: Instant },
): Lease {
  const { state, at } = turn;
  const known = { ...(before ?? { ...noLease, askAgainAt: at }), toldAt: at };
  if (verdict.kind === "granted") {
    const until = permittedUntil(state, claimedAt, state.settings.arbitration.leaseTime ?? 0);
    return { ...known, until: until > known.until ? until : known.until, verdict: "granted", by: undefined, why: "" };
  }
  if (verdict.kind === "refused" && known.why !== verdict.why)
    log(turn, "WARN", `The arbiter grants no lease: ${verdict.why}.`);
  if (verdict.kind === "refused") return { ...known, verdict: "refused", by: undefined, why: verdict.why };
  const free = after(at, verdict.freeIn > shortestPause ? verdict.freeIn : shortestPause);
  const askAgainAt = free < known.askAgainAt || known.askAgainAt <= at ? free : known.askAgainAt;
  return { ...known, verdict: "held", by: verdict.by, why: "", askAgainAt };
}

/** Somebody should look after an arbiter that does not answer before it is needed. */
function noteSilence(turn: Turn, isAsking: boolean): void {
  const { leasing, settings } = turn.state;
  // One answer may be lost; whoever asks no more will never know.
  if (!isAsking && leasing.unansweredSince !== undefined)
    return change(turn, { leasing: { ...leasing, unansweredSince: undefined } });
  const leaseTime = settings.arbitration.leaseTime ?? milliseconds(0);
  const since = leasing.unansweredSince;
  if (leasing.silentSince !== undefined || since === undefined) return;
  if (turn.at < after(since, leaseTime)) return;
  change(turn, { leasing: { ...leasing, silentSince: since } });
  const means = "what is held here is held on while every peer confirms to hear this node";
  log(turn, "CRIT", `The arbiter does not answer: ${means}; nothing can be taken from a silent node.`);
}

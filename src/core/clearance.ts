import { hasFencing, needsFencing } from "./fencing-need.js";
import type { Ground, Refusal } from "./ground.js";
import { type Group, isHere } from "./group.js";
import { isAlive, isPutDown, type Liveness } from "./liveness.js";
import type { NodeName, Term } from "./names.js";
import { term } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { turnComesAt } from "./precedence.js";
import { type FailureKind, isHolding, type ReportedGroup } from "./report.js";
import { isReached, rightUntil } from "./right.js";
import { isAskedFor, isUnanswered } from "./sighting.js";
import { after, type Instant, instant, milliseconds, times } from "./time.js";

/**
 * Death is a belief; permission is another matter. Before a node acquires a group, every other node must be out of the way,
 * one by one, and each verdict has a name that the log, the command line and the dashboard show (design.md 3).
 */
export type Clearance =
  | { readonly granted: true; readonly because: Ground; readonly term: Term; readonly from: NodeName | undefined }
  | { readonly granted: false; readonly because: Refusal; readonly about: NodeName };

/**
 * Which ground names the takeover when several nodes had to be out of the way: the one that needs most besides, whoever comes first. That one node
 * is known to be down says nothing about another one that is only silent (--plan short --seed 5006421). A grant settles it.
 */
const weight: Readonly<Record<Ground, number>> = {
  "nobody-holds-it": 0,
  "holder-left": 1,
  "guardian-withdrew": 2,
  "holder-fenced": 3,
  "operator-confirmed": 3,
  "holder-silent": 4,
  "lease-won": 4,
  "holder-released": 5,
};

type PeerVerdict =
  | { readonly clear: true; readonly ground: Ground; readonly grant?: Term }
  | { readonly clear: false; readonly because: Refusal };

/** @returns whether this node may acquire the group now, and why or why not. */
export function clearance(state: NodeState, group: Group, at: Instant): Clearance {
  if (state.phase.kind !== "active") return { granted: false, because: "not-active", about: state.settings.self };
  if (state.dropped.has(group.settings.name))
    return { granted: false, because: "not-configured", about: state.settings.self };
  let ground: Ground = "nobody-holds-it";
  let from: NodeName | undefined;
  let grant: Term | undefined;
  let waiting: (Clearance & { readonly granted: false }) | undefined;
  for (const peer of state.peers.values()) {
    const verdict = verdictOn(state, peer, group, at);
    if (!verdict.clear && noObstacleToGrants.has(verdict.because)) {
      waiting ??= { granted: false, because: verdict.because, about: peer.name };
      continue;
    }
    if (!verdict.clear) return { granted: false, because: verdict.because, about: peer.name };
    // Of two grants the later one counts: the other is history that its giver has not noticed yet.
    const isLater = verdict.grant !== undefined && grant !== undefined && verdict.grant > grant;
    if (weight[verdict.ground] <= weight[ground] && !isLater) continue;
    ground = verdict.ground;
    from = peer.name;
    grant = verdict.grant;
  }
  if (grant !== undefined) return admitted(state, group, at, { granted: true, because: ground, term: grant, from });
  const chosen = preferredNode(state, group);
  if (chosen !== state.settings.self) {
    const because = group.failedHere === undefined ? "preferred-elsewhere" : "failed-here";
    return { granted: false, because, about: chosen ?? state.settings.self };
  }
  if (group.failedHere?.retryAt !== undefined && at < group.failedHere.retryAt)
    return { granted: false, because: "failed-here", about: chosen };
  if (waiting !== undefined) return waiting;
  // Who is cut off loses everybody within a keepalive: until the last one is heard or dead, its word may be out of date.
  for (const peer of state.peers.values())
    if (peer.liveness.kind === "late") return { granted: false, because: "awaiting-late-peer", about: peer.name };
  const verdict = admitted(state, group, at, {
    granted: true,
    because: ground,
    term: term(group.highestTerm + 1),
    from,
  });
  if (!verdict.granted) return verdict;
  if (ground === "holder-silent" && isAskedFor(state, group.settings) && !isFree(state, group, at)) {
    const answered = group.sighting?.answeredAt !== undefined && group.sighting.unanswered === 0;
    return { granted: false, because: answered ? "address-answers" : "asking-address", about: from ?? chosen };
  }
  return verdict;
}

/** Nobody answers for its addresses, and nobody else who cannot be heard is about to. */
function isFree(state: NodeState, group: Group, at: Instant): boolean {
  return isUnanswered(state, group.sighting, at) && at >= (turnComesAt(state, group) ?? at);
}

/** What stands in the way of a takeover without a grant, and of nothing else: a grant of a living node is good in spite of it. */
const noObstacleToGrants: ReadonlySet<Refusal> = new Set([
  "awaiting-fencing",
  "awaiting-operator",
  "takeover-delayed",
  "awaiting-news",
  "listening-anew",
]);

/** The peers are out of the way; is there a right to hold the group, and will it last? */
function admitted(
  state: NodeState,
  group: Group,
  at: Instant,
  clear: Clearance & { readonly granted: true },
): Clearance {
  const { self } = state.settings;
  const elsewhere = leaseElsewhere(state, group, clear.from);
  if (elsewhere !== undefined) return { granted: false, because: "lease-held", about: elsewhere };
  const isSilent = clear.because === "holder-silent";
  const needsQuorum = state.settings.arbitration.pingQuorum && state.pings.size > 0;
  if (needsQuorum && isSilent && !isReached(state, at)) return { granted: false, because: "no-quorum", about: self };
  if (rightToTakeUntil(state, group) > after(at, leastRight)) {
    const isBlind = isSilent || (clear.because !== "holder-released" && hasMissedLeaving(state));
    if (!needsQuorum || !isBlind || !isQuorumYoung(state, at)) return clear;
    return { granted: false, because: "quorum-regained", about: self };
  }
  if (group.settings.policy !== "lease") return { granted: false, because: "no-quorum", about: self };
  const lease = state.leases.get(group.id);
  if (lease?.verdict === "held") return { granted: false, because: "lease-held", about: lease.by ?? self };
  return { granted: false, because: "lease-unavailable", about: self };
}

/**
 * While a node is silent only the lease itself takes a group, also one that a living node passes on: its giver has let go of the lease, and the
 * silent node may have it. Until its next heartbeat brings that one back to life, its other messages may confirm already that it hears us, and it
 * holds what it held (chaos, witness, seed 100, rounds 39 and 70; --plan short --seed 8009594).
 */
function rightToTakeUntil(state: NodeState, group: Group): Instant {
  const silent = [...state.peers.values()].some(({ liveness }) => liveness.kind === "dead");
  if (group.settings.policy !== "lease" || !silent) return rightUntil(state, group);
  return state.leases.get(group.id)?.until ?? instant(0);
}

/** @returns the third node that has the lease by the arbiter's last word, unless it has said since that it holds nothing (it would not have come this far). */
function leaseElsewhere(state: NodeState, group: Group, giver: NodeName | undefined): NodeName | undefined {
  const lease = state.leases.get(group.id);
  if (lease?.verdict !== "held" || lease.by === undefined || lease.by === giver) return undefined;
  return (state.peers.get(lease.by)?.reportAt ?? lease.toldAt) > lease.toldAt ? undefined : lease.by;
}

/**
 * When a cut heals, the gateway may answer before the peer is heard, which has had everything all the while. Whoever lives is heard within
 * a deadtime.
 */
function isQuorumYoung({ settings, quorumSince }: NodeState, at: Instant): boolean {
  return quorumSince === undefined || at < after(quorumSince, settings.timing.deadtime);
}

/** @returns whether a node left before the ping nodes were reached again: while this one was cut off, that node may have come back (--plan short --seed 9003660). */
function hasMissedLeaving({ quorumSince, peers }: NodeState): boolean {
  if (quorumSince === undefined) return false;
  return [...peers.values()].some(({ liveness }) => liveness.kind === "left" && liveness.since < quorumSince);
}

/** To take what is to be given up in the next moment would only make it flap. */
const leastRight = milliseconds(2);

function verdictOn(state: NodeState, peer: Peer, group: Group, at: Instant): PeerVerdict {
  const { liveness } = peer;
  switch (liveness.kind) {
    case "unseen":
      return { clear: false, because: "awaiting-first-heartbeat" };
    case "up":
    case "late":
      return peer.program.kind === "ours" ? verdictOnOurs(state, peer, group) : verdictOnOriginal(state, peer, group);
    case "dead":
    case "left":
      return verdictOnGone(state, peer, { group, at });
  }
}

function verdictOnGone(
  state: NodeState,
  peer: Peer,
  { group, at }: { readonly group: Group; readonly at: Instant },
): PeerVerdict {
  const { liveness } = peer;
  const isStuck = peer.report?.get(group.id)?.state === "stuck";
  const isDown = liveness.kind === "left" && isPutDown(liveness);
  if (isStuck && !isDown && !hasFencing(state)) return { clear: false, because: "release-failed" };
  if (typeof peer.returningUntil === "number" && at < peer.returningUntil)
    return { clear: false, because: "peer-returning" };
  if (isOldNews(state, liveness, at) && group.settings.policy !== "lease")
    return { clear: false, because: "listening-anew" };
  // A node that left in order needs fencing for the one group only that it could not stop.
  if (needsFencing(state, peer) && (isStuck || (liveness.kind === "dead" && group.settings.policy === "fence-first")))
    return { clear: false, because: "awaiting-fencing" };
  if (liveness.kind === "dead") {
    if (group.settings.policy === "manual") return { clear: false, because: "awaiting-operator" };
    if (at < after(liveness.since, group.settings.takeoverDelay)) return { clear: false, because: "takeover-delayed" };
    if (group.settings.policy === "lease") return { clear: true, ground: "lease-won" };
  }
  if (liveness.kind === "left" && at < after(liveness.since, times(state.settings.timing.keepalive, heirsTime))) {
    if (isGrantedToAnother(state, peer, group)) return { clear: false, because: "granted-elsewhere" };
  }
  return { clear: true, ground: groundOf(liveness) };
}

/** While this node stood still, whoever was gone before may have come back: whoever lives is heard within a deadtime (--plan short --seed 8015862). */
function isOldNews({ wokeAt, settings }: NodeState, liveness: Liveness, at: Instant): boolean {
  if (wokeAt === undefined || !("since" in liveness)) return false;
  return liveness.since < wokeAt && at < after(wokeAt, settings.timing.deadtime);
}

/** Keepalives in which the heir of a node that left shows that it has taken what it was granted; one of its heartbeats may be lost. */
const heirsTime = 2.5;

/** @returns whether the last words of a node that left gave the group to a third one that lives and has not spoken of it since (seed 30818). */
function isGrantedToAnother({ settings, peers }: NodeState, peer: Peer, group: Group): boolean {
  const last = peer.report?.get(group.id);
  if (last?.state !== "granted" || last.to === undefined || last.to.node === settings.self) return false;
  const heir = peers.get(last.to.node);
  return heir !== undefined && isAlive(heir.liveness) && (heir.report?.get(group.id)?.term ?? 0) < last.term;
}

const grounds = {
  shutdown: "holder-left",
  "daemon-died": "guardian-withdrew",
  fenced: "holder-fenced",
  confirmed: "operator-confirmed",
} as const;

function groundOf(liveness: Peer["liveness"]): Ground {
  return liveness.kind === "left" ? grounds[liveness.how] : "holder-silent";
}

function verdictOnOurs(state: NodeState, peer: Peer, group: Group): PeerVerdict {
  // While this node slept a third one may have taken what this report calls idle (seed 70 of the short plan).
  const isOld = state.wokeAt !== undefined && (peer.reportAt ?? 0) <= state.wokeAt;
  if (peer.report === undefined || isOld || isOutdated(peer, group))
    return { clear: false, because: "awaiting-report" };
  const theirs = peer.report.get(group.id);
  // Who knows a smaller term than we do has not spoken since that one began: it may be its own by now (--plan short --seed 4076).
  if (theirs?.state === "idle" && theirs.term < group.highestTerm) return { clear: false, because: "awaiting-news" };
  if (theirs === undefined || theirs.state === "idle") return { clear: true, ground: "nobody-holds-it" };
  if (theirs.state === "stuck") return { clear: false, because: "release-failed" };
  if (isHolding(theirs.state)) return { clear: false, because: "holder-alive" };
  if (!isGrantedToUs(state, theirs)) return { clear: false, because: "granted-elsewhere" };
  // A grant that we have already used (and perhaps handed on) is history: only one above everything we saw is news.
  return theirs.term > group.highestTerm
    ? { clear: true, ground: "holder-released", grant: theirs.term }
    : { clear: false, because: "awaiting-report" };
}

/**
 * Who has lost its right may have been replaced since: what the peer said before is no news, although its shorter words already confirm that it
 * hears us again (chaos, witness, seed 900, round 242).
 */
function isOutdated({ reportAt }: Peer, { holding }: Group): boolean {
  return holding.kind === "idle" && holding.why === "right-lost" && (reportAt ?? 0) <= holding.since;
}

/** @returns whether this is a grant to this very incarnation of ours. */
export function isGrantedToUs({ settings, identity }: NodeState, { state, to }: ReportedGroup): boolean {
  return state === "granted" && to?.node === settings.self && to.generation === identity.generation;
}

/** The original says only "local" and "foreign", and nothing counts before both sides are stable (transitions.md 3, rules 4 and 5). */
function verdictOnOriginal(state: NodeState, peer: Peer, group: Group): PeerVerdict {
  if (peerHolds(peer, group)) return { clear: false, because: "holder-alive" };
  if (state.settings.autoFailback === "legacy") return verdictOnLegacy(peer, group);
  // What it hands over is ours to try once: the hand-over goes on while the next group starts, and a failed one is not tried for ever.
  if (isHandedOver(state, peer, group) && group.failedHere === undefined) {
    return { clear: true, ground: "holder-released", grant: term(group.highestTerm + 1) };
  }
  if (peer.shares.releasing) return { clear: false, because: "holder-alive" };
  // After a (quick) restart it may hold what it held; only its own word says what.
  const settled = state.transition.kind === "stable" && peer.shares.stable !== undefined;
  if (!settled) return { clear: false, because: "awaiting-report" };
  return { clear: true, ground: "nobody-holds-it" };
}

/** In legacy mode an original says nothing but what it has released; one that came up beside us never had anything of ours. */
function verdictOnLegacy({ legacy, status }: Peer, { settings, highestTerm }: Group): PeerVerdict {
  if (legacy.released.has(settings.name))
    return { clear: true, ground: "holder-released", grant: term(highestTerm + 1) };
  // Often its first word is an acknowledgement of ours: whether it was here before us only its status tells.
  return legacy.mayHoldOurs || status === undefined
    ? { clear: false, because: "awaiting-report" }
    : { clear: true, ground: "nobody-holds-it" };
}

/** The original's `done` is its grant, for the whole share (seen from there: its own groups are `local`). */
function isHandedOver({ exchange }: NodeState, peer: Peer, group: Group): boolean {
  if (exchange.kind !== "taking" || exchange.peer !== peer.name) return false;
  return exchange.share === "all" || (exchange.share === "local") === (group.settings.owner === peer.name);
}

/**
 * @returns the living node that should have the group: its owner, else the next one in the order of ha.cf, skipping those
 * that are dead, leaving, or failed to run it; when there is none, the first on which it started and did not stay; else `undefined`.
 */
export function preferredNode(state: NodeState, group: Group): NodeName | undefined {
  const { nodes } = state.settings;
  const first = Math.max(0, nodes.indexOf(group.settings.owner));
  const inOrder = nodes.map((_, i) => nodes[(first + i) % nodes.length] as NodeName);
  const fit = inOrder.find((name) => isEligible(state, name, group));
  return fit ?? inOrder.find((name) => isLastResort(state, name, group));
}

/** @returns whether the node could run the group as far as we know. */
export function isEligible(state: NodeState, name: NodeName, group: Group): boolean {
  const found = failureOn(state, name, group);
  return found !== undefined && found.failed === undefined;
}

/** @returns whether the node could run the group when no other one can: a service that comes and goes is better than none. */
function isLastResort(state: NodeState, name: NodeName, group: Group): boolean {
  return failureOn(state, name, group)?.failed === "died";
}

/** @returns whether the node could run the group, be it as the last resort. */
export function couldRun(state: NodeState, name: NodeName, group: Group): boolean {
  return isEligible(state, name, group) || isLastResort(state, name, group);
}

/** @returns what is known of the group's failure there; `undefined`: the node is not there, or about to leave. */
function failureOn(state: NodeState, name: NodeName, group: Group): { failed: FailureKind | undefined } | undefined {
  if (name === state.settings.self)
    return state.phase.kind === "leaving" ? undefined : { failed: group.failedHere?.how };
  const peer = state.peers.get(name);
  if (peer === undefined || !isAlive(peer.liveness) || peer.leaving || peer.isDeaf) return undefined;
  return { failed: peer.report?.get(group.id)?.failed };
}

/** @returns the node that holds the group as far as this node knows. */
export function holderOf(state: NodeState, group: Group): NodeName | undefined {
  if (isHere(group)) return state.settings.self;
  for (const peer of state.peers.values()) {
    if (!isAlive(peer.liveness)) continue;
    if (peerHolds(peer, group)) return peer.name;
  }
  return undefined;
}

/** @returns whether the living peer says that it holds the group or is about to. */
export function peerHolds(peer: Peer, group: Group): boolean {
  if (peer.program.kind === "original")
    return group.settings.owner === peer.name ? peer.shares.local : peer.shares.foreign;
  const theirs = peer.report?.get(group.id);
  return theirs !== undefined && isHolding(theirs.state);
}

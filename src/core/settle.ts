import { acquire, isTakeover } from "./acquiring.js";
import { sayAnswered } from "./asking.js";
import { type Clearance, clearance, isGrantedToUs, peerHolds } from "./clearance.js";
import { driveDeparture } from "./departure.js";
import { resolveDoubt } from "./doubt.js";
import { driveExchange } from "./exchange.js";
import { isInFlux } from "./exchange-steps.js";
import { giveWay } from "./giving-way.js";
import { type Group, isMoving } from "./group.js";
import { requestStandby } from "./handing.js";
import { driveIpfail } from "./ipfail.js";
import { driveLegacy, isLegacy } from "./legacy.js";
import { isAlive } from "./liveness.js";
import type { GroupName, Term } from "./names.js";
import type { NodeState } from "./node-state.js";
import { driveTransition } from "./original.js";
import { passOnFailed } from "./passing-on.js";
import { watchForRivals } from "./rivals.js";
import { reachesEnough } from "./standing.js";
import { change, changeGroup, emit, log, moveGroup, type Turn } from "./turn.js";

/**
 * After every event the node compares what is with what should be, group by group, and begins what is missing. Nothing here
 * remembers why it was called: the facts alone decide, so a lost or repeated event cannot leave anything half done.
 */
export function settle(turn: Turn): void {
  becomeActive(turn);
  driveTransition(turn);
  for (const name of turn.state.groups.keys()) settleGroup(turn, name);
  driveLegacy(turn);
  driveExchange(turn);
  giveWay(turn);
  driveIpfail(turn);
  failBack(turn);
  driveDeparture(turn);
  noteInitialAcquisition(turn);
}

/** All peers heard, or their time is over: take part. */
function becomeActive(turn: Turn): void {
  const { phase, peers } = turn.state;
  if (phase.kind !== "up") return;
  for (const peer of peers.values()) if (peer.liveness.kind === "unseen") return;
  log(turn, "info", "Comm_now_up(): updating status to active");
  log(turn, "info", "Local status now set to: 'active'");
  change(turn, { phase: { kind: "active", since: turn.at }, nextBeat: turn.at });
  emit(turn, { type: "startClients" });
  turn.beatDue = true;
}

function settleGroup(turn: Turn, name: GroupName): void {
  adoptTerms(turn, name);
  const group = turn.state.groups.get(name);
  switch (group?.holding.kind) {
    case "idle":
      return considerAcquiring(turn, group);
    case "acquiring":
    case "held":
      return watchForRivals(turn, group);
    case "doubted":
      return resolveDoubt(turn, group);
    case "granted":
      return resolveGrant(turn, group);
    case "releasing":
    case "stuck":
    case undefined:
      return;
  }
}

/** The largest term that anybody holds or held; a grant to us counts only once we use it. */
function adoptTerms(turn: Turn, name: GroupName): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  let highest: Term = group.highestTerm;
  for (const peer of turn.state.peers.values()) {
    const theirs = peer.report?.get(group.id);
    if (theirs === undefined || isGrantedToUs(turn.state, theirs)) continue;
    if (theirs.term > highest) highest = theirs.term;
  }
  if (highest !== group.highestTerm) changeGroup(turn, name, { highestTerm: highest });
}

function considerAcquiring(turn: Turn, group: Group): void {
  const { name } = group.settings;
  const verdict = clearance(turn.state, group, turn.at);
  if (!verdict.granted) {
    const news = sayVerdict(turn, group, `${verdict.because} (${verdict.about})`);
    if (news) alarm(turn, group, verdict);
    if (verdict.because === "failed-here") passOnFailed(turn, group);
    if (news && verdict.because === "failed-here" && verdict.about === turn.state.settings.self)
      sayUnserved(turn, group);
    return;
  }
  const from = verdict.from === undefined ? {} : { from: verdict.from };
  emit(turn, {
    type: "record",
    what: "clearance",
    detail: { group: name, because: verdict.because, term: verdict.term, ...from },
  });
  if (isTakeover(verdict.because)) {
    log(turn, "info", `Taking over resource group ${name}`, "mach_down");
  }
  acquire(turn, name, {
    term: verdict.term,
    because: verdict.because,
    awayFrom: awayFrom(turn.state, group, verdict.because),
  });
}

function sayUnserved(turn: Turn, { settings: { name }, failedHere }: Group): void {
  const next = failedHere?.how === "died" ? "it is started here again in a moment" : "nobody serves it";
  log(turn, "CRIT", `Resource group ${name} failed here and no other node can run it: ${next}.`);
}

/** Refusals that somebody should know of at once: without him, nobody serves the group. */
function alarm(turn: Turn, group: Group, { because, about }: Clearance & { readonly granted: false }): void {
  const { name } = group.settings;
  if (because === "address-answers") return sayAnswered(turn, group, about);
  if (because === "awaiting-operator")
    return log(
      turn,
      "CRIT",
      `${about} is silent and ${name} is not taken over (policy manual). When ${about} is off: heartbeat confirm ${about} dead`,
    );
  if (because === "no-quorum")
    log(turn, "CRIT", `${name} is not taken over: no ping node answers, so it may be this node that is cut off.`);
}

/** A group that an operator moved here stays until its owner comes back as a newer incarnation. */
function awayFrom(state: NodeState, group: Group, because: string) {
  const { exchange, settings } = state;
  if (because !== "holder-released" || group.settings.owner === settings.self) return undefined;
  if (exchange.kind !== "offered" && exchange.kind !== "taking") return undefined;
  return exchange.reason === "operator" ? state.peers.get(group.settings.owner)?.generation : undefined;
}

/** Says a refusal once, and again when its reason changes. @returns whether it was said now. */
function sayVerdict(turn: Turn, group: Group, verdict: string): boolean {
  if (verdict === group.lastVerdict) return false;
  changeGroup(turn, group.settings.name, { lastVerdict: verdict });
  emit(turn, { type: "record", what: "verdict", detail: { group: group.settings.name, verdict } });
  return true;
}

/** The right is with the peer until it used it, or until it cannot use it any more. */
function resolveGrant(turn: Turn, group: Group): void {
  const { holding } = group;
  if (holding.kind !== "granted") return;
  const peer = turn.state.peers.get(holding.to);
  const idle = (why: string) => moveGroup(turn, group.settings.name, { kind: "idle", since: turn.at, why });
  if (peer === undefined || !isAlive(peer.liveness)) return idle("grantee-gone");
  if (peer.generation !== holding.toGeneration) return idle("grantee-restarted");
  // A third node holds it (after a partition): the grantee cannot use its right, and we must not wait until it does.
  const others = [...turn.state.peers.values()].filter((other) => other !== peer && isAlive(other.liveness));
  if (others.some((other) => other.program.kind === "ours" && peerHolds(other, group))) return idle("held-elsewhere");
  if (peer.program.kind === "ours") {
    if ((peer.report?.get(group.id)?.term ?? 0) >= holding.term) idle("handed-over");
  } else if (peerHolds(peer, group)) idle("handed-over");
  else if (turn.state.exchange.kind === "none" && peer.shares.stable === true) idle("grantee-declined");
}

/** auto_failback: what we hold for an owner that is back and well goes home, all of it in one exchange. */
function failBack(turn: Turn): void {
  const { settings, exchange, phase, groups, failbackFrom, peers } = turn.state;
  if (settings.autoFailback !== "on" || exchange.kind !== "none" || phase.kind !== "active") return;
  if (turn.at < failbackFrom) return;
  for (const group of groups.values()) if (isMoving(group)) return;
  const homesick = [...groups.values()].filter((group) => shouldGoHome(turn, group));
  const to = homesick[0]?.settings.owner;
  if (to === undefined) return;
  const wanted = { share: "foreign", reason: "failback", request: undefined, to } as const;
  // An original knows no single groups: it takes all that are its own.
  if (peers.get(to)?.program.kind !== "ours") return requestStandby(turn, wanted);
  const his = homesick.filter((group) => group.settings.owner === to);
  requestStandby(turn, { ...wanted, groups: his.map((group) => group.settings.name) });
}

function shouldGoHome({ state, at }: Turn, group: Group): boolean {
  const { holding, settings } = group;
  const owner = state.peers.get(settings.owner);
  if (holding.kind !== "held" || holding.rivalSince !== undefined || owner === undefined || !isAlive(owner.liveness))
    return false;
  if (owner.status !== "active" || owner.leaving || owner.isDeaf) return false;
  if (holding.awayFrom !== undefined && owner.generation <= holding.awayFrom) return false;
  if (!reachesEnough(state, owner, at)) return false;
  if (owner.program.kind === "original")
    return owner.shares.stable === true && !owner.shares.releasing && !owner.shares.local;
  if (owner.program.kind !== "ours" || owner.exchange !== undefined || isInFlux(owner)) return false;
  const theirs = owner.report?.get(group.id);
  return theirs?.state === "idle" && theirs.failed === undefined;
}

function noteInitialAcquisition(turn: Turn): void {
  const { initialAcquisitionDone, phase, groups } = turn.state;
  if (initialAcquisitionDone || phase.kind !== "active") return;
  for (const group of groups.values()) {
    if (isMoving(group)) return;
    const undecided = group.holding.kind === "idle" && /^awaiting/.test(group.lastVerdict);
    if (undecided) return;
  }
  change(turn, { initialAcquisitionDone: true });
  log(
    turn,
    "info",
    `Initial resource acquisition complete (${isLegacy(turn.state) ? "req_our_resources" : "T_RESOURCES(us)"})`,
  );
  const own = [...groups.values()].some((group) => group.settings.owner === turn.state.settings.self);
  log(turn, "info", `Local Resource acquisition completed.${own ? "" : " (none)"}`);
}

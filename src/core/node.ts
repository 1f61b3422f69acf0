import { grow } from "./acquiring.js";
import { announceDue } from "./announcing.js";
import { needsConfirmation } from "./arbitration.js";
import { driveAsking, onAddressAnswered } from "./asking.js";
import { onClientSent } from "./client-messages.js";
import { nothingSent } from "./confirmation.js";
import { confirmDead } from "./confirming.js";
import { judgeDeafness } from "./deafness.js";
import { departureDeadline, onStopRequested } from "./departure.js";
import type { Effect } from "./effect.js";
import type { Event } from "./event.js";
import { exchangeDeadline, requestTakeover } from "./exchange.js";
import { driveFencing, fencingDeadlines, onFencingFinished } from "./fencing.js";
import { hasFencing } from "./fencing-need.js";
import { giveUpLost, onPoisoned, rightDeadlines } from "./giving-up.js";
import { idleGroup } from "./group.js";
import { requestStandby } from "./handing.js";
import { onMessage, onPingAnswer, patienceWith, silenceDeadlines } from "./hearing.js";
import { emptyHistory } from "./history.js";
import { noLeasing } from "./lease.js";
import { driveLeases, onLeasesAnswered } from "./leasing.js";
import { tick } from "./liveness.js";
import { driveMonitoring, monitoringDeadline, onMonitored } from "./monitoring.js";
import { noteRefresh, proveAfterMuteness } from "./muteness.js";
import type { Identity, NodeState } from "./node-state.js";
import { beginTransition, tellChangedShares } from "./original.js";
import { send } from "./outbox.js";
import { onOverslept } from "./oversleeping.js";
import { nothingShared, type Peer, rotationDigits, unseenPeer } from "./peer.js";
import { nextProbe, probeSilent } from "./probing.js";
import { driveWork, onResourceFinished } from "./resource-work.js";
import { onAddressMissing } from "./restoring.js";
import { nextRequest, requestMissing } from "./retransmission.js";
import { remainingRight } from "./right.js";
import type { Settings } from "./settings.js";
import { settle } from "./settle.js";
import {
  grownGroups,
  type Inheritance,
  inherit,
  letGoOfDropped,
  onSuccessorLost,
  onSuccessorReady,
} from "./succession.js";
import { after, between, earliest, type Instant } from "./time.js";
import { change, changePeer, emit, log, type Turn } from "./turn.js";
import { unreachable } from "./unreachable.js";

/**
 * A node is a value. `start` makes it, `step` turns it into the next one by an event and says what should be done about it.
 * There is one timer: the daemon wakes the node at `nextDeadline`. A wake-up that comes late by more than a keepalive means that
 * *this* node slept: nobody is judged by that silence, and what we hold has to be earned again.
 */
export type Step = readonly [NodeState, readonly Effect[]];

/** What a daemon brings to life. */
export interface Birth {
  readonly settings: Settings;
  readonly identity: Identity;
  /** Random bits of this start; nonces and delays come from it. Must not be guessable: it makes the session's proof. */
  readonly seed: number;
  readonly nonce: string;
  readonly at: Instant;
  readonly wall: number;
}

/** @returns the node as it starts, and its first words. */
export function start(birth: Birth): Step {
  const { settings, identity, at } = birth;
  const { initdead, deadping } = settings.timing;
  const others = settings.nodes.filter((name) => name !== settings.self);
  const state: NodeState = {
    settings,
    identity,
    seed: birth.seed,
    startedAt: at,
    phase: { kind: "up" },
    nonce: `${"0".repeat(rotationDigits)}${birth.nonce}`,
    nextBeat: at,
    dueAt: at,
    ranAt: at,
    outbox: { seq: 0, datagram: 0, history: emptyHistory },
    peers: new Map(others.map((name) => [name, unseenPeer(name, after(at, initdead))])),
    pings: new Map(settings.pingNodes.map((name) => [name, { kind: "unseen", deadAt: after(at, deadping) }])),
    quorumSince: undefined,
    groups: new Map(settings.groups.map((group) => [group.name, idleGroup(group, at)])),
    exchange: { kind: "none" },
    ipfail: { answering: undefined, giveUp: undefined, giveUps: 0, repeat: undefined },
    fencing: new Map(),
    restoring: new Map(),
    leases: new Map(),
    leasing: noLeasing,
    sent: nothingSent,
    wokeAt: undefined,
    askAt: undefined,
    muteFrom: undefined,
    failbackFrom: at,
    wish: undefined,
    transition: { kind: "init" },
    nextOperation: 1,
    counters: new Map(),
    dropped: new Set(),
    initialAcquisitionDone: false,
    putOff: undefined,
    sharesTold: "",
  };
  const turn: Turn = { state, at, wall: birth.wall, effects: [], beatDue: false };
  sendStatus(turn, "init");
  log(turn, "info", "Local status now set to: 'up'");
  finishTurn(turn);
  return [turn.state, turn.effects];
}

/** @returns the node after the event, and what it asks the world to do. Throws only when the node's own rules are broken. */
export function step(state: NodeState, event: Event): Step {
  const turn: Turn = { state, at: event.at, wall: event.wall, effects: [], beatDue: false };
  const late = between(state.dueAt, event.at);
  if (late > state.settings.timing.keepalive) onOverslept(turn, late);
  // A right that has ended is not brought back by what is heard afterwards: somebody else may have it. A lease is counted from its claim.
  if (event.type !== "leasesAnswered") giveUpLost(turn);
  handle(turn, event);
  finishTurn(turn);
  refreshAfter(turn, event);
  return [turn.state, turn.effects];
}

/** @returns the node of a former daemon under new settings, and what its successor says and does first. */
export function resume(former: NodeState, inheritance: Inheritance & { readonly wall: number }): Step {
  const { at, wall } = inheritance;
  const turn: Turn = { state: inherit(former, inheritance), at, wall, effects: [], beatDue: true };
  const late = between(former.dueAt, at);
  if (late > turn.state.settings.timing.keepalive) onOverslept(turn, late);
  for (const name of grownGroups(former, turn.state)) grow(turn, name);
  if (turn.state.phase.kind === "active") emit(turn, { type: "startClients" });
  finishTurn(turn);
  return [turn.state, turn.effects];
}

function handle(turn: Turn, event: Event): void {
  switch (event.type) {
    case "deadlineReached":
      return;
    case "messageHeard":
      return onMessage(turn, event);
    case "pingAnswered":
      return onPingAnswer(turn, event);
    case "resourceFinished":
      return onMonitored(turn, event) ? undefined : onResourceFinished(turn, event);
    case "fencingFinished":
      return onFencingFinished(turn, event.operation, event.outcome);
    case "leasesAnswered":
      return onLeasesAnswered(turn, event.request, event.verdicts);
    case "addressAnswered":
      return onAddressAnswered(turn, event.group, event.by);
    case "addressMissing":
      return onAddressMissing(turn, event.group);
    case "poisoned":
      return onPoisoned(turn, event.by);
    case "deathConfirmed":
      return confirmDead(turn, event);
    case "standbyRequested":
      return requestStandby(turn, { share: event.what, reason: "operator", request: event.request });
    case "takeoverRequested":
      return requestTakeover(turn, event.what, event.request);
    case "clientSent":
      return onClientSent(turn, event);
    case "successorReady":
      return onSuccessorReady(turn, event.groups);
    case "successorLost":
      return onSuccessorLost(turn);
    case "keysChanged":
      turn.beatDue = true;
      return change(turn, { identity: { ...turn.state.identity, strong: event.strong } });
    case "stopRequested":
      return onStopRequested(turn);
    default:
      return unreachable(event);
  }
}

/** Whatever the event was: what is due is done, what should be is begun, and the peers hear of it. */
function finishTurn(turn: Turn): void {
  judgeSilence(turn);
  giveUpLost(turn);
  driveWork(turn);
  letGoOfDropped(turn);
  const wasUp = isUp(turn.state);
  driveAsking(turn);
  driveFencing(turn);
  settle(turn);
  if (wasUp && !isUp(turn.state)) {
    beginTransition(turn);
    driveFencing(turn);
    settle(turn);
  }
  driveLeases(turn);
  requestMissing(turn);
  probeSilent(turn);
  driveMonitoring(turn);
  announceDue(turn);
  tellChangedShares(turn);
  beat(turn);
  change(turn, { dueAt: nextDeadline(turn.state), ranAt: turn.at });
}

function isUp(state: NodeState): boolean {
  return state.phase.kind === "up";
}

/** @returns when the node wants to be woken if nothing happens before. */
export function nextDeadline(state: NodeState): Instant {
  const candidates: (Instant | undefined)[] = [state.nextBeat, nextRequest(state), ...silenceDeadlines({ state })];
  candidates.push(exchangeDeadline(state), departureDeadline(state), state.ipfail.giveUp?.at, state.ipfail.repeat?.at);
  candidates.push(...fencingDeadlines(state), ...rightDeadlines(state), state.askAt, state.leasing.nextAt);
  if (state.transition.kind === "received") candidates.push(state.transition.deadline);
  for (const peer of state.peers.values()) {
    if (peer.returningUntil !== "over") candidates.push(peer.returningUntil);
    candidates.push(nextProbe(state, peer));
  }
  for (const group of state.groups.values()) {
    const { holding } = group;
    candidates.push(group.announcing?.at, monitoringDeadline(group));
    if (holding.kind === "doubted") candidates.push(holding.until);
    if (holding.kind === "acquiring" || holding.kind === "releasing") {
      candidates.push(holding.work.kind === "pause" ? holding.work.until : holding.work.deadline);
    }
  }
  return earliest(candidates) ?? state.nextBeat;
}

/** A heartbeat every keepalive, and one more whenever the peers should know something at once. */
function beat(turn: Turn): void {
  const { keepalive } = turn.state.settings.timing;
  const due = turn.at >= turn.state.nextBeat;
  if (!due && !turn.beatDue) return;
  refreshDeadMan(turn);
  sendStatus(turn, turn.state.phase.kind === "up" ? "up" : "active");
  turn.beatDue = false;
  if (!due) return;
  const next = after(turn.state.nextBeat, keepalive);
  change(turn, { nextBeat: next > turn.at ? next : after(turn.at, keepalive) });
  for (const node of turn.state.pings.keys()) emit(turn, { type: "ping", node });
}

function refreshDeadMan(turn: Turn): void {
  proveAfterMuteness(turn);
  const remaining = between(turn.at, remainingRight(turn.state, turn.at));
  emit(turn, { type: "refreshDeadMan", remaining });
  noteRefresh(turn, remaining);
}

/** The right to hold has become longer: between two heartbeats there may be too little left of it for a refresh (seeds 8, 28, 45 of the short plan). */
function refreshAfter(turn: Turn, { type }: Event): void {
  if (type !== "messageHeard" && type !== "leasesAnswered") return;
  if (needsConfirmation(turn.state.settings.arbitration)) refreshDeadMan(turn);
}

function sendStatus(turn: Turn, status: "init" | "up" | "active"): void {
  const announced = announcedDeadtime(turn.state, turn.at);
  send(turn, { t: "status", st: status, dt: Math.round(announced).toString(16), protocol: "1" });
}

/** During its first deadtime a node asks for two seconds more, as the original does. */
function announcedDeadtime(state: NodeState, at: Instant): number {
  const { deadtime } = state.settings.timing;
  return between(state.startedAt, at) < deadtime ? deadtime + 2_000 : deadtime;
}

function judgeSilence(turn: Turn): void {
  for (const peer of turn.state.peers.values()) {
    judgeLinks(turn, peer);
    judgeReturn(turn, peer);
    judgeDeafness(turn, peer);
    const liveness = tick(peer.liveness, turn.at, patienceWith(turn, peer));
    if (liveness === peer.liveness) continue;
    changePeer(turn, peer.name, { liveness });
    if (liveness.kind === "dead") onDeath(turn, peer);
  }
  judgePings(turn);
}

/** The moment for the newer incarnation to prove itself is over. */
function judgeReturn(turn: Turn, { name, returningUntil }: Peer): void {
  if (typeof returningUntil === "number" && turn.at >= returningUntil)
    changePeer(turn, name, { returningUntil: "over" });
}

function onDeath(turn: Turn, peer: Peer): void {
  log(turn, "WARN", `node ${peer.name}: is dead`);
  emit(turn, { type: "record", what: "node-dead", detail: { node: peer.name, before: peer.liveness.kind } });
  if (turn.state.phase.kind === "active" && !hasFencing(turn.state))
    log(turn, "info", `Resources being acquired from ${peer.name}.`);
  changePeer(turn, peer.name, { shares: { ...nothingShared, stable: true } });
}

function judgeLinks(turn: Turn, peer: Peer): void {
  for (const [name, link] of peer.links) {
    const liveness = tick(link.liveness, turn.at, patienceWith(turn, peer));
    if (liveness === link.liveness) continue;
    const links = new Map(turn.state.peers.get(peer.name)?.links ?? []).set(name, { ...link, liveness });
    changePeer(turn, peer.name, { links });
    if (liveness.kind === "dead") log(turn, "info", `Link ${peer.name}:${name} dead.`);
  }
}

function judgePings(turn: Turn): void {
  const { timing } = turn.state.settings;
  for (const [name, before] of turn.state.pings) {
    const liveness = tick(before, turn.at, { warntime: timing.warntime, deadtime: timing.deadping });
    if (liveness === before) continue;
    change(turn, { pings: new Map(turn.state.pings).set(name, liveness) });
    if (liveness.kind !== "dead") continue;
    log(turn, "WARN", `node ${name}: is dead`);
    if (before.kind !== "unseen") log(turn, "info", `Link ${name}:${name} dead.`);
  }
}

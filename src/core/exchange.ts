import { isEligible } from "./clearance.js";
import type { OperatorOutcome } from "./effect.js";
import type { Share } from "./event.js";
import { type Group, isMoving } from "./group.js";
import { isAlive } from "./liveness.js";
import { decimalOf, type Message, textOf } from "./message.js";
import type { GroupName, NodeName } from "./names.js";
import type { Exchange, NodeState, Offered, Requested } from "./node-state.js";
import { tellShares } from "./original.js";
import { send } from "./outbox.js";
import type { Peer } from "./peer.js";
import { release } from "./resource-work.js";
import { after, type Instant, seconds } from "./time.js";
import { change, changeGroup, count, emit, log, type Turn } from "./turn.js";

/**
 * Moving groups between two living nodes, in the original's words (transitions.md 5.1). R gives up, P takes:
 *
 *     R: ask_resources X me  -->  P: other  -->  R releases, each group granted to P as it stops  -->  R: done  -->  P: done
 *
 * Between our nodes the right to a group passes with the grant in R's heartbeat, so nothing hangs on a lost message; the request
 * carries a number (`hbo`) and is forgotten by both when it is cancelled (weaknesses.md B9).
 */
const answerLimit = seconds(10);
/** The original waits an hour for the other side's `done`. */
const completionLimit = seconds(3_600);

/** What somebody wants moved. */
export interface Wanted {
  readonly share: Share;
  readonly reason: "operator" | "failback";
  /** The operator's request to answer; `undefined` when nobody waits. */
  readonly request: number | undefined;
}

/** R begins: asks the peer whether it can take the groups. */
export function requestStandby(turn: Turn, wanted: Wanted): void {
  const share = wanted.share === "failback" ? "foreign" : wanted.share;
  const obstacle = obstacleTo(turn.state);
  if (obstacle !== undefined) return refuse(turn, wanted.request, obstacle);
  const peer = takerFor(turn.state, share);
  if (peer === undefined) return refuse(turn, wanted.request, "no other node is up and able to take resources");
  const groups = groupsOf(turn.state, share, peer).map((group) => group.settings.name);
  if (groups.length === 0 && peer.program.kind === "ours") {
    return answer(
      turn,
      wanted.request,
      "completed",
      `${turn.state.settings.self} holds no ${share} resources: nothing to move`,
    );
  }
  const id = turn.state.nextOperation;
  change(turn, { nextOperation: id + 1 });
  const requested: Requested = { id, peer: peer.name, share, reason: wanted.reason, groups, request: wanted.request };
  change(turn, { exchange: { ...requested, kind: "asking", deadline: after(turn.at, answerLimit) } });
  log(turn, "info", `${turn.state.settings.self} wants to go standby [${share}]`);
  record(turn, "asking");
  answer(turn, wanted.request, "running", `asking ${peer.name} to take ${share} resources`);
  ask(turn, requested, "me");
}

function ask(turn: Turn, what: Requested | Offered, info: "me" | "other" | "done" | "refused", why?: string): void {
  const dest = turn.state.settings.nodes.length > 2 ? what.peer : undefined;
  const fields = { t: "ask_resources", rsc_hold: what.share, info, dest, hbw: what.reason };
  send(turn, { ...fields, hbi: what.id === undefined ? undefined : String(what.id), hbr: why });
}

function obstacleTo(state: NodeState): string | undefined {
  if (state.settings.autoFailback === "legacy")
    return "standby is only implemented when auto_failback is on or off, not legacy";
  if (state.phase.kind !== "active")
    return state.phase.kind === "up" ? "this node is still starting" : "this node is shutting down";
  if (state.exchange.kind !== "none") return "another hand-over is in progress";
  for (const group of state.groups.values())
    if (isMoving(group)) return `local resources in flux (${group.settings.name})`;
  return undefined;
}

/** @returns the living node that would take this share; for `foreign` the owner of what we hold for others. */
function takerFor(state: NodeState, share: Share): Peer | undefined {
  const able = [...state.peers.values()].filter((peer) => canTake(peer));
  if (share !== "foreign") return able[0];
  const owners = [...state.groups.values()]
    .filter((group) => group.holding.kind === "held")
    .map((group) => group.settings.owner);
  return able.find((peer) => owners.includes(peer.name)) ?? able[0];
}

function canTake(peer: Peer): boolean {
  if (!isAlive(peer.liveness) || peer.leaving || peer.status !== "active") return false;
  return peer.program.kind === "original" ? peer.shares.stable !== false : peer.report !== undefined;
}

function groupsOf(state: NodeState, share: Share, peer: Peer): readonly Group[] {
  const { self } = state.settings;
  return [...state.groups.values()].filter((group) => {
    if (group.holding.kind !== "held") return false;
    if (share === "all") return true;
    return share === "local" ? group.settings.owner === self : group.settings.owner === peer.name;
  });
}

/** The four steps, told apart by `info`. */
export function onAskResources(turn: Turn, from: NodeName, heard: Message): void {
  const share = shareOf(textOf(heard, "rsc_hold"));
  const id = decimalOf(heard, "hbi");
  const reason = textOf(heard, "hbw") === "failback" ? "failback" : "operator";
  if (share === undefined) return count(turn, "bad-standby-message");
  switch (textOf(heard, "info")?.toLowerCase()) {
    case "me":
      return onAsked(turn, { id, peer: from, share, reason });
    case "other":
      return onAnswered(turn, from, id);
    case "done":
      return onDone(turn, from, id);
    case "refused":
      return onRefused(turn, from, id, textOf(heard, "hbr") ?? "refused");
    default:
      return count(turn, "bad-standby-message");
  }
}

function shareOf(text: string | undefined): Share | undefined {
  return text === "all" || text === "local" || text === "foreign" ? text : undefined;
}

/** P: may the other node go standby? */
function onAsked(turn: Turn, offered: Offered): void {
  if (turn.state.phase.kind === "leaving") return;
  const obstacle = obstacleTo(turn.state);
  if (obstacle !== undefined) {
    log(turn, "WARN", `standby message [me] from ${offered.peer} ignored: ${obstacle}.`);
    if (offered.id !== undefined) ask(turn, offered, "refused", obstacle);
    return;
  }
  log(turn, "info", `${offered.peer} wants to go standby [${offered.share}]`);
  if (offered.reason === "operator")
    forgetFailures(turn, offered.share === "foreign" ? "local" : offered.share === "local" ? "foreign" : "all");
  change(turn, { exchange: { ...offered, kind: "offered", deadline: after(turn.at, answerLimit) } });
  record(turn, "offered");
  ask(turn, offered, "other");
}

/** An operator's wish is a reason to try again what failed here before. */
export function forgetFailures(turn: Turn, share: Share): void {
  const { self } = turn.state.settings;
  for (const group of turn.state.groups.values()) {
    const own = group.settings.owner === self;
    if (group.failedHere === undefined || (share === "local" && !own) || (share === "foreign" && own)) continue;
    changeGroup(turn, group.settings.name, { failedHere: undefined });
    turn.beatDue = true;
  }
}

/** R: P is ready; let go. */
function onAnswered(turn: Turn, from: NodeName, id: number | undefined): void {
  const { exchange } = turn.state;
  if (exchange.kind !== "asking" || exchange.peer !== from || (id !== undefined && id !== exchange.id)) {
    return count(turn, "stray-standby-message");
  }
  const { share } = exchange;
  log(turn, "info", `standby: ${from} can take our ${share} resources`);
  change(turn, { exchange: { ...requestedOf(exchange), kind: "handing" } });
  tellShares(turn, { without: exchange.groups, info: "standby", stable: false });
  log(turn, "info", `give up ${share} HA resources (standby).`);
  for (const name of exchange.groups) release(turn, name, { why: "hand-over", to: from });
  driveExchange(turn);
}

function requestedOf(exchange: Requested): Requested {
  const { id, peer, share, reason, groups, request } = exchange;
  return { id, peer, share, reason, groups, request };
}

function onDone(turn: Turn, from: NodeName, id: number | undefined): void {
  const { exchange } = turn.state;
  if (exchange.kind === "none" || exchange.peer !== from || (id !== undefined && id !== exchange.id)) {
    return count(turn, "stray-standby-message");
  }
  if (exchange.kind === "offered") return beginTaking(turn, exchange);
  if (exchange.kind === "handed" || exchange.kind === "handing") return finishHanding(turn, exchange);
}

/** P: R has released everything. From an original that is the only grant there is. */
function beginTaking(turn: Turn, offered: Offered): void {
  log(turn, "info", `standby: acquire [${offered.share}] resources from ${offered.peer}`);
  change(turn, {
    exchange: { id: offered.id, peer: offered.peer, share: offered.share, reason: offered.reason, kind: "taking" },
  });
  const peer = turn.state.peers.get(offered.peer);
  if (peer?.program.kind === "original") clearShares(turn, peer, offered.share);
}

function clearShares(turn: Turn, peer: Peer, share: Share): void {
  const local = share === "foreign" ? peer.shares.local : false;
  const foreign = share === "local" ? peer.shares.foreign : false;
  change(turn, {
    peers: new Map(turn.state.peers).set(peer.name, {
      ...peer,
      shares: { ...peer.shares, local, foreign, releasing: false },
    }),
  });
}

/** R: P has finished. What P could not start comes back to us by its grant. */
function finishHanding(turn: Turn, exchange: Requested): void {
  log(turn, "info", `Other node completed standby takeover of ${exchange.share} resources.`);
  const peer = turn.state.peers.get(exchange.peer);
  const lost = exchange.groups.filter((name) => peer?.report?.get(idOf(turn.state, name))?.failed === true);
  change(turn, { exchange: { kind: "none" } });
  record(turn, "handed-over");
  tellShares(turn, { stable: true });
  if (lost.length === 0)
    return answer(turn, exchange.request, "completed", `${exchange.peer} has taken over ${exchange.share} resources`);
  answer(turn, exchange.request, "failed", `${exchange.peer} could not start ${lost.join(", ")}; see its ha-log`);
}

function idOf(state: NodeState, name: GroupName): string {
  return state.groups.get(name)?.id ?? "";
}

function onRefused(turn: Turn, from: NodeName, id: number | undefined, why: string): void {
  const { exchange } = turn.state;
  if (exchange.kind === "asking" && exchange.peer === from && exchange.id === id)
    return cancel(turn, `${from} refused: ${why}`);
  const { wish } = turn.state;
  if (wish === undefined || id !== undefined) return count(turn, "stray-standby-message");
  change(turn, { wish: undefined });
  answer(turn, wish.request, "refused", `${from} refused: ${why}`);
}

/** An operator at this node wants what the other one has: the other one must go standby. */
export function requestTakeover(turn: Turn, share: Share, request: number): void {
  forgetFailures(turn, share === "failback" ? "local" : share);
  const obstacle =
    obstacleTo(turn.state) ?? (turn.state.wish === undefined ? undefined : "another takeover is in progress");
  if (obstacle !== undefined) return refuse(turn, request, obstacle);
  const peers = [...turn.state.peers.values()].filter((peer) => isAlive(peer.liveness));
  if (peers.length === 0) {
    return answer(
      turn,
      request,
      "completed",
      "no other node is up: this node takes what it may take by itself (see heartbeat status)",
    );
  }
  change(turn, { wish: { request, share, deadline: after(turn.at, answerLimit) } });
  answer(turn, request, "running", `asking the other node to give up ${share} resources`);
  send(turn, { t: "hb_takeover", rsc_hold: share });
}

/** The node that asked wants our groups: what is local there is foreign here. */
export function onTakeoverMessage(turn: Turn, from: NodeName, heard: Message): void {
  const mirrored: Readonly<Record<string, Share>> = { all: "all", local: "foreign", foreign: "local", failback: "all" };
  const share = mirrored[textOf(heard, "rsc_hold") ?? ""];
  if (share === undefined) return count(turn, "bad-takeover-message");
  const peer = turn.state.peers.get(from);
  const mine = peer === undefined ? [] : groupsOf(turn.state, share, peer);
  const obstacle = obstacleTo(turn.state) ?? (mine.length === 0 ? `it holds no ${share} resources` : undefined);
  if (obstacle !== undefined && peer?.program.kind === "ours") {
    ask(turn, { id: undefined, peer: from, share, reason: "operator" }, "refused", obstacle);
    return;
  }
  requestStandby(turn, { share, reason: "operator", request: undefined });
}

/** Moves the exchange on when what it waits for has come, or when it has waited too long. */
export function driveExchange(turn: Turn): void {
  const { exchange } = turn.state;
  switch (exchange.kind) {
    case "none":
      return driveWish(turn);
    case "asking":
      return turn.at >= exchange.deadline || !isPresent(turn.state, exchange) ? cancelUnanswered(turn) : undefined;
    case "handing":
      return driveHanding(turn, exchange);
    case "handed":
      return turn.at >= exchange.deadline || !isPresent(turn.state, exchange)
        ? cancel(turn, `${exchange.peer} died`)
        : undefined;
    case "offered":
      return driveOffer(turn, exchange);
    case "taking":
      return driveTaking(turn, exchange);
  }
}

function isPresent(state: NodeState, exchange: { readonly peer: NodeName }): boolean {
  const peer = state.peers.get(exchange.peer);
  return peer !== undefined && isAlive(peer.liveness);
}

function cancelUnanswered(turn: Turn): void {
  log(turn, "WARN", "No reply to standby request.  Standby request cancelled.");
  cancel(turn, "no reply from the other node");
}

function driveHanding(turn: Turn, exchange: Requested & { kind: "handing" }): void {
  for (const name of exchange.groups) {
    const group = turn.state.groups.get(name);
    if (group !== undefined && (isMoving(group) || group.holding.kind === "held")) return;
  }
  if (!isPresent(turn.state, exchange)) return cancel(turn, `${exchange.peer} died`);
  log(turn, "info", `${exchange.share} HA resource release completed (standby).`);
  log(turn, "info", `Local standby process completed [${exchange.share}].`);
  change(turn, { exchange: { ...requestedOf(exchange), kind: "handed", deadline: after(turn.at, completionLimit) } });
  ask(turn, exchange, "done");
}

/** P forgets an offer that R has forgotten: R died, took too long, or its heartbeats do not speak of it any more. */
function driveOffer(turn: Turn, exchange: Offered & { kind: "offered"; deadline: Instant }): void {
  const peer = turn.state.peers.get(exchange.peer);
  const busy = exchange.id !== undefined && peer?.exchange === exchange.id;
  const releasing = busy || (exchange.id === undefined && peer?.shares.stable === false);
  if (isPresent(turn.state, exchange)) {
    if (turn.at < exchange.deadline) return;
    if (releasing) return change(turn, { exchange: { ...exchange, deadline: after(turn.at, answerLimit) } });
  }
  cancel(turn, `${exchange.peer} did not go on`);
}

function driveTaking(turn: Turn, exchange: Offered): void {
  for (const group of turn.state.groups.values())
    if (isMoving(group) || isStillComing(turn.state, group, exchange)) return;
  log(turn, "info", `Standby resource acquisition done [${exchange.share}].`);
  change(turn, { exchange: { kind: "none" } });
  tellShares(turn, { stable: true });
  ask(turn, exchange, "done");
  record(turn, "taken-over");
  const { wish } = turn.state;
  if (wish === undefined) return;
  change(turn, { wish: undefined });
  const failed = [...turn.state.groups.values()]
    .filter((group) => group.failedHere !== undefined)
    .map((group) => group.settings.name);
  if (failed.length === 0)
    answer(turn, wish.request, "completed", `took over ${exchange.share} resources of ${exchange.peer}`);
  else answer(turn, wish.request, "failed", `could not start ${failed.join(", ")}; see ha-log`);
}

/** A grant of R that we have not used yet. */
function isStillComing(state: NodeState, group: Group, exchange: Offered): boolean {
  const theirs = state.peers.get(exchange.peer)?.report?.get(group.id);
  if (theirs?.state !== "granted" || theirs.to !== state.settings.self) return false;
  return theirs.term > group.highestTerm && isPresent(state, exchange) && isEligible(state, state.settings.self, group);
}

function driveWish(turn: Turn): void {
  const { wish } = turn.state;
  if (wish === undefined || turn.at < wish.deadline) return;
  change(turn, { wish: undefined });
  answer(turn, wish.request, "refused", "the other node did not begin to give up its resources");
}

function cancel(turn: Turn, why: string): void {
  const { exchange } = turn.state;
  if (exchange.kind === "none") return;
  log(turn, "info", `Cancelling pending standby operation: ${why}`);
  change(turn, { exchange: { kind: "none" } });
  record(turn, "cancelled");
  if ("groups" in exchange) answer(turn, exchange.request, "failed", why);
  tellShares(turn, { stable: true });
  turn.beatDue = true;
}

/** @returns when the exchange gives up waiting. */
export function exchangeDeadline(state: NodeState): Instant | undefined {
  const { exchange, wish } = state;
  if ("deadline" in exchange) return exchange.deadline;
  return exchange.kind === "none" ? wish?.deadline : undefined;
}

function refuse(turn: Turn, request: number | undefined, why: string): void {
  log(turn, "WARN", `Standby request ignored: ${why}.`);
  answer(turn, request, "refused", why);
}

function answer(turn: Turn, request: number | undefined, outcome: OperatorOutcome, text: string): void {
  if (request !== undefined) emit(turn, { type: "answerOperator", request, outcome, text });
}

function record(turn: Turn, step: string): void {
  const { exchange } = turn.state;
  const detail: Record<string, string> = { step };
  if (exchange.kind !== "none")
    Object.assign(detail, { peer: exchange.peer, share: exchange.share, reason: exchange.reason });
  emit(turn, { type: "record", what: "hand-over", detail });
}

/** @returns the exchange if this node is the one that gives up. */
export function isHanding(exchange: Exchange): boolean {
  return exchange.kind === "asking" || exchange.kind === "handing" || exchange.kind === "handed";
}

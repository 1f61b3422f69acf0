import type { OperatorOutcome } from "./effect.js";
import type { Share } from "./event.js";
import { type Group, isMoving } from "./group.js";
import { isAlive } from "./liveness.js";
import type { NodeName } from "./names.js";
import type { NodeState, Offered, Requested } from "./node-state.js";
import { tellShares } from "./original.js";
import { send } from "./outbox.js";
import type { Peer } from "./peer.js";
import { draw } from "./random.js";
import { after, seconds, times } from "./time.js";
import { change, changeGroup, emit, log, type Turn } from "./turn.js";

/** What both sides of a hand-over have in common: its messages, its obstacles, its end before the end. */

/** How long the other side may take to answer. */
export const answerLimit = seconds(10);

/** Sends one of the four steps. */
export function ask(
  turn: Turn,
  what: Requested | Offered,
  info: "me" | "other" | "done" | "refused",
  why?: string,
): void {
  const dest = turn.state.settings.nodes.length > 2 ? what.peer : undefined;
  const fields = { t: "ask_resources", rsc_hold: what.share, info, dest, hbw: what.reason };
  send(turn, { ...fields, hbi: what.id === undefined ? undefined : String(what.id), hbr: why });
}

/** @returns why this node cannot begin a hand-over now, in words for the operator; `undefined` when it can. */
export const obstacleTo = (state: NodeState): string | undefined => obstacleOutsideGroups(state) ?? fluxIn(state);

/** @returns the same, but for groups that are just being started, stopped or proven again: that passes. */
export function obstacleOutsideGroups(state: NodeState): string | undefined {
  if (state.settings.autoFailback === "legacy")
    return "standby is only implemented when auto_failback is on or off, not legacy";
  if (state.phase.kind !== "active")
    return state.phase.kind === "up" ? "this node is still starting" : "this node is shutting down";
  return state.exchange.kind === "none" ? undefined : "another hand-over is in progress";
}

/** @returns which group is just being started, stopped or proven again, in words for the operator. */
export function fluxIn(state: NodeState): string | undefined {
  for (const group of state.groups.values())
    if (isMoving(group)) return `local resources in flux (${group.settings.name})`;
  return undefined;
}

/** @returns whether the peer could take resources now. */
export function canTake(peer: Peer): boolean {
  if (!isAlive(peer.liveness) || peer.leaving || peer.status !== "active") return false;
  return peer.program.kind === "original" ? peer.shares.stable === true : peer.report !== undefined;
}

/** @returns whether one of ours is in the middle of something: it would only refuse. */
export function isInFlux(peer: Peer): boolean {
  const moving = ["acquiring", "releasing", "doubted"];
  return [...(peer.report?.values() ?? [])].some((theirs) => moving.includes(theirs.state));
}

/**
 * @returns the groups held here that the share means, if `peer` takes them: `foreign` are those of the peer; when none is his,
 *   all that are not ours.
 */
export function groupsOf(state: NodeState, share: Share, peer: Peer): readonly Group[] {
  const { self } = state.settings;
  const held = [...state.groups.values()].filter((group) => group.holding.kind === "held");
  if (share === "all") return held;
  if (share === "local") return held.filter((group) => group.settings.owner === self);
  const foreign = held.filter((group) => group.settings.owner !== self);
  const his = foreign.filter((group) => group.settings.owner === peer.name);
  return his.length > 0 ? his : foreign;
}

/** @returns whether the other side of the hand-over is alive, and still the incarnation that began it. */
export function isPresent(
  state: NodeState,
  exchange: { readonly peer: NodeName; readonly generation: number },
): boolean {
  const peer = state.peers.get(exchange.peer);
  return peer !== undefined && isAlive(peer.liveness) && peer.generation === exchange.generation;
}

/** Ends the hand-over before its end; whoever waits for it hears why: `refused` when nothing was touched, because the peer said no. */
export function cancel(turn: Turn, why: string, outcome: "failed" | "refused" = "failed"): void {
  const { exchange, wish } = turn.state;
  if (exchange.kind === "none") return;
  log(turn, "info", `Cancelling pending standby operation: ${why}`);
  change(turn, { exchange: { kind: "none" } });
  record(turn, "cancelled", exchange);
  if (exchange.reason !== "operator") putOffFailback(turn);
  if ("groups" in exchange) answer(turn, exchange.request, outcome, why);
  else if (wish !== undefined) {
    change(turn, { wish: undefined });
    answer(turn, wish.request, outcome, why);
  }
  tellShares(turn, { stable: true });
  turn.beatDue = true;
}

/** What moves by itself begins again by itself; not at once, and not in step with a peer that was refused at the same moment. */
export function putOffFailback(turn: Turn): void {
  const [luck, seed] = draw(turn.state.seed);
  const pause = times(turn.state.settings.timing.keepalive, 1 + 2 * luck);
  change(turn, { seed, failbackFrom: after(turn.at, pause) });
}

export function refuse(turn: Turn, request: number | undefined, why: string): void {
  log(turn, "WARN", `Standby request ignored: ${why}.`);
  answer(turn, request, "refused", why);
}

export function answer(turn: Turn, request: number | undefined, outcome: OperatorOutcome, text: string): void {
  if (request !== undefined) emit(turn, { type: "answerOperator", request, outcome, text });
}

export function record(turn: Turn, step: string, { peer, share, reason }: Requested | Offered): void {
  emit(turn, { type: "record", what: "hand-over", detail: { step, peer, share, reason } });
}

/** An operator's wish is a reason to try again what failed here before. */
export function forgetFailures(turn: Turn, share: Share): void {
  const { self } = turn.state.settings;
  for (const group of turn.state.groups.values()) {
    const own = group.settings.owner === self;
    if ((share === "local" && !own) || (share === "foreign" && own)) continue;
    if (group.failedHere !== undefined) turn.beatDue = true;
    else if (group.monitor.failures.length === 0) continue;
    changeGroup(turn, group.settings.name, { failedHere: undefined, monitor: { ...group.monitor, failures: [] } });
  }
}

import { type Group, isHere } from "./group.js";
import { isAlive } from "./liveness.js";
import { type Message, textOf } from "./message.js";
import type { GroupName, NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { send } from "./outbox.js";
import { nothingShared, type OriginalShares } from "./peer.js";
import { after, seconds } from "./time.js";
import { change, changePeer, log, type Turn } from "./turn.js";

/**
 * Living with an original (transitions.md 3). It knows no groups and no terms, only "local" and "foreign", and believes that nothing
 * is settled before both sides said `isstable=1` or ten seconds have passed since the first `resource` message. Our nodes send the
 * same messages to each other, for those who read along, but decide by their reports and never wait for the timer.
 */
const originalPatience = seconds(10);

/** @returns the share of the groups that this node holds or is about to, in the original's word. */
export function sharesOf(state: NodeState, without: readonly GroupName[] = []): "none" | "local" | "foreign" | "all" {
  const here = [...state.groups.values()].filter(
    (group) => countsAsHeld(group) && !without.includes(group.settings.name),
  );
  const local = here.some((group) => group.settings.owner === state.settings.self);
  const foreign = here.some((group) => group.settings.owner !== state.settings.self);
  if (local && foreign) return "all";
  if (local) return "local";
  return foreign ? "foreign" : "none";
}

function countsAsHeld(group: Group): boolean {
  return isHere(group) && group.holding.kind !== "releasing";
}

/** Sends `resource` with what we hold; `without`: groups that are about to go. */
export function tellShares(
  turn: Turn,
  what: { readonly stable: boolean; readonly info?: string; readonly without?: readonly GroupName[] },
): void {
  // In legacy mode nobody speaks of what he holds.
  if (turn.state.settings.autoFailback === "legacy") return;
  const shares = what.info === "shutdown" ? "none" : sharesOf(turn.state, what.without);
  const stable = what.stable && turn.state.transition.kind === "stable";
  change(turn, { sharesTold: `${shares} ${stable}` });
  noteResourceMessage(turn);
  send(turn, { t: "resource", rsc_hold: shares, rtype: "full", isstable: stable ? "1" : "0", info: what.info });
}

/** The original's ten seconds run from the first `resource` message, its own or the other side's. */
function noteResourceMessage(turn: Turn): void {
  if (turn.state.transition.kind !== "starting") return;
  change(turn, { transition: { kind: "received", deadline: after(turn.at, originalPatience) } });
}

/** Tells what we hold when it changed and nothing else is about to tell it. */
export function tellChangedShares(turn: Turn): void {
  const { phase, exchange, transition, sharesTold } = turn.state;
  if (phase.kind !== "active" || exchange.kind !== "none" || transition.kind !== "stable") return;
  if (sharesTold !== `${sharesOf(turn.state)} true`) tellShares(turn, { stable: true });
}

/** We are active: begin the dance. Among our own nodes there is none. */
export function beginTransition(turn: Turn): void {
  if (turn.state.settings.autoFailback === "legacy") return change(turn, { transition: { kind: "stable" } });
  send(turn, { t: "starting" });
  change(turn, { transition: { kind: hasOriginal(turn.state) ? "starting" : "stable" } });
}

function hasOriginal(state: NodeState): boolean {
  return [...state.peers.values()].some((peer) => peer.program.kind === "original" && isAlive(peer.liveness));
}

/** Rule 1: the peer is starting and wants to know what we hold. */
export function onStarting(turn: Turn, from: NodeName): void {
  const peer = turn.state.peers.get(from);
  if (peer === undefined) return;
  // Whatever it held before it started: it has yet to say what it holds now.
  if (peer.program.kind === "original") changePeer(turn, from, { shares: nothingShared });
  if (turn.state.phase.kind === "active") tellShares(turn, { stable: true });
}

/** Rules 2 to 4: what the peer holds, and whether it has finished moving. */
export function onResource(turn: Turn, from: NodeName, heard: Message): void {
  const peer = turn.state.peers.get(from);
  if (peer === undefined) return;
  const shares = sharesHeard(peer.shares, heard);
  const nowStable = shares.stable === true && peer.shares.stable !== true;
  changePeer(turn, from, { shares, sharesAt: turn.at });
  if (nowStable) log(turn, "info", "remote resource transition completed.");
  if (peer.program.kind !== "original") return;
  noteResourceMessage(turn);
  const { transition } = turn.state;
  if (nowStable && transition.kind !== "stable" && transition.kind !== "init") settleTransition(turn);
  if (nowStable) turn.beatDue = true;
  if (nowStable && turn.state.phase.kind === "active") change(turn, { sharesTold: "" });
}

function sharesHeard(before: OriginalShares, heard: Message): OriginalShares {
  const said = textOf(heard, "rsc_hold");
  const full = textOf(heard, "rtype") === "full" || said === "none";
  const local = said === "local" || said === "all" || (!full && before.local);
  const foreign = said === "foreign" || said === "all" || (!full && before.foreign);
  const stable = textOf(heard, "isstable");
  const info = textOf(heard, "info");
  const tookOver = before.tookOver || info === "mach_down";
  const releasing =
    stable === "0" ? before.releasing || info === "standby" || info === "shutdown" : before.releasing && stable !== "1";
  return { local, foreign, stable: stable === undefined ? before.stable : stable === "1", releasing, tookOver };
}

/** Rule 5: ten seconds are over; or the original has gone and nobody needs to be waited for. */
export function driveTransition(turn: Turn): void {
  const { transition, phase } = turn.state;
  if (phase.kind !== "active" || transition.kind === "stable") return;
  if (!hasOriginal(turn.state)) return change(turn, { transition: { kind: "stable" } });
  if (transition.kind !== "received" || turn.at < transition.deadline) return;
  log(turn, "info", "local resource transition completed.");
  settleTransition(turn);
}

function settleTransition(turn: Turn): void {
  change(turn, { transition: { kind: "stable" }, sharesTold: "" });
}

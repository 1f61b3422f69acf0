import { couldRun, peerHolds } from "./clearance.js";
import { contestedSince } from "./giving-way.js";
import type { Group } from "./group.js";
import { deadlineOf } from "./liveness.js";
import type { GroupName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { precedenceTime, turnComesAt } from "./precedence.js";
import { answerTime, askingPace, askingTime, calmPause, isAnswered, isAskedFor, isUnanswered } from "./sighting.js";
import { after, earliest, type Instant, times } from "./time.js";
import { change, changeGroup, emit, log, type Turn } from "./turn.js";
import { offeredSince } from "./unfinished.js";

/**
 * A silent node whose addresses still answer on the service LAN is not dead, only its heartbeats are cut off. So in the last half of its
 * deadtime the segment is asked who has its addresses (ARP, neighbour solicitation), again and again; that costs no time. The address of a holder
 * that hangs does not answer any more by then: its dead-man's switch is shorter (`dead-man.ts`). While somebody answers, nothing is taken; the
 * questions go on, and the takeover follows when they stay unanswered for longer than that switch.
 */

/** Asks what is due. */
export function driveAsking(turn: Turn): void {
  if (!turn.state.settings.arbitration.askAddress) return;
  const dues: Instant[] = [];
  for (const group of [...turn.state.groups.values()]) {
    const due = dueAt(turn.state, group, turn.at);
    if (due === undefined) forget(turn, group);
    else if (turn.at < due) dues.push(due, ...judgedAt(turn, group), ...turnAt(turn, group));
    else dues.push(ask(turn, group, due));
  }
  const askAt = earliest(dues);
  if (askAt !== turn.state.askAt) change(turn, { askAt });
}

function forget(turn: Turn, { settings, sighting }: Group): void {
  if (sighting !== undefined) changeGroup(turn, settings.name, { sighting: undefined });
}

function ask(turn: Turn, { settings, sighting: before }: Group, due: Instant): Instant {
  const unanswered = before === undefined || isAnswered(before) ? 0 : before.unanswered + 1;
  const dueAt = turn.at < after(due, askingPace(turn.state)) ? due : turn.at;
  const sighting = { askedAt: turn.at, dueAt, answeredAt: before?.answeredAt, by: before?.by ?? "", unanswered };
  changeGroup(turn, settings.name, { sighting });
  emit(turn, { type: "askForAddresses", group: settings.name });
  return after(turn.at, answerTime(turn.state));
}

/** @returns when it is clear that the last question stays unanswered. */
function judgedAt({ state, at }: Turn, { sighting }: Group): readonly Instant[] {
  if (sighting === undefined || isAnswered(sighting)) return [];
  const judged = after(sighting.askedAt, answerTime(state));
  return judged > at ? [judged] : [];
}

/** @returns when those who go first have had their time. */
function turnAt({ state, at }: Turn, group: Group): readonly Instant[] {
  const due = group.holding.kind === "idle" ? turnComesAt(state, group) : undefined;
  return due !== undefined && due > at ? [due] : [];
}

/** Another host has an address of the group. */
export function onAddressAnswered(turn: Turn, name: GroupName, by: string): void {
  const sighting = turn.state.groups.get(name)?.sighting;
  if (sighting === undefined) return;
  changeGroup(turn, name, { sighting: { ...sighting, answeredAt: turn.at, by, unanswered: 0 } });
}

/** @returns when the group's addresses are to be asked for next; `undefined`: nothing is to be taken from anybody silent. */
function dueAt(state: NodeState, group: Group, at: Instant): Instant | undefined {
  const { kind } = group.holding;
  if (state.phase.kind === "leaving" || !isAskedFor(state, group.settings)) return undefined;
  const isWanted = (kind === "idle" || kind === "doubted") && couldRun(state, state.settings.self, group);
  const from = isWanted
    ? (offeredSince(state, group) ?? doubtEndsFrom(state, group) ?? allSuspectFrom(state, group))
    : contestedSince(state, group);
  const { sighting } = group;
  if (from === undefined || sighting === undefined || sighting.askedAt < from) return from;
  const next = after(sighting.dueAt, askingPace(state));
  const isOpen = !isAnswered(sighting) && !isUnanswered(state, sighting, at);
  // Every question until then counts: the longer it is asked, the longer must stand still who is not found.
  const until = after(after(from, askingTime(state)), precedenceTime(state, group));
  const isUseful = !isAnswered(sighting) && after(next, answerTime(state)) <= until;
  return isOpen || isUseful ? next : after(sighting.dueAt, calmPause(state));
}

/** Who slept holds it again when nobody speaks for a deadtime; somebody who cannot be heard may have it by then. */
function doubtEndsFrom(state: NodeState, { holding }: Group): Instant | undefined {
  return holding.kind === "doubted" ? after(holding.until, times(askingTime(state), -1)) : undefined;
}

/** @returns from when on the last of the peers that stand in the way is suspicious. */
function allSuspectFrom(state: NodeState, group: Group): Instant | undefined {
  let from: Instant | undefined;
  for (const peer of state.peers.values()) {
    const own = suspectFrom(state, peer, group);
    if (own !== undefined && (from === undefined || own > from)) from = own;
  }
  return from;
}

/** @returns from when on the peer's silence is suspicious: half a deadtime before it ends; `undefined`: it does not stand in the way. */
function suspectFrom(state: NodeState, peer: Peer, group: Group): Instant | undefined {
  const { liveness } = peer;
  const { deadtime } = state.settings.timing;
  const before = times(askingTime(state), -1);
  if (liveness.kind === "dead") return after(liveness.since, before);
  const deathAt = deadlineOf(liveness, { warntime: deadtime, deadtime });
  if (deathAt === undefined || (liveness.kind !== "unseen" && !peerHolds(peer, group))) return undefined;
  return after(deathAt, before);
}

/** Says once that a link is cut and not a node dead. */
export function sayAnswered(turn: Turn, group: Group, about: string): void {
  const { name } = group.settings;
  const where = group.sighting?.by ?? "somewhere";
  log(
    turn,
    "CRIT",
    `Heartbeat link lost: ${about} is silent, but ${name} answers at ${where}: it is alive, nothing is taken over.`,
  );
  emit(turn, { type: "record", what: "address-answers", detail: { group: name, silent: about, by: where } });
}

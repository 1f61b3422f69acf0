import { announceHeld } from "./announcing.js";
import { peerHolds } from "./clearance.js";
import type { Group } from "./group.js";
import { distrustLegacy, isLegacy } from "./legacy.js";
import { isAlive } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import { tellShares } from "./original.js";
import { nothingShared, type Overlap, type Peer } from "./peer.js";
import { yieldTo } from "./releasing.js";
import { isAnswered, isAskedFor } from "./sighting.js";
import { after, earliest, type Instant, seconds } from "./time.js";
import { changePeer, log, type Turn } from "./turn.js";

/**
 * An original that stood still for longer than its deadtime takes its peer for dead before it reads what came meanwhile, takes everything, and
 * never notices that nobody was away (transitions.md 8.2): it keeps it, and only says in its log that both machines own it. It knows no terms, so
 * it cannot be the one that gives way; ours is.
 *
 * Not at its first word: after a cut link it has noticed the return and lets everything go two seconds later by itself; a message that was lost
 * comes late and is out of date; it says that it holds a group long before it has started it, and even after the death of a third node, which
 * had nothing (`hb_addnode`). So it is made to say it again (a node that becomes stable is told by the other one what that holds: transitions.md
 * 3, rule 3), five seconds must have passed, and the group's addresses must answer over there. Where the segment cannot be asked, it must have
 * been silent for so long that it may have taken us for dead. Should it let go after all, its goodbye or its offer brings the group back at once.
 */
const patience = seconds(5);
const beforeAsking = seconds(2);
const betweenQuestions = seconds(5);
/** A takeover is told of when its scripts have been asked what runs; on a busy machine that takes half a minute. */
const takenWithin = seconds(60);

/** Gives way to originals that go on holding what this node holds. While it is being handed over, or is about to be, that settles it. */
export function giveWay(turn: Turn): void {
  const { exchange, putOff, wish } = turn.state;
  if (exchange.kind !== "none" || putOff !== undefined || wish !== undefined) return;
  for (const peer of turn.state.peers.values()) {
    const groups = [...turn.state.groups.values()].filter((group) => isInBoth(turn.state, peer, group));
    if (groups.length > 0) resolveOverlap(turn, peer, groups);
    else if (peer.overlap !== undefined) endOverlap(turn, peer);
  }
}

/** What it held it has announced: the neighbours hear where it is now. */
function endOverlap(turn: Turn, { name }: Peer): void {
  changePeer(turn, name, { overlap: undefined });
  announceHeld(turn);
}

function isInBoth({ phase, transition }: NodeState, peer: Peer, group: Group): boolean {
  if (phase.kind !== "active" || transition.kind !== "stable") return false;
  if (peer.program.kind !== "original" || !isAlive(peer.liveness) || !peerHolds(peer, group)) return false;
  const { holding } = group;
  return holding.kind === "held" || (holding.kind === "acquiring" && holding.cancelled === undefined);
}

function resolveOverlap(turn: Turn, peer: Peer, groups: readonly Group[]): void {
  const { overlap, name } = peer;
  if (overlap === undefined) return changePeer(turn, name, { overlap: { since: turn.at, askedAt: undefined } });
  if (!isConfirmed(turn.state, peer, overlap)) return askAgain(turn, peer, overlap, groups);
  if (turn.at < after(overlap.since, patience)) return;
  for (const group of groups) {
    if (!isThere(turn.state, peer, group)) continue;
    const where = group.sighting?.by;
    yieldTo(turn, group, name, `goes on holding it${where === undefined ? "" : `, it answers at ${where}`}`);
  }
}

/** In legacy mode nobody says what he holds: there only the segment tells. */
const isConfirmed = (state: NodeState, { sharesAt }: Peer, { askedAt }: Overlap): boolean =>
  isLegacy(state) || (askedAt !== undefined && sharesAt !== undefined && sharesAt > askedAt);

function askAgain(turn: Turn, { name }: Peer, overlap: Overlap, groups: readonly Group[]): void {
  if (turn.at < questionAt(overlap)) return;
  if (overlap.askedAt === undefined) {
    const all = groups.map((group) => group.settings.name).join(", ");
    log(turn, "CRIT", `Both machines own ${all}: ${name} says so, too. If it stays with it, ours is released.`);
  }
  changePeer(turn, name, { overlap: { ...overlap, askedAt: turn.at } });
  tellShares(turn, { stable: false });
  tellShares(turn, { stable: true });
}

const questionAt = ({ since, askedAt }: Overlap): Instant =>
  askedAt === undefined ? after(since, beforeAsking) : after(askedAt, betweenQuestions);

/** The address is up over there; or it cannot be asked for, and the peer had a reason to take it. */
function isThere(state: NodeState, { lapsedAt, overlap }: Peer, group: Group): boolean {
  if (isAskedFor(state, group.settings)) return group.sighting !== undefined && isAnswered(group.sighting);
  if (isLegacy(state) || lapsedAt === undefined || overlap === undefined) return false;
  return overlap.since <= after(lapsedAt, takenWithin);
}

/** This peer may have taken us for dead: it was silent for long, or we were. */
export function noteLapse(turn: Turn, { name, program }: Peer): void {
  if (program.kind !== "original") return;
  const shares = turn.state.peers.get(name)?.shares ?? nothingShared;
  changePeer(turn, name, { lapsedAt: turn.at, shares: { ...shares, tookOver: false } });
  distrustLegacy(turn, name);
}

/** @returns since when an original has been asked again whether it holds what is held here: the segment is asked as well. */
export function contestedSince(state: NodeState, group: Group): Instant | undefined {
  return earliest(
    [...state.peers.values()].map((peer) => {
      const { overlap } = peer;
      return overlap === undefined || !isInBoth(state, peer, group) ? undefined : after(overlap.since, beforeAsking);
    }),
  );
}

export const isContested = (state: NodeState, group: Group): boolean => contestedSince(state, group) !== undefined;

import { announceSoon } from "./announcing.js";
import { peerHolds } from "./clearance.js";
import { giveWayToTheDeaf } from "./deaf-rivals.js";
import type { Group } from "./group.js";
import { isAlive } from "./liveness.js";
import type { Term } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { rank } from "./precedence.js";
import { release } from "./releasing.js";
import { changeGroup, emit, log, type Turn } from "./turn.js";

/** After a partition both sides may hold a group: the larger term keeps it, then the preferred node (design.md 3.4). */
export function watchForRivals(turn: Turn, group: Group): void {
  const { holding } = group;
  if (holding.kind !== "held" && holding.kind !== "acquiring") return;
  const rivals = [...turn.state.peers.values()].filter((peer) => isAlive(peer.liveness) && isRival(peer, group));
  if (giveWayToTheDeaf(turn, group)) return;
  const rival = rivals.find((peer) => losesTo(turn.state, group, holding.term, peer)) ?? rivals[0];
  const { name } = group.settings;
  if (rival === undefined) {
    const term = soleTerm(turn.state, group, holding.term);
    if (holding.kind !== "held" || (holding.rivalSince === undefined && term === holding.term)) return;
    changeGroup(turn, name, { holding: { ...holding, term, rivalSince: undefined } });
    return announceSoon(turn, name);
  }
  if (holding.kind === "acquiring" && holding.cancelled !== undefined) return;
  if (losesTo(turn.state, group, holding.term, rival)) {
    log(turn, "CRIT", `Both machines own ${name}: ${rival.name} has the larger claim, releasing ours.`);
    emit(turn, { type: "record", what: "split-brain", detail: { group: name, keeper: rival.name } });
    release(turn, name, { why: "rival-has-larger-term", to: undefined });
  } else if (holding.kind === "held" && holding.rivalSince === undefined) {
    log(turn, "CRIT", `Both machines own ${name}: ours is the larger claim, ${rival.name} must release.`);
    emit(turn, { type: "record", what: "split-brain", detail: { group: name, keeper: turn.state.settings.self } });
    changeGroup(turn, name, { holding: { ...holding, rivalSince: turn.at } });
  }
}

/**
 * While this node stood still (and perhaps knows nothing of it) somebody may have taken the group and let go of it again: then its
 * neighbours still send there, and a hand-over with our old term would pass for history (seeds 30894, 20172).
 * @returns the term that the only holder goes on with: the largest one that anybody heard of; its own while others may hold the group.
 */
function soleTerm({ peers, settings }: NodeState, group: Group, ours: Term): Term {
  let largest = ours;
  for (const peer of peers.values()) {
    const theirs = peer.report?.get(group.id);
    const isPromised = theirs?.state === "granted" && theirs.to?.node !== settings.self;
    if (peerHolds(peer, group) || isPromised) return ours;
    if (theirs !== undefined && theirs.term > largest) largest = theirs.term;
  }
  return largest;
}

/** An original that comes back after a partition gives everything up by itself (transitions.md 7); ours must compare. */
export function isRival(peer: Peer, group: Group): boolean {
  if (peer.program.kind !== "ours") return false;
  const state = peer.report?.get(group.id)?.state;
  return state === "held" || state === "acquiring";
}

function losesTo(state: NodeState, group: Group, ours: Term, rival: Peer): boolean {
  const theirs = rival.report?.get(group.id)?.term ?? 0;
  if (theirs !== ours) return theirs > ours;
  return rank(state, group, rival.name) < rank(state, group, state.settings.self);
}

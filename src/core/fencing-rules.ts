import { holderOf, peerHolds } from "./clearance.js";
import { hasFencing, needsFencing } from "./fencing-need.js";
import { type Group, isHere } from "./group.js";
import { isAlive } from "./liveness.js";
import type { NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { draw } from "./random.js";
import { after, between, type Duration, type Instant, milliseconds, times } from "./time.js";

/** Who is to be fenced, by whom, and how soon. Pure questions about the state; `fencing.ts` acts on the answers. */

/**
 * @returns who of the survivors is to reset the node: the first one in ha.cf that can and has not failed to; this node when all have
 *   failed; `undefined` when it is not for this node to know (nobody can).
 */
export function shooterFor(state: NodeState, target: NodeName): NodeName | undefined {
  const { nodes, self } = state.settings;
  const able = nodes.filter((name) => name !== target && canShoot(state, name));
  return able.find((name) => !hasFailed(state, name, target)) ?? (able.includes(self) ? self : able[0]);
}

function canShoot(state: NodeState, name: NodeName): boolean {
  if (name === state.settings.self) return hasFencing(state) && state.phase.kind === "active";
  const peer = state.peers.get(name);
  if (peer === undefined || !isAlive(peer.liveness) || peer.leaving) return false;
  return peer.status === "active" && peer.fencing !== undefined;
}

function hasFailed(state: NodeState, name: NodeName, target: NodeName): boolean {
  if (name === state.settings.self) return state.fencing.get(target)?.kind === "pausing";
  return state.peers.get(name)?.fencing?.get(target)?.state === "failed";
}

/** @returns whether a group is waiting for somebody to take it; otherwise a reset that fails need not be tried again and again. */
export function isSomethingUnserved(state: NodeState): boolean {
  return [...state.groups.values()].some((group) => holderOf(state, group) === undefined);
}

/** The two sides of a cut, as this one sees them. */
export type Priority = "larger-side" | "fence_priority" | "holds-more" | "first-in-ha.cf" | "other-side-first";

/**
 * Two sides that cannot hear each other both want to reset the other, and both must not die. The larger side shoots at once; of two
 * equal ones the one with the first node of `fence_priority`; without that line the one that holds more groups (its services run on); else
 * the one with the first node of ha.cf. The other one holds its fire for `fence_delay`, by which time it has been reset if anybody was there.
 */
export function priorityOf(state: NodeState): Priority {
  const { nodes, self, fencing } = state.settings;
  const silent = [...state.peers.values()].filter((peer) => needsFencing(state, peer));
  const here = nodes.filter((name) => name === self || isAliveNow(state, name));
  if (here.length !== silent.length) return here.length > silent.length ? "larger-side" : "other-side-first";
  const isOnOneSide = (name: NodeName): boolean => here.includes(name) || silent.some((peer) => peer.name === name);
  const preferred = fencing.priority.find(isOnOneSide);
  if (preferred !== undefined) return here.includes(preferred) ? "fence_priority" : "other-side-first";
  const groups = [...state.groups.values()];
  const ours = groups.filter((group) => holderOf(state, group) !== undefined).length;
  const theirs = groups.filter((group) => silent.some((peer) => heldLast(peer, group))).length;
  if (ours !== theirs) return ours > theirs ? "holds-more" : "other-side-first";
  const first = nodes.find(isOnOneSide);
  return first !== undefined && here.includes(first) ? "first-in-ha.cf" : "other-side-first";
}

function isAliveNow(state: NodeState, name: NodeName): boolean {
  const peer = state.peers.get(name);
  return peer !== undefined && isAlive(peer.liveness);
}

/** What a silent peer said last. Both sides of a cut remember the same, whatever has become of it. */
function heldLast(peer: Peer, group: Group): boolean {
  return !isHere(group) && peerHolds(peer, group);
}

/** @returns how long this node holds its fire, and the seed of the next draw. Who left cannot shoot back. */
export function fireDelay(state: NodeState, target: Peer, priority: Priority): readonly [Duration, number] {
  if (priority !== "other-side-first" || target.liveness.kind === "left") return [milliseconds(0), state.seed];
  const [luck, seed] = draw(state.seed);
  return [times(state.settings.fencing.delay, 1 + luck / 4), seed];
}

/** @returns since when nothing of the silent peer counts: its last sign of life, or our own start when there was none. */
export function lastHeard({ startedAt, settings }: NodeState, { liveness, generation }: Peer): Instant {
  if (generation === 0 || !("since" in liveness)) return startedAt;
  return liveness.kind === "dead" ? after(liveness.since, times(settings.timing.deadtime, -1)) : liveness.since;
}

/** @returns whether another survivor reset this peer after we heard it last, in the incarnation that we know or a later one. */
export function wasFencedBy(state: NodeState, peer: Peer, survivor: Peer, at: Instant): boolean {
  if (!isAlive(survivor.liveness) || survivor.program.kind !== "ours") return false;
  const said = survivor.fencing?.get(peer.name);
  if (said?.state !== "fenced" || said.generation < peer.generation || survivor.reportAt === undefined) return false;
  return between(lastHeard(state, peer), survivor.reportAt) > said.ago && at >= survivor.reportAt;
}

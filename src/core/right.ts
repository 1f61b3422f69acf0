import { heardUntil, permittedUntil } from "./confirmation.js";
import { type Group, isHere } from "./group.js";
import { isAlive } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import { after, type Instant, instant, times } from "./time.js";

/**
 * The right to hold ends by itself. With an arbiter a node holds a group while it has the lease, or while every peer confirms to hear it (then
 * none can take it for dead, and none asks for the lease): the loss of the arbiter alone changes nothing, nor does the loss of the peer.
 * With `ping_quorum` a ping node's answer does in place of the lease. When the right ends, the addresses go at once, before any
 * peer may have them; the kernel's dead-man's switch is never set for longer than the right lasts (design.md 3.1, 3.3).
 */
export const forever = instant(Number.POSITIVE_INFINITY);

/** @returns until when this node may hold the group, if nothing more is heard. */
export function rightUntil(state: NodeState, group: Group): Instant {
  const { arbitration } = state.settings;
  if (group.settings.policy === "lease") return later(state.leases.get(group.id)?.until, heardUntil(state));
  if (!arbitration.pingQuorum || state.pings.size === 0) return forever;
  return later(reachedUntil(state), later(heardUntil(state), originalsUntil(state)));
}

const later = (one: Instant | undefined, other: Instant): Instant => (one !== undefined && one > other ? one : other);

/** @returns until when this node counts as connected by its ping nodes' answers. */
export function reachedUntil(state: NodeState): Instant {
  let until = instant(0);
  for (const liveness of state.pings.values())
    if ("heardAt" in liveness)
      until = later(permittedUntil(state, liveness.heardAt, state.settings.timing.deadtime), until);
  return until;
}

/**
 * What a ping node answered before a silence says nothing about who of two is cut off: one of them must have answered the last question before
 * `at` or the one before (--plan short --seed 2527).
 */
export function isReached({ settings, pings }: NodeState, at: Instant): boolean {
  const since = after(at, times(settings.timing.keepalive, -1.5));
  return [...pings.values()].some((liveness) => "heardAt" in liveness && liveness.heardAt > since);
}

/** An original confirms nothing; that it is heard is all there is to go by. */
function originalsUntil(state: NodeState): Instant {
  let until = instant(0);
  for (const { program, liveness } of state.peers.values())
    if (program.kind === "original" && isAlive(liveness) && "heardAt" in liveness)
      until = later(permittedUntil(state, liveness.heardAt, state.settings.timing.deadtime), until);
  return until;
}

/** @returns for how long everything that is here may be held from now on. */
export function remainingRight(state: NodeState, at: Instant): Instant {
  let until = forever;
  for (const group of state.groups.values()) {
    if (!isHere(group) || group.lostAt !== undefined) continue;
    const own = rightUntil(state, group);
    if (own < until) until = own;
  }
  return until > at ? until : at;
}

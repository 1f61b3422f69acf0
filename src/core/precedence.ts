import type { Group } from "./group.js";
import type { NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { isHolding } from "./report.js";
import { after, type Duration, type Instant, milliseconds, times } from "./time.js";

/**
 * Two that cannot hear each other may both be about to take a group: after the death of a third node, whose last heartbeat they heard in the same
 * moment, or when both were started with the link cut. Nobody has the address yet, so neither finds the other by asking the service LAN. So who
 * comes first in the order of ha.cf goes first, and the next one asks for a moment longer: by then the address answers (--plan short --seed 284).
 */

/** Of deadtime, for each node that goes first; one question and its answer, at least. */
const share = 1 / 8;

/** @returns 0 for the owner, then the order of ha.cf from the owner on. */
export function rank({ settings: { nodes } }: NodeState, group: Group, name: NodeName): number {
  return (nodes.indexOf(name) - nodes.indexOf(group.settings.owner) + nodes.length) % nodes.length;
}

/** @returns how much longer than deadtime this node asks for the group's addresses. */
export function precedenceTime(state: NodeState, group: Group): Duration {
  const { settings, peers } = state;
  // Who holds again what it had is first itself, and asks for a deadtime anyway.
  if (group.holding.kind !== "idle") return milliseconds(0);
  const own = rank(state, group, settings.self);
  let before = 0;
  for (const { name, liveness, report, program } of peers.values()) {
    // Who held it when it fell silent does not take it now; an original asks nobody.
    if (liveness.kind !== "dead" || program.kind === "original" || rank(state, group, name) > own) continue;
    const last = report?.get(group.id);
    if (last === undefined || !isHolding(last.state)) before++;
  }
  return times(settings.timing.deadtime, share * before);
}

/** @returns when this node may take from the silent ones what nobody answers for; `undefined`: nobody is dead. */
export function turnComesAt(state: NodeState, group: Group): Instant | undefined {
  let last: Instant | undefined;
  for (const { liveness } of state.peers.values())
    if (liveness.kind === "dead" && (last === undefined || liveness.since > last)) last = liveness.since;
  return last === undefined ? undefined : after(last, precedenceTime(state, group));
}

import type { Group } from "./group.js";
import { isAlive } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { yieldTo } from "./releasing.js";
import { isAskedFor } from "./sighting.js";
import { after } from "./time.js";
import type { Turn } from "./turn.js";

/**
 * Of two that hold a group the one with the smaller claim lets go at the first word of the other one (`rivals.ts`). A rival that goes on for a
 * deadtime has not heard that word: one direction of the way is cut. Only this node knows of both, so it is the one that gives way. The same where
 * the rival fell silent before it had let go: released, the group comes back only when nobody answers for its addresses. Where they are
 * not asked for, nothing would be won; with leases the rival's right ends by itself.
 */
export function giveWayToTheDeaf(turn: Turn, group: Group): boolean {
  const { holding, settings } = group;
  if (holding.kind !== "held" || holding.rivalSince === undefined || settings.policy === "lease") return false;
  if (turn.at < after(holding.rivalSince, turn.state.settings.timing.deadtime)) return false;
  const keeper = deafHolder(turn.state, group) ?? silentHolder(turn.state, group);
  if (keeper === undefined) return false;
  const why = isAlive(keeper.liveness) ? "does not hear this node" : "fell silent before it had let go";
  yieldTo(turn, group, keeper.name, why);
  return true;
}

const deafHolder = ({ peers }: NodeState, group: Group): Peer | undefined =>
  [...peers.values()].find((peer) => isAlive(peer.liveness) && saysHeld(peer, group));

/** @returns who fell silent, and may still answer for the addresses. It was heard after the rivalry began, so its deadtime ends no earlier. */
function silentHolder(state: NodeState, group: Group): Peer | undefined {
  if (!isAskedFor(state, group.settings)) return undefined;
  return [...state.peers.values()].find((peer) => peer.liveness.kind === "dead" && saysHeld(peer, group));
}

const saysHeld = ({ program, report }: Peer, group: Group): boolean =>
  program.kind === "ours" && report?.get(group.id)?.state === "held";

import { isPutDown } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";

/** @returns whether fencing is configured on this node: then silence alone is no ground for a takeover. */
export function hasFencing({ settings }: NodeState): boolean {
  return settings.fencing.devices.length > 0;
}

/**
 * @returns whether the peer must be fenced before anything of it may be taken: it fell silent (or was never heard), or it left
 *   with a service that it could not stop. Who said goodbye in order needs no fencing.
 */
export function needsFencing(state: NodeState, peer: Peer): boolean {
  if (!hasFencing(state) || state.groups.size === 0) return false;
  if (peer.liveness.kind === "dead") return true;
  return peer.liveness.kind === "left" && !isPutDown(peer.liveness) && isStuck(peer);
}

const isStuck = ({ report }: Peer): boolean => [...(report?.values() ?? [])].some(({ state }) => state === "stuck");

import { isAlive } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import type { Reach, Standing } from "./reach.js";
import { after, type Instant, times } from "./time.js";

/** Who reaches more ping nodes, and what may move because of it. */

/** @returns how many ping nodes this node reaches, a ping group counting one; `undefined` while one was neither heard nor given up. */
export function reached({ pings }: NodeState): number | undefined {
  let count = 0;
  for (const liveness of pings.values()) {
    if (liveness.kind === "unseen") return undefined;
    if (isAlive(liveness)) count++;
  }
  return count;
}

/** @returns the text of `hbp`: the number, `?` while it is not known, nothing where no ipfail runs. */
export function formatReach(state: NodeState): string | undefined {
  return state.settings.ipfail === "none" ? undefined : String(reached(state) ?? "?");
}

/** A loss that begins in the first half of this wait is noticed before the wait is over: nothing goes home to be moved away again. */
const calm = 2;

/** @returns how we stand against the peer now; the same value when nothing changed. */
export function standingAgainst(state: NodeState, peer: Peer, at: Instant): Standing {
  const kind = compare(reached(state), isAlive(peer.liveness) ? peer.reach : { kind: "untold" });
  if (kind === peer.standing.kind) return peer.standing;
  const { deadping } = state.settings.timing;
  const wasApart = peer.standing.kind === "better" || peer.standing.kind === "worse";
  return { kind, since: at, calmFrom: kind === "level" && wasApart ? after(at, times(deadping, calm)) : at };
}

function compare(ours: number | undefined, reach: Reach): Standing["kind"] {
  if (ours === undefined || reach.kind !== "counted") return "unknown";
  if (ours === reach.count) return "level";
  return ours > reach.count ? "better" : "worse";
}

/** @returns whether the groups of this owner may go home to it: not while it reaches fewer ping nodes than we, nor before that is known. */
export function reachesEnough({ settings }: NodeState, { reach, standing }: Peer, at: Instant): boolean {
  if (settings.ipfail === "none" || reach.kind === "untold") return true;
  if (reach.kind === "counting" && reach.by === "ipfail") return true;
  if (standing.kind === "unknown" || standing.kind === "better") return false;
  return standing.kind === "worse" || at >= standing.calmFrom;
}

import { isContested } from "./giving-way.js";
import type { Group } from "./group.js";
import type { NodeState, Offered } from "./node-state.js";
import { isAnswered, isAskedFor } from "./sighting.js";
import { after, type Instant, seconds } from "./time.js";

/**
 * An original says that it holds our groups as soon as it begins to take them over, and offers them to an owner that comes back while its scripts
 * still start them (transitions.md 3, rules 6 to 8). Taken at its word, it runs their start and their stop side by side; when both are done the
 * groups may be on there, as they are here. It never looks again. Two originals have the same fault, and are seldom so quick.
 *
 * So an offer that comes soon after our start, or after it may have taken us for dead, is only answered when the takeover over there is over: it
 * says so (`info=mach_down`), or our addresses answer on the service LAN and five seconds have passed, which is the pace of two originals. Meanwhile
 * the groups are served there. It waits ten seconds for an answer; after that it has to be asked to offer once more, by the words of `hb_takeover`.
 *
 * In legacy mode none of this is needed: there an original works off our question (`ip-request`) in the same row of hooks as its takeover, one
 * after the other.
 */
const originalsPace = seconds(5);

/** A takeover that lasts longer than this is not waited for: its start may have failed, so that nobody serves the group. */
const longestTakeover = seconds(60);

/** An original waits ten seconds for our answer. */
export const answerTime = seconds(9);

/** @returns whether the peer that offers this has finished taking it over from our former incarnation. */
export function isFinished(
  state: NodeState,
  { peer: name, share }: Pick<Offered, "peer" | "share">,
  at: Instant,
): boolean {
  const peer = state.peers.get(name);
  if (peer?.program.kind !== "original" || share === "local" || peer.shares.tookOver) return true;
  if (state.phase.kind !== "active") return true;
  const { since } = state.phase;
  const begun = peer.lapsedAt !== undefined && peer.lapsedAt > since ? peer.lapsedAt : since;
  if (at >= after(begun, longestTakeover)) return true;
  if (at < after(begun, originalsPace)) return false;
  return [...state.groups.values()].every(
    (group) => !isOffered(state, group) || (group.sighting !== undefined && isAnswered(group.sighting)),
  );
}

/** @returns since when it is to be asked on the service LAN whether somebody has the group's addresses, because it is offered. */
export function offeredSince(state: NodeState, group: Group): Instant | undefined {
  if (!isOffered(state, group)) return undefined;
  const { exchange, putOff } = state;
  if (exchange.kind === "offered" && exchange.answerBy !== undefined) return exchange.since;
  return exchange.kind === "none" ? putOff?.since : undefined;
}

/** What is held here it only has, too, if it says so. */
function isOffered(state: NodeState, group: Group): boolean {
  const { settings, holding } = group;
  if (settings.owner !== state.settings.self || !isAskedFor(state, settings)) return false;
  return holding.kind === "idle" || (holding.kind === "held" && isContested(state, group));
}

import { isEligible, preferredNode } from "./clearance.js";
import { canTake } from "./exchange-steps.js";
import { type Group, isMoving, type Release } from "./group.js";
import { requestStandby } from "./handing.js";
import type { Term } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { changeGroup, log, moveGroup, type Turn } from "./turn.js";

/**
 * A group that would not start here goes to whoever else is able to run it. One of ours gets a grant, for this group alone. An original
 * knows no single groups: it is asked to take the whole share, by the words of a standby (weaknesses.md B1); whether it could start
 * the group tells only its log.
 */

/** How often an original is asked: it ignores a request that comes at a bad moment, and says nothing when it cannot start a group. */
const mostOffers = 3;

/** It failed here: whoever else is able may have it, and is told so. */
export function passOnFailed(turn: Turn, group: Group): void {
  const chosen = preferredNode(turn.state, group);
  const peer = chosen === undefined ? undefined : turn.state.peers.get(chosen);
  if (peer?.program.kind === "ours") grantFailed(turn, group, peer);
  if (peer?.program.kind === "original") offerFailed(turn, group, peer);
}

const failures: ReadonlySet<string> = new Set<Release["why"]>(["start-failed", "service-died"]);

/** @returns whether another node lives that could run the group, and that can be told so. */
export function canPassOn(state: NodeState, group: Group): boolean {
  const peers = [...state.peers.values()].filter((peer) => canTake(peer) && isEligible(state, peer.name, group));
  // Who reaches fewer ping nodes would run it for fewer clients.
  return peers.some(({ program, report, standing }) => {
    if (standing.kind === "better") return false;
    return program.kind === "ours" ? report?.has(group.id) === true : state.settings.autoFailback !== "legacy";
  });
}

function grantFailed(turn: Turn, group: Group, peer: Peer): void {
  // Whoever has it already (or had it last) needs no grant.
  if (peer.report?.has(group.id) !== true || group.holding.kind !== "idle" || !failures.has(group.holding.why)) return;
  log(turn, "info", `Resource group ${group.settings.name} failed here: ${peer.name} may take it.`);
  const term = (group.highestTerm + 1) as Term;
  changeGroup(turn, group.settings.name, { highestTerm: term });
  moveGroup(turn, group.settings.name, {
    kind: "granted",
    term,
    to: peer.name,
    since: turn.at,
    toGeneration: peer.generation,
  });
}

function offerFailed(turn: Turn, { settings, offers, failedHere }: Group, peer: Peer): void {
  // With auto_failback legacy it can be asked for nothing.
  const most = turn.state.settings.autoFailback === "legacy" ? 0 : mostOffers;
  if (offers > most || !isCalm(turn.state, turn.at) || !canTake(peer)) return;
  changeGroup(turn, settings.name, { offers: offers + 1 });
  if (offers === most && failedHere?.how === "died") {
    changeGroup(turn, settings.name, { failedHere: undefined });
    const text = `Resource group ${settings.name} failed here and ${peer.name} does not take it: starting it here again.`;
    return log(turn, "WARN", text);
  }
  if (offers === most) {
    const text = `Resource group ${settings.name} failed here and ${peer.name} does not take it: nobody serves it.`;
    return log(turn, "CRIT", text);
  }
  const share = settings.owner === turn.state.settings.self ? "local" : "foreign";
  log(turn, "WARN", `Resource group ${settings.name} failed here: asking ${peer.name} to take all ${share} resources.`);
  requestStandby(turn, { share, reason: "start-failed", request: undefined, to: peer.name });
}

function isCalm(state: NodeState, at: Turn["at"]): boolean {
  if (state.exchange.kind !== "none" || state.phase.kind !== "active" || at < state.failbackFrom) return false;
  return state.transition.kind === "stable" && ![...state.groups.values()].some(isMoving);
}

/** @returns the group that went to an original because it failed here; giving it back would begin the same again. */
export function passedOn(state: NodeState): Group | undefined {
  return [...state.groups.values()].find(
    (group) => group.offers > 0 && group.settings.owner === state.settings.self && group.holding.kind === "idle",
  );
}

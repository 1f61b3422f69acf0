import { type Group, idleGroup, isHere, isMoving } from "./group.js";
import { emptyHistory, latest } from "./history.js";
import type { GroupName, LinkName, NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { type Peer, unseenPeer } from "./peer.js";
import { release } from "./releasing.js";
import type { GroupSettings, Settings } from "./settings.js";
import { after, type Instant } from "./time.js";
import { change, log, type Turn } from "./turn.js";

/**
 * A changed configuration, or a new version of the program: a second daemon is made ready beside the one that beats, and the whole node,
 * a value, passes from the one to the other between two heartbeats. It is the same incarnation with the same numbers and nonces, so no
 * peer notices anything; what is held is held on. Only what the new configuration no longer knows is stopped before.
 */

/** @returns whether nothing is under way that the successor would have to know of: then the node may pass on. */
export function isQuiet({ phase, exchange, wish, groups, fencing, restoring }: NodeState): boolean {
  if (restoring.size > 0 || phase.kind === "leaving" || exchange.kind !== "none" || wish !== undefined) return false;
  for (const { kind } of fencing.values()) if (kind === "resetting") return false;
  for (const group of groups.values()) if (isMoving(group)) return false;
  return true;
}

/** The successor is ready and knows these groups: what it does not know is stopped here, and not begun again. */
export function onSuccessorReady(turn: Turn, groups: readonly GroupSettings[]): void {
  const known = new Map(groups.map((group) => [group.name, group]));
  const dropped = new Set<GroupName>();
  for (const group of turn.state.groups.values()) {
    const { name } = group.settings;
    const next = known.get(name);
    if (next !== undefined && isKept(group.settings, next)) continue;
    dropped.add(name);
    if (!isHere(group)) continue;
    const what =
      next === undefined ? "is not in the new configuration" : "has other resources in the new configuration";
    log(turn, "info", `Resource group ${name} ${what}: stopping it here.`);
  }
  change(turn, { dropped });
  letGoOfDropped(turn);
}

/** What could not be let go when the successor came (it was being stopped already) goes as soon as it can. */
export function letGoOfDropped(turn: Turn): void {
  for (const name of turn.state.dropped) {
    const holding = turn.state.groups.get(name)?.holding;
    if (holding?.kind === "held" || (holding?.kind === "acquiring" && holding.cancelled === undefined))
      release(turn, name, { why: "not-configured", to: undefined });
  }
}

/** The successor came to nothing: the configuration that we have stays in force. */
export function onSuccessorLost(turn: Turn): void {
  change(turn, { dropped: new Set() });
}

/** A group goes on running where all its resources stay, in their order; there may be new ones among them. */
function isKept(before: GroupSettings, next: GroupSettings): boolean {
  let at = 0;
  for (const { text, kind } of next.resources) {
    const wanted = before.resources[at];
    if (wanted?.text === text && wanted.kind === kind) at += 1;
  }
  return at === before.resources.length;
}

/** What the new configuration says, and what only the process knows. */
export interface Inheritance {
  readonly settings: Settings;
  /** Our own digest method can be used. */
  readonly strong: boolean;
  /** The links that there are now. */
  readonly links: readonly LinkName[];
  readonly at: Instant;
}

/** @returns the node under its new settings; groups that gained resources are still as they were (see `grownGroups`). */
export function inherit(former: NodeState, { settings, strong, links, at }: Inheritance): NodeState {
  const { initdead, deadping } = settings.timing;
  const others = settings.nodes.filter((name) => name !== settings.self);
  const peerOf = (name: NodeName): Peer => former.peers.get(name) ?? unseenPeer(name, after(at, initdead));
  return {
    ...former,
    settings,
    identity: { ...former.identity, strong },
    nextBeat: at,
    // The former daemon's devices end with it; who is still silent is fenced anew.
    fencing: new Map(),
    restoring: new Map(),
    peers: new Map(others.map((name) => [name, overLinks(peerOf(name), links)])),
    pings: new Map(
      settings.pingNodes.map((name) => [
        name,
        former.pings.get(name) ?? { kind: "unseen" as const, deadAt: after(at, deadping) },
      ]),
    ),
    groups: new Map(
      settings.groups.map((group) => [group.name, inheritGroup(former.groups.get(group.name), group, at)]),
    ),
    dropped: new Set(),
  };
}

/** A link that is not configured any more is not silent, it is gone. */
function overLinks(peer: Peer, links: readonly LinkName[]): Peer {
  return { ...peer, links: new Map([...peer.links].filter(([name]) => links.includes(name))) };
}

/** What failed here may do so no more: the operator has changed something. */
function inheritGroup(former: Group | undefined, settings: GroupSettings, at: Instant): Group {
  if (former === undefined || (former.holding.kind === "idle" && !isKept(former.settings, settings)))
    return { ...idleGroup(settings, at), ...(former === undefined ? {} : { highestTerm: former.highestTerm }) };
  // The runner ends the questions of the former daemon with it.
  const monitor = { ...former.monitor, asking: undefined, next: undefined, failures: [] };
  return { ...former, settings, monitor, failedHere: undefined, lastVerdict: "" };
}

/** @returns the groups that are held here and have resources that they did not have before. */
export function grownGroups(former: NodeState, { groups }: NodeState): readonly GroupName[] {
  return [...groups.values()].flatMap(({ settings, holding }) => {
    const before = former.groups.get(settings.name)?.settings.resources.length;
    return holding.kind === "held" && before !== settings.resources.length ? [settings.name] : [];
  });
}

/** Messages that a successor can still repeat for those who missed them; more would only make the moment of passing on longer. */
const passedOn = 64;

/** @returns the node without what a successor can do without. */
export function lightened(state: NodeState): NodeState {
  const { outbox } = state;
  return { ...state, outbox: { ...outbox, history: { ...emptyHistory, young: latest(outbox.history, passedOn) } } };
}

import { isAlive } from "./liveness.js";
import { type Message, textOf } from "./message.js";
import { type NodeName, nodeName } from "./names.js";
import { type Peer, unseenPeer } from "./peer.js";
import type { Settings } from "./settings.js";
import { after } from "./time.js";
import { change, emit, log, type Turn } from "./turn.js";

/**
 * Nodes that come and go while heartbeat runs (`hb_addnode`, `hb_delnode`). Every node that hears the message changes its own list; ha.cf
 * stays as it is, so a restart forgets it. A new node is unseen until it is heard, and dead when a deadtime has passed.
 */
const mostNodes = 100;
const longestName = 99;

/** Takes the nodes of the message into the cluster. */
export function addNodes(turn: Turn, message: Message): void {
  for (const text of namesIn(message)) addNode(turn, text);
}

function addNode(turn: Turn, text: string): void {
  const { settings } = turn.state;
  const usable = /^[\w.-]+$/.test(text) && text.length <= longestName && settings.nodes.length < mostNodes;
  const name = nodeName(text);
  if (!usable || settings.nodes.includes(name) || settings.pingNodes.includes(name))
    return log(turn, "ERROR", `Add node ${text.slice(0, longestName)} failed`);
  log(turn, "info", `hb_add_one_node: Adding new node[${name}] to configuration.`);
  const peers = new Map(turn.state.peers).set(name, unseenPeer(name, after(turn.at, settings.timing.deadtime)));
  change(turn, { peers, settings: withNodes(settings, [...settings.nodes, name]) });
  emit(turn, { type: "record", what: "node-added", detail: { node: name } });
}

/** Forgets the nodes of the message, if nothing can depend on them any more. */
export function deleteNodes(turn: Turn, message: Message): void {
  for (const text of namesIn(message)) deleteNode(turn, nodeName(text));
}

function deleteNode(turn: Turn, name: NodeName): void {
  const { settings } = turn.state;
  const isKnown = settings.nodes.includes(name);
  const obstacle = isKnown ? obstacleToDeletion(turn, name) : undefined;
  if (obstacle !== undefined) return log(turn, "WARN", `deletion failed: ${obstacle}`);
  const missing = missingBeside(turn, name);
  if (missing !== undefined) {
    const text = `deletion failed. We don't have all required nodes alive (${missing.name} is ${missing.liveness.kind})`;
    return log(turn, "ERROR", `HBDoMsg_T_DELNODE: ${text}`);
  }
  if (!isKnown) return log(turn, "ERROR", `hb_remove_one_node: node ${name.slice(0, longestName)} not found in config`);
  log(turn, "info", `Removing node [${name}] from configuration.`);
  const peers = new Map(turn.state.peers);
  peers.delete(name);
  change(turn, {
    peers,
    settings: withNodes(
      settings,
      settings.nodes.filter((one) => one !== name),
    ),
  });
  emit(turn, { type: "record", what: "node-deleted", detail: { node: name } });
}

/** Who may still live is not forgotten, nor who was granted a group. */
function obstacleToDeletion(turn: Turn, name: NodeName): string | undefined {
  const { peers, groups, settings } = turn.state;
  const liveness = peers.get(name)?.liveness;
  if (liveness?.kind !== "dead" && liveness?.kind !== "left") return `node ${name} is not dead`;
  for (const { holding, settings: group } of groups.values()) {
    if (group.owner === name) return `node ${name} owns ${group.name} in haresources`;
    if (holding.kind === "granted" && holding.to === name) return `${group.name} was granted to ${name}`;
  }
  return settings.nodes.length < 2 ? `node ${name} is the only one` : undefined;
}

/** @returns somebody who would have to forget the node, too, and is not there. */
const missingBeside = ({ state }: Turn, name: NodeName): Peer | undefined =>
  [...state.peers.values()].find((other) => other.name !== name && !isAlive(other.liveness));

const namesIn = (message: Message): readonly string[] =>
  (textOf(message, "nodelist") ?? "")
    .split(/\s+/)
    .filter((text) => text !== "")
    .slice(0, mostNodes);

/** `ttl` counts the nodes (wire.md 4). */
const withNodes = (settings: Settings, nodes: readonly NodeName[]): Settings => ({
  ...settings,
  nodes,
  ttl: settings.ttl + nodes.length - settings.nodes.length,
});

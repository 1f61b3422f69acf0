import { isAlive, type Liveness } from "../core/liveness.js";
import { type Message, textOf } from "../core/message.js";
import type { NodeState } from "../core/node-state.js";
import { isMark } from "../core/outbox.js";
import type { Peer } from "../core/peer.js";
import type { Hook } from "../ports/hooks.js";

/** What the scripts of rc.d are called for (resources.md 6): changes that this node saw, and messages that it took. */

/** Never run, though the original ships a file for one of them; and no message without a number is. */
const never: ReadonlySet<string> = new Set(
  "status starting resource shutdone ask_resources reqnodes repnodes addnode delnode".split(" "),
);

/**
 * heartbeat takes over by itself. The original's mach_down, which its rc.d/status calls, would do it a second time beside it; it
 * does nothing when this field speaks of a ping node.
 */
const takenOverHere = "heartbeat takes over by itself; skipping mach_down";

/** @returns the hook of a message, its text fields included; `undefined` for a type that no hook may have. */
export function hookOf(message: Message, state: NodeState): Hook | undefined {
  const type = textOf(message, "t")?.toLowerCase();
  if (type === undefined || !/^[\w.-]+$/.test(type) || type.startsWith("ns_") || never.has(type)) return undefined;
  return { type, fields: { ...textFields(message), ...ownFacts(state) } };
}

/** @returns the hooks of what changed between two states. */
export function hooksBetween(before: NodeState, after: NodeState): readonly Hook[] {
  if (before.peers === after.peers && before.pings === after.pings) return [];
  const hooks: Hook[] = [];
  for (const peer of after.peers.values()) hooks.push(...hooksOfPeer(before.peers.get(peer.name), peer, after));
  for (const [name, liveness] of after.pings) {
    const was = before.pings.get(name);
    if (was === liveness || was === undefined) continue;
    if (hasFallenSilent(was, liveness)) hooks.push(status(after, { src: name, st: "dead", info: "ping" }));
    hooks.push(...linkHooks(was, liveness, { node: name, ifname: name }, after));
  }
  return hooks;
}

function hooksOfPeer(was: Peer | undefined, now: Peer, state: NodeState): readonly Hook[] {
  if (was === undefined || was === now) return [];
  const hooks: Hook[] = [];
  for (const [link, { liveness }] of now.links)
    hooks.push(...linkHooks(was.links.get(link)?.liveness, liveness, { node: now.name, ifname: link }, state));
  const returned = isDown(was.liveness) && !isDown(now.liveness);
  if ((returned || was.status !== now.status) && now.status !== undefined)
    hooks.push(status(state, { ...marksOf(now), st: now.status }));
  if (hasFallenSilent(was.liveness, now.liveness))
    hooks.push(status(state, { ...marksOf(now), st: "dead", info: takenOverHere }));
  return hooks;
}

const marksOf = (peer: Peer): Readonly<Record<string, string>> => ({
  src: peer.name,
  hg: peer.generation.toString(16),
  ...(peer.announcedDeadtime === undefined ? {} : { dt: peer.announcedDeadtime.toString(16) }),
});

const isDown = ({ kind }: Liveness): boolean => kind === "dead" || kind === "left";

const hasFallenSilent = (was: Liveness, now: Liveness): boolean => isDown(now) && !isDown(was);

function linkHooks(
  was: Liveness | undefined,
  now: Liveness,
  link: { readonly node: string; readonly ifname: string },
  state: NodeState,
): readonly Hook[] {
  const alive = isAlive(now);
  if ((was !== undefined && isAlive(was)) === alive) return [];
  if (!alive && now.kind !== "dead") return [];
  return [{ type: "ifstat", fields: { t: "ifstat", ...link, st: alive ? "up" : "dead", ...ownFacts(state) } }];
}

const status = (state: NodeState, fields: Readonly<Record<string, string>>): Hook => ({
  type: "status",
  fields: { ...fields, t: "status", ...ownFacts(state) },
});

function ownFacts(state: NodeState): Readonly<Record<string, string>> {
  const alone = ![...state.peers.values()].some((peer) => isAlive(peer.liveness));
  return { OSTATUS: state.phase.kind === "up" ? "up" : "active", ...(alone ? { DONTASK: "yes" } : {}) };
}

function textFields(message: Message): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { name, value } of message) if (typeof value === "string" && !isMark(name)) fields[name] ??= value;
  return fields;
}

import { noArbitration } from "../core/arbitration.js";
import type { Effect } from "../core/effect.js";
import type { Fact } from "../core/event.js";
import { generation, linkName, type NodeName } from "../core/names.js";
import { nextDeadline, start, step } from "../core/node.js";
import type { NodeState } from "../core/node-state.js";
import { noFencing, type Settings } from "../core/settings.js";
import { after, earliest, type Instant, instant, milliseconds } from "../core/time.js";
import type { Clock } from "../ports/clock.js";
import type { Codec } from "../wire/codec.js";

/**
 * JavaScript is slow the first time: a hand-over right after the start of a daemon took twice as long as the next one. So before it
 * beats, the daemon plays a few hand-overs with itself, in memory: its own core on both sides, its own codec, no socket, no address, no
 * log. What comes out is thrown away; what stays is code that the compiler has seen.
 */
export function rehearse(settings: Settings, codec: Codec, clock: Clock, limit = 150): void {
  const other = settings.nodes.find((name) => name !== settings.self);
  if (other === undefined) return;
  const until = clock.now() + limit;
  while (clock.now() < until) playOnce(pairOf(settings, other), codec, () => clock.now() < until);
}

/** Only addresses: they are done at once, so nobody waits for a script in the rehearsal. */
function pairOf(settings: Settings, other: NodeName): readonly Settings[] {
  const groups = settings.groups.map((group) => ({
    ...group,
    resources: group.resources.map((resource) => ({ ...resource, kind: "address" as const })),
    policy: "takeover-on-silence" as const,
  }));
  return [settings.self, other].map((self) => ({
    ...settings,
    self,
    nodes: [settings.self, other],
    pingNodes: [],
    fencing: noFencing,
    arbitration: noArbitration,
    groups,
  }));
}

interface Player {
  state: NodeState;
  readonly heard: Uint8Array[];
}

/** Start, beat, standby, beat, takeover, stop. */
function playOnce(pair: readonly Settings[], codec: Codec, goOn: () => boolean): void {
  const players = new Map<NodeName, Player>();
  const births = pair.map((settings, index) => {
    const identity = {
      uuid: new Uint8Array(16).fill(index + 1),
      generation: generation(1),
      processId: 0,
      strong: true,
    };
    const nonce = String(index).padStart(16, "0");
    const [state, effects] = start({ settings, identity, seed: index, nonce, at: instant(0), wall: 1 });
    return { settings, state, effects };
  });
  for (const { settings, state } of births) players.set(settings.self, { state, heard: [] });
  for (const { settings, effects } of births) carryOut(players, settings.self, effects, codec, instant(0));
  const [first] = pair;
  if (first === undefined) return;
  const deeds: readonly Fact[] = [
    { type: "standbyRequested", what: "all", request: 1 },
    { type: "takeoverRequested", what: "local", request: 2 },
    { type: "stopRequested" },
  ];
  let at = instant(0);
  for (const deed of deeds) {
    for (let beats = 0; beats < 20 && goOn(); beats++) at = passTime(players, codec, at);
    handle(players, first.self, deed, codec, at);
  }
}

/** Everything that was said is heard, then both sleep until the next deadline. */
function passTime(players: Map<NodeName, Player>, codec: Codec, at: Instant): Instant {
  for (const [name, player] of players) {
    for (let bytes = player.heard.shift(); bytes !== undefined; bytes = player.heard.shift()) {
      const decoded = codec.decode(bytes);
      if (!decoded.ok) continue;
      const { message, authenticated } = decoded;
      handle(players, name, { type: "messageHeard", link: linkName("rehearsal"), message, authenticated }, codec, at);
    }
  }
  const due = earliest([...players.values()].map((player) => nextDeadline(player.state))) ?? at;
  const next = due > at ? due : after(at, milliseconds(1));
  for (const name of players.keys()) handle(players, name, { type: "deadlineReached" }, codec, next);
  return next;
}

function handle(players: Map<NodeName, Player>, name: NodeName, fact: Fact, codec: Codec, at: Instant): void {
  const player = players.get(name);
  if (player === undefined) return;
  const [state, effects] = step(player.state, { ...fact, at, wall: 1 });
  player.state = state;
  carryOut(players, name, effects, codec, at);
}

function carryOut(
  players: Map<NodeName, Player>,
  name: NodeName,
  effects: readonly Effect[],
  codec: Codec,
  at: Instant,
): void {
  for (const effect of effects) {
    if (effect.type === "send") {
      const bytes = codec.encode(effect.message, effect.strength, effect.key);
      for (const [other, player] of players) if (other !== name) player.heard.push(bytes);
    } else if (effect.type === "operateResource") {
      const { operation } = effect;
      handle(players, name, { type: "resourceFinished", operation, outcome: { kind: "succeeded" } }, codec, at);
    }
  }
}

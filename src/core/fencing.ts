import type { FencingOutcome } from "./event.js";
import { hasFencing, needsFencing } from "./fencing-need.js";
import { fireDelay, isSomethingUnserved, priorityOf, shooterFor, wasFencedBy } from "./fencing-rules.js";
import type { NodeName, OperationId } from "./names.js";
import type { NodeState } from "./node-state.js";
import { send } from "./outbox.js";
import { nothingShared, type Peer } from "./peer.js";
import { giveBack, isRestoring, isShared, onRestored } from "./power-supplies.js";
import { after, type Instant, milliseconds } from "./time.js";
import { change, changePeer, emit, log, nextOperation, type Turn } from "./turn.js";

/**
 * Fencing (STONITH): before a silent node's groups are taken, it is made sure that it cannot run them: somebody resets it. Every silent
 * node is to be fenced, by one survivor; the others wait for its report (`hbf`), and shoot themselves if it fails or dies.
 *
 *     silent --> holding fire --delay--> resetting --succeeded--> put down (`left`, how: fenced) --> its groups may be taken
 *                                          |   ^
 *                        every device failed   pause over
 *                                          v   |
 *                                         pausing
 *
 * Devices stand in levels: when one has failed, the next is tried. Several devices of one level feed the same node (two power supplies):
 * all of them are switched off, one after the other, and only when the last one is off does the node count as down (a reset of each would leave
 * it running). What a level has cut is switched on again when it has succeeded, has failed, or is abandoned because the node is heard.
 *
 * A node that is heard again (or leaves in order) meanwhile is none of fencing's business any more.
 */
export type Fencing =
  | { readonly kind: "holding-fire"; readonly until: Instant }
  | {
      readonly kind: "resetting";
      readonly operation: OperationId;
      readonly level: number;
      /** Number of the device in the order of ha.cf. */
      readonly device: number;
      readonly deadline: Instant;
      readonly round: number;
    }
  /** Every level failed. `why`: the last one's words. */
  | { readonly kind: "pausing"; readonly until: Instant; readonly round: number; readonly why: string };

type Resetting = Fencing & { readonly kind: "resetting" };

/** Rounds between two calls for the operator: with the default pause about a minute. */
const saidAgainAfter = 12;
/** If even the runner is silent for this long beyond the device's own limit, the reset counts as failed. */
const runnerGrace = milliseconds(15_000);

/** Begins, continues or abandons the fencing of every peer; called in every turn. */
export function driveFencing(turn: Turn): void {
  if (!hasFencing(turn.state)) return;
  for (const name of turn.state.fencing.keys()) if (!turn.state.peers.has(name)) forget(turn, name);
  for (const { name } of turn.state.peers.values()) driveOne(turn, name);
}

function driveOne(turn: Turn, name: NodeName): void {
  const peer = turn.state.peers.get(name);
  if (peer === undefined) return;
  if (turn.state.phase.kind !== "active") return forget(turn, name);
  // A newer incarnation knocks: its machine has started anew, and a reset would only hit that one.
  const returns = typeof peer.returningUntil === "number" && turn.at < peer.returningUntil;
  if (returns || !needsFencing(turn.state, peer)) return spare(turn, name);
  for (const survivor of turn.state.peers.values())
    if (wasFencedBy(turn.state, peer, survivor, turn.at)) return putDown(turn, peer, `reset by ${survivor.name}`);
  advance(turn, peer);
}

function advance(turn: Turn, peer: Peer): void {
  const fencing = turn.state.fencing.get(peer.name);
  const isOurs = shooterFor(turn.state, peer.name) === turn.state.settings.self;
  switch (fencing?.kind) {
    case undefined:
      return isOurs && !isRestoring(turn.state, peer.name) ? begin(turn, peer) : undefined;
    case "holding-fire":
      if (!isOurs) return set(turn, peer.name, undefined);
      return turn.at >= fencing.until ? shoot(turn, peer, firstShot) : undefined;
    case "resetting":
      if (turn.at < fencing.deadline) return;
      emit(turn, { type: "abandonFencing", operation: fencing.operation });
      return onFailed(turn, peer, fencing, "no answer from the script runner");
    case "pausing":
      if (turn.at < fencing.until) return;
      if (isOurs && isSomethingUnserved(turn.state) && !isRestoring(turn.state, peer.name))
        return shoot(turn, peer, { ...firstShot, round: fencing.round + 1 });
      return set(turn, peer.name, { ...fencing, until: after(turn.at, turn.state.settings.fencing.retryPause) });
  }
}

function begin(turn: Turn, peer: Peer): void {
  const priority = priorityOf(turn.state);
  const [delay, seed] = fireDelay(turn.state, peer, priority);
  change(turn, { seed });
  emit(turn, { type: "record", what: "fencing", detail: { node: peer.name, step: "begun", priority, delay } });
  if (delay === 0) return shoot(turn, peer, firstShot);
  const words = `Holding fire for ${Math.round(delay)} ms before ${peer.name} is reset`;
  log(turn, "info", `${words}: if it lives and only the links are cut, it is its turn first.`);
  set(turn, peer.name, { kind: "holding-fire", until: after(turn.at, delay) });
}

/** Which device of which level; `position` counts within the level. */
interface Shot {
  readonly level: number;
  readonly position: number;
  readonly round: number;
}

const firstShot: Shot = { level: 0, position: 0, round: 1 };

function shoot(turn: Turn, peer: Peer, { level, position, round }: Shot): void {
  const { levels, devices } = turn.state.settings.fencing;
  const device = levels[level]?.[position];
  const settings = devices[device ?? -1];
  if (device === undefined || settings === undefined) return;
  const operation = nextOperation(turn);
  const { text, timeout } = settings;
  const action = isShared(levels[level]) ? "off" : "reset";
  const what = action === "off" ? "Cutting a power supply of" : "Resetting";
  log(turn, "info", `${what} node ${peer.name} with [${text}]`);
  emit(turn, { type: "fenceNode", operation, node: peer.name, device, action, timeout });
  const deadline = after(after(turn.at, timeout), runnerGrace);
  set(turn, peer.name, { kind: "resetting", operation, level, device, deadline, round });
  turn.beatDue = true;
}

/** The device has answered. An answer to a reset that was abandoned is nobody's. */
export function onFencingFinished(turn: Turn, operation: OperationId, outcome: FencingOutcome): void {
  const restoring = turn.state.restoring.get(operation);
  if (restoring !== undefined) return onRestored(turn, { operation, ...restoring }, outcome);
  for (const [name, fencing] of turn.state.fencing) {
    const peer = turn.state.peers.get(name);
    if (fencing.kind !== "resetting" || fencing.operation !== operation || peer === undefined) continue;
    if (outcome.kind === "failed") return onFailed(turn, peer, fencing, outcome.why);
    return onSucceeded(turn, peer, fencing);
  }
}

function onSucceeded(turn: Turn, peer: Peer, fencing: Resetting): void {
  const { levels, devices } = turn.state.settings.fencing;
  const { level, round } = fencing;
  const used = levels[level] ?? [];
  const position = used.indexOf(fencing.device) + 1;
  if (position < used.length) return shoot(turn, peer, { level, position, round });
  log(turn, "info", `node ${peer.name} now reset.`);
  send(turn, { t: "stonith", node: peer.name, result: "OK" });
  putDown(turn, peer, `reset with ${used.map((device) => devices[device]?.text ?? "a device").join(" and ")}`);
  giveBack(turn, peer.name, fencing);
}

function onFailed(turn: Turn, peer: Peer, fencing: Resetting, why: string): void {
  const { devices, levels, retryPause } = turn.state.settings.fencing;
  const { text = "" } = devices[fencing.device] ?? {};
  log(turn, "ERROR", `Host ${peer.name} not reset!`);
  log(turn, "ERROR", `STONITH of ${peer.name} failed.  Retrying...`);
  send(turn, { t: "stonith", node: peer.name, result: "bad" });
  emit(turn, { type: "record", what: "fencing", detail: { node: peer.name, step: "failed", device: text, why } });
  giveBack(turn, peer.name, fencing);
  const next = fencing.level + 1;
  if (next < levels.length) return shoot(turn, peer, { level: next, position: 0, round: fencing.round });
  if (fencing.round % saidAgainAfter === 1) {
    const state = `${peer.name} is silent and not fenced [${text}]: ${why}. Nothing of it is taken over.`;
    log(turn, "CRIT", `${state} When you have made sure that it is off: heartbeat confirm ${peer.name} dead`);
  }
  const until = after(turn.at, retryPause);
  set(turn, peer.name, { kind: "pausing", until, round: fencing.round, why: `${text}: ${why}` });
  turn.beatDue = true;
}

/** The peer is known to be unable to run anything: its groups are free. */
function putDown(turn: Turn, peer: Peer, ground: string): void {
  set(turn, peer.name, undefined);
  emit(turn, { type: "record", what: "fencing", detail: { node: peer.name, step: "fenced", ground } });
  log(turn, "info", `Resources being acquired from ${peer.name}.`);
  changePeer(turn, peer.name, {
    liveness: { kind: "left", since: turn.at, how: "fenced" },
    shares: { ...nothingShared, stable: true },
  });
  turn.beatDue = true;
}

/** It is heard again or has left in order: its power supplies are its own. */
function spare(turn: Turn, name: NodeName): void {
  const fencing = turn.state.fencing.get(name);
  forget(turn, name);
  if (fencing?.kind === "resetting") giveBack(turn, name, fencing);
}

/** It is heard again, has left in order, was deleted from the cluster, or we are leaving ourselves. */
export function forget(turn: Turn, name: NodeName): void {
  const fencing = turn.state.fencing.get(name);
  if (fencing === undefined) return;
  if (fencing.kind === "resetting") emit(turn, { type: "abandonFencing", operation: fencing.operation });
  log(turn, "info", `The fencing of ${name} is abandoned.`);
  set(turn, name, undefined);
}

function set(turn: Turn, name: NodeName, fencing: Fencing | undefined): void {
  const all = new Map(turn.state.fencing);
  if (fencing === undefined) all.delete(name);
  else all.set(name, fencing);
  change(turn, { fencing: all });
}

/** An original that survives with us tells what its reset of a third node came to. */
export function onStonithMessage(
  turn: Turn,
  from: NodeName,
  about: string | undefined,
  result: string | undefined,
): void {
  const peer = turn.state.peers.get((about ?? "").toLowerCase() as NodeName);
  if (turn.state.peers.get(from)?.program.kind !== "original" || result !== "OK" || peer === undefined) return;
  if (peer.name !== from && needsFencing(turn.state, peer)) putDown(turn, peer, `reset by ${from}`);
}

/** We slept: what was about to be shot may have been heard meanwhile, if we had listened. */
export function postponeFencing(turn: Turn): void {
  const earliest = after(turn.at, turn.state.settings.timing.deadtime);
  for (const [name, fencing] of turn.state.fencing) {
    if (fencing.kind !== "resetting" && fencing.until < earliest) set(turn, name, { ...fencing, until: earliest });
  }
}

/** @returns when fencing wants to be driven again. */
export function fencingDeadlines({ fencing }: NodeState): readonly Instant[] {
  return [...fencing.values()].map((one) => (one.kind === "resetting" ? one.deadline : one.until));
}

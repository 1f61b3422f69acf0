import type { Effect, LogLevel, LogProgram } from "./effect.js";
import type { Group, Holding } from "./group.js";
import type { GroupName, NodeName, OperationId } from "./names.js";
import { operationId } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import type { Instant } from "./time.js";

/**
 * One turn of the node: the state so far and the effects collected. It lives only inside a single call of `step`; nobody
 * outside ever sees it change. The states themselves are values and are never written to.
 */
export interface Turn {
  state: NodeState;
  readonly at: Instant;
  /** Seconds since 1970, for message stamps only. */
  readonly wall: number;
  readonly effects: Effect[];
  /** Something that the peers should know changed: a heartbeat goes out at the end of the turn. */
  beatDue: boolean;
}

export function change(turn: Turn, patch: Partial<NodeState>): void {
  turn.state = { ...turn.state, ...patch };
}

export function changePeer(turn: Turn, name: NodeName, patch: Partial<Peer>): void {
  const peer = turn.state.peers.get(name);
  if (peer === undefined) return;
  change(turn, { peers: new Map(turn.state.peers).set(name, { ...peer, ...patch }) });
}

export function changeGroup(turn: Turn, name: GroupName, patch: Partial<Group>): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  change(turn, { groups: new Map(turn.state.groups).set(name, { ...group, ...patch }) });
}

/** Moves the group to another holding; the peers hear of it in this turn. */
export function moveGroup(turn: Turn, name: GroupName, holding: Holding): void {
  const before = turn.state.groups.get(name);
  if (before === undefined) return;
  changeGroup(turn, name, { holding });
  turn.beatDue = true;
  const detail: Record<string, string | number> = { group: name, from: before.holding.kind, to: holding.kind };
  if ("term" in holding) detail["term"] = holding.term;
  if ("because" in holding) detail["because"] = holding.because;
  if ("release" in holding) detail["why"] = holding.release.why;
  if (before.holding.kind !== holding.kind) emit(turn, { type: "record", what: "group", detail });
}

export function emit(turn: Turn, effect: Effect): void {
  turn.effects.push(effect);
}

export function log(turn: Turn, level: LogLevel, text: string, program: LogProgram = "heartbeat"): void {
  emit(turn, { type: "log", level, program, text });
}

export function count(turn: Turn, name: string): void {
  const counters = new Map(turn.state.counters);
  counters.set(name, (counters.get(name) ?? 0) + 1);
  change(turn, { counters });
}

/** @returns a number for a new piece of work. */
export function nextOperation(turn: Turn): OperationId {
  const { nextOperation: id } = turn.state;
  change(turn, { nextOperation: id + 1 });
  return operationId(id);
}

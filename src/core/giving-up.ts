import { type Group, isHere } from "./group.js";
import type { GroupName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { release, withdraw } from "./releasing.js";
import { forever, rightUntil } from "./right.js";
import { after, type Instant } from "./time.js";
import { changeGroup, emit, log, type Turn } from "./turn.js";

/** What a node does when its right to a group has ended (`right.ts`), or when somebody wants it to end. */

/** Lets go of what this node has lost the right to. */
export function giveUpLost(turn: Turn): void {
  for (const group of turn.state.groups.values()) {
    if (!isHere(group)) {
      if (group.lostAt !== undefined) changeGroup(turn, group.settings.name, { lostAt: undefined });
    } else if (group.lostAt !== undefined) fenceOurselves(turn, group);
    else if (turn.at >= rightUntil(turn.state, group)) lose(turn, group);
  }
}

function lose(turn: Turn, { settings: { name, policy }, holding }: Group): void {
  const why = policy === "lease" ? "its lease has run out" : "no ping node answers";
  log(turn, "CRIT", `Giving up ${name}: ${why}, and no peer confirms to hear this node: another node may take it.`);
  emit(turn, { type: "record", what: "right-lost", detail: { group: name, policy, state: holding.kind } });
  changeGroup(turn, name, { lostAt: turn.at });
  if (holding.kind === "releasing" || holding.kind === "stuck") withdraw(turn, name);
  else release(turn, name, { why: "right-lost", to: undefined });
}

/** Scripts take their time. Where a watchdog can do it, a machine that cannot let go in time is reset. */
function fenceOurselves(turn: Turn, group: Group): void {
  const due = selfFenceAt(turn.state, group);
  if (due === undefined || turn.at < due) return;
  const { name } = group.settings;
  log(
    turn,
    "CRIT",
    `${name} does not stop, and this node has no right to it any more: the watchdog will reset this machine.`,
  );
  emit(turn, { type: "record", what: "self-fencing", detail: { group: name } });
  emit(turn, { type: "fenceSelf", why: `${name} does not stop` });
  changeGroup(turn, name, { selfFenced: true });
}

function selfFenceAt({ settings }: NodeState, { lostAt, selfFenced, settings: group }: Group): Instant | undefined {
  if (!settings.arbitration.selfFence || lostAt === undefined || selfFenced) return undefined;
  const { keepalive } = settings.timing;
  return after(lostAt, group.takeoverDelay > keepalive ? group.takeoverDelay : keepalive);
}

/** @returns when a right ends, or a machine that does not let go is to be reset. */
export function rightDeadlines(state: NodeState): readonly Instant[] {
  return [...state.groups.values()].flatMap((group) => {
    if (!isHere(group)) return [];
    const due = group.lostAt === undefined ? rightUntil(state, group) : selfFenceAt(state, group);
    return due === undefined || due === forever ? [] : [due];
  });
}

/** Another node, or an operator, has this machine reset by a way that needs no network. */
export function onPoisoned(turn: Turn, by: string): void {
  log(turn, "CRIT", `${by} has asked for the reset of this machine.`);
  emit(turn, { type: "record", what: "self-fencing", detail: { by } });
  for (const name of turn.state.groups.keys()) dropAtOnce(turn, name);
  emit(turn, { type: "fenceSelf", why: `asked for by ${by}` });
}

function dropAtOnce(turn: Turn, name: GroupName): void {
  const group = turn.state.groups.get(name);
  if (group === undefined || !isHere(group)) return;
  withdraw(turn, name);
  release(turn, name, { why: "right-lost", to: undefined });
}

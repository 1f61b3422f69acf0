import { hasFailedOn, hasPart, hasTrouble, serves, wasMovedByOperator } from "./liveness-checker.js";
import type { Machine } from "./machine.js";
import type { World } from "./world.js";

/** What keeps a world in which everything has healed from being as it should. */
export interface Unsettled {
  readonly what: "not settled" | "unanswered";
  readonly detail: string;
}

/** One holder each, the right one, nobody is in the middle of something, and no operator waits. @returns the reasons why not, as they are found. */
export function* unsettled(world: World): Iterable<Unsettled> {
  for (const machine of world.machines) yield* unrest(machine);
  for (const index of world.groups.keys()) yield* misplaced(world, index);
  for (const wish of world.wishes) {
    if (!wish.isAnswered() && !wish.incarnation.dead)
      yield { what: "unanswered", detail: `${wish.text} on ${wish.node} was never answered` };
  }
}

function* unrest(machine: Machine): Iterable<Unsettled> {
  const state = machine.daemon?.loop?.state;
  if (state?.phase.kind !== "active") return yield notSettled(`${machine.name} is not active`);
  if (state.exchange.kind !== "none")
    yield notSettled(`${machine.name} is still in a hand-over (${state.exchange.kind})`);
  for (const peer of state.peers.values()) {
    if (peer.liveness.kind !== "up") yield notSettled(`${peer.name} is ${peer.liveness.kind} for ${machine.name}`);
  }
}

const notSettled = (detail: string): Unsettled => ({ what: "not settled", detail });

function* misplaced(world: World, index: number): Iterable<Unsettled> {
  const group = world.groups[index];
  if (group === undefined) return;
  const holders = world.machines.filter((machine) => serves(machine, group));
  const parts = world.machines.filter((machine) => hasPart(machine, group));
  const [holder] = holders;
  if (holder === undefined || holders.length > 1 || parts.length > 1) {
    const where = parts.map((machine) => machine.name).join(", ");
    return yield notSettled(`${group.name} has ${holders.length} holders, parts of it are on: ${where || "no node"}`);
  }
  for (const resource of group.resources) {
    if (resource.kind === "address" && world.neighbours.get(resource.address.address) !== holder.name)
      yield notSettled(`${resource.address.address} is on ${holder.name}, but the neighbours send to another`);
  }
  if (isAwayWithoutReason(world, holder, index))
    yield notSettled(`${group.name} is on ${holder.name} and not at home on ${group.owner}`);
}

function isAwayWithoutReason(world: World, holder: Machine, index: number): boolean {
  const group = world.groups[index];
  if (group === undefined || holder.config.settings.autoFailback === "off" || holder.name === group.owner) return false;
  // A start that failed at home keeps the group away until the operator asks.
  const home = world.machines.find((machine) => machine.name === group.owner);
  if (home !== undefined && (hasTrouble(home, group) || hasFailedOn(home, index))) return false;
  return !wasMovedByOperator(holder, index);
}

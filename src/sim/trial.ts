import { judgeCoda } from "./coda.js";
import { perform } from "./command.js";
import { hasPart, hasTrouble, serves, wasMovedByOperator } from "./liveness-checker.js";
import type { Machine } from "./machine.js";
import type { Plan } from "./plan.js";
import { type Violation, World } from "./world.js";

/** What came of a plan. */
export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** Uses of the two-holders excuse, by name. */
  readonly excuses: ReadonlyMap<string, number>;
  /** The latest events before the end. */
  readonly latest: readonly string[];
  readonly simulated: number;
  readonly datagrams: number;
  readonly longestOutage: number;
  readonly mostWakeUps: number;
  readonly mostDatagrams: number;
}

const lookEvery = 500;

/** Lives through a plan; ends at the first violation. */
export function runTrial(plan: Plan, keep = 80): Outcome {
  const world = new World({ seed: plan.seed, shape: plan.shape, parameters: plan.parameters, keep });
  const faults = plan.faults.flatMap((fault) => fault.commands).filter((command) => command.at < plan.healAt);
  for (const { at, text } of [...plan.overture, ...faults]) world.schedule.at(at, () => perform(world, text));
  world.schedule.at(plan.healAt, () => perform(world, "heal-everything"));
  world.schedule.at(plan.settledAt, () => judgeSettled(world));
  runUntilViolation(world, plan.stillUntil);
  if (world.violations.length === 0) judgeStillness(world, plan);
  for (const { at, text } of plan.coda.commands) world.schedule.at(at, () => perform(world, text));
  for (const judgement of plan.coda.judgements) world.schedule.at(judgement.at, () => judgeCoda(world, judgement));
  runUntilViolation(world, plan.coda.endAt);
  return {
    plan,
    violations: world.violations,
    excuses: world.safety.excuses,
    latest: world.trace.latest(),
    simulated: world.schedule.now,
    datagrams: world.wires.counts.carried,
    longestOutage: world.liveness.longestOutage,
    mostWakeUps: world.liveness.mostWakeUps,
    mostDatagrams: world.liveness.mostDatagrams,
  };
}

function runUntilViolation(world: World, end: number): void {
  while (world.schedule.now < end && world.violations.length === 0) {
    world.schedule.runUntil(Math.min(end, world.schedule.now + lookEvery));
  }
}

/** Every fault has healed and there was time enough: one holder each, the right one, and nobody is in the middle of something. */
function judgeSettled(world: World): void {
  for (const machine of world.machines) judgeCalm(world, machine);
  for (const [index] of world.groups.entries()) judgeGroup(world, index);
  for (const wish of world.wishes) {
    if (!wish.isAnswered() && !wish.incarnation.dead)
      world.violation("unanswered", `${wish.text} on ${wish.node} was never answered`);
  }
}

function judgeCalm(world: World, machine: Machine): void {
  const state = machine.daemon?.loop?.state;
  if (state?.phase.kind !== "active") return world.violation("not settled", `${machine.name} is not active`);
  if (state.exchange.kind !== "none")
    world.violation("not settled", `${machine.name} is still in a hand-over (${state.exchange.kind})`);
  for (const peer of state.peers.values()) {
    if (peer.liveness.kind !== "up")
      world.violation("not settled", `${peer.name} is ${peer.liveness.kind} for ${machine.name}`);
  }
}

function judgeGroup(world: World, index: number): void {
  const group = world.groups[index];
  if (group === undefined) return;
  const holders = world.machines.filter((machine) => serves(machine, group));
  const parts = world.machines.filter((machine) => hasPart(machine, group));
  const [holder] = holders;
  if (holder === undefined || holders.length > 1 || parts.length > 1) {
    const where = parts.map((machine) => machine.name).join(", ");
    return world.violation(
      "not settled",
      `${group.name} has ${holders.length} holders, parts of it are on: ${where || "no node"}`,
    );
  }
  for (const resource of group.resources) {
    if (resource.kind === "address" && world.neighbours.get(resource.address.address) !== holder.name)
      world.violation(
        "not settled",
        `${resource.address.address} is on ${holder.name}, but the neighbours send to another`,
      );
  }
  if (holder.config.settings.autoFailback === "off" || holder.name === group.owner) return;
  // A start that failed at home keeps the group away until the operator asks.
  const home = world.machines.find((machine) => machine.name === group.owner);
  if (home !== undefined && hasTrouble(home, group)) return;
  if (!wasMovedByOperator(holder, index))
    world.violation("not settled", `${group.name} is on ${holder.name} and not at home on ${group.owner}`);
}

/** Nothing moves when nothing happens. */
function judgeStillness(world: World, plan: Plan): void {
  if (world.movedAt > plan.settledAt)
    world.violation("flapping", `something moved at ${(world.movedAt / 1000).toFixed(3)} s although nothing happened`);
}

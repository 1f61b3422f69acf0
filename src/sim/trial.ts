import { judgeCoda } from "./coda.js";
import { perform } from "./command.js";
import type { Episode, Plan } from "./plan.js";
import { unsettled } from "./settled.js";
import type { Mark } from "./tally.js";
import { type Violation, World } from "./world.js";

/** What came of a plan. */
export interface Outcome {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** Fault schedules that were lived through, the failed one included. */
  readonly schedules: number;
  /** Uses of the two-holders excuse, by name. */
  readonly excuses: ReadonlyMap<string, number>;
  readonly tally: readonly (readonly [Mark, number])[];
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
  schedule(world, plan.overture);
  let schedules = 0;
  for (const episode of plan.episodes) {
    schedules++;
    runEpisode(world, plan, episode);
    if (world.violations.length > 0) break;
  }
  runCoda(world, plan);
  return {
    plan,
    violations: world.violations,
    schedules,
    excuses: world.safety.excuses,
    tally: world.tally.entries(),
    latest: world.trace.latest(),
    simulated: world.schedule.now,
    datagrams: world.wires.counts.carried,
    longestOutage: world.liveness.longestOutage,
    mostWakeUps: world.liveness.mostWakeUps,
    mostDatagrams: world.liveness.mostDatagrams,
  };
}

function schedule(world: World, commands: readonly { readonly at: number; readonly text: string }[], from = 0): void {
  for (const { at, text } of commands) world.schedule.at(from + at, () => perform(world, text));
}

function runEpisode(world: World, plan: Plan, episode: Episode): void {
  const from = world.schedule.now;
  const { sabotage } = plan.parameters;
  const parameters = episode.parameters ?? plan.parameters;
  world.beginEpisode(sabotage === undefined ? parameters : { ...parameters, sabotage });
  const commands = episode.faults.flatMap((fault) => fault.commands);
  schedule(
    world,
    commands.filter(({ at }) => at < episode.healAt),
    from,
  );
  world.schedule.at(from + episode.healAt, () => perform(world, "heal-everything"));
  if (episode.endsWhenCalm) return runUntilCalm(world, episode, from);
  world.schedule.at(from + episode.settledAt, () => complain(world));
  runUntilViolation(world, from + episode.stillUntil);
  if (world.violations.length === 0) judgeStillness(world, from + episode.settledAt);
}

/** Waits until all has been in its place, and nothing has moved, for as long as the episode wants stillness. */
function runUntilCalm(world: World, { healAt, settledAt, stillUntil }: Episode, from: number): void {
  runUntilViolation(world, from + healAt);
  const stillness = stillUntil - settledAt;
  let since = world.schedule.now;
  while (world.violations.length === 0 && world.schedule.now - since < stillness) {
    runUntilViolation(world, world.schedule.now + lookEvery / 2);
    const isSettled = unsettled(world)[Symbol.iterator]().next().done === true;
    if (!isSettled) since = world.schedule.now;
    since = Math.max(since, world.movedAt);
    if (world.schedule.now < from + settledAt + stillness) continue;
    if (!isSettled) complain(world);
    else world.violation("flapping", "what was in its place moved again and again although nothing happened");
  }
}

function runCoda(world: World, { coda }: Plan): void {
  schedule(world, coda.commands);
  for (const judgement of coda.judgements) world.schedule.at(judgement.at, () => judgeCoda(world, judgement));
  runUntilViolation(world, coda.endAt);
}

function runUntilViolation(world: World, end: number): void {
  while (world.schedule.now < end && world.violations.length === 0) {
    world.schedule.runUntil(Math.min(end, world.schedule.now + lookEvery));
  }
}

/** Every fault has healed and there was time enough. */
function complain(world: World): void {
  for (const { what, detail } of unsettled(world)) world.violation(what, detail);
}

/** Nothing moves when nothing happens. */
function judgeStillness(world: World, settledAt: number): void {
  if (world.movedAt > settledAt)
    world.violation("flapping", `something moved at ${(world.movedAt / 1000).toFixed(3)} s although nothing happened`);
}

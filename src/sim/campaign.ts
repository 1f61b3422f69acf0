import { type Cut, cutPlan } from "./cuts.js";
import { type PlanKind, planOf } from "./draw-plan.js";
import type { Plan } from "./plan.js";
import { type Mark, Tally } from "./tally.js";
import { type Outcome, runTrial } from "./trial.js";

/** What a seed is lived through as. */
export interface Course {
  readonly kind: PlanKind;
  /** Only these kinds of faults; absent: each world draws its own. */
  readonly only?: readonly string[] | undefined;
  /** What is left out. */
  readonly cuts?: readonly Cut[] | undefined;
}

/** Many seeds, and what they came to together. Plain data: figures of several processes are added up. */
export interface Campaign {
  seeds: number;
  /** Fault schedules: faults, healing, and the judgement that all found its place. */
  schedules: number;
  /** Milliseconds of pretend time. */
  simulated: number;
  datagrams: number;
  /** How often each kind of fault was drawn, and what really took effect. */
  readonly faults: Map<string, number>;
  readonly effects: Map<Mark, number>;
  readonly excuses: Map<string, number>;
  readonly failed: Failure[];
  longestOutage: number;
  mostWakeUps: number;
  mostDatagrams: number;
}

export interface Failure {
  readonly course: Course;
  readonly outcome: Outcome;
}

export function newCampaign(): Campaign {
  const totals = { seeds: 0, schedules: 0, simulated: 0, datagrams: 0 };
  const extremes = { longestOutage: 0, mostWakeUps: 0, mostDatagrams: 0 };
  return { ...totals, ...extremes, faults: new Map(), effects: new Map(), excuses: new Map(), failed: [] };
}

/** @returns the plan of a seed on this course. @throws RangeError when the cuts leave nothing. */
export function plotted(seed: number, { kind, only, cuts = [] }: Course): Plan {
  const plan = cutPlan(planOf(kind, seed, only), new Set(cuts));
  if (plan === undefined) throw new RangeError("nothing is left of this plan");
  return plan;
}

/** Runs one seed and adds it up. @returns its outcome. */
export function runSeed(campaign: Campaign, seed: number, course: Course = { kind: "long" }): Outcome {
  const plan = course.cuts === undefined ? planOf(course.kind, seed, course.only) : plotted(seed, course);
  const outcome = runTrial(plan);
  campaign.seeds++;
  campaign.schedules += outcome.schedules;
  campaign.simulated += outcome.simulated;
  campaign.datagrams += outcome.datagrams;
  noteExtremes(campaign, outcome);
  for (const { faults } of plan.episodes.slice(0, outcome.schedules))
    for (const fault of faults) add(campaign.faults, fault.name, 1);
  for (const [mark, count] of outcome.tally) if (count > 0) add(campaign.effects, mark, count);
  for (const [name, count] of outcome.excuses) add(campaign.excuses, name, count);
  if (outcome.violations.length > 0) campaign.failed.push({ course, outcome });
  return outcome;
}

/** Adds what another process has found. */
export function addUp(total: Campaign, part: Campaign): void {
  total.seeds += part.seeds;
  total.schedules += part.schedules;
  total.simulated += part.simulated;
  total.datagrams += part.datagrams;
  noteExtremes(total, part);
  for (const [name, count] of part.faults) add(total.faults, name, count);
  for (const [name, count] of part.effects) add(total.effects, name, count);
  for (const [name, count] of part.excuses) add(total.excuses, name, count);
  total.failed.push(...part.failed);
}

type Extremes = Pick<Campaign, "longestOutage" | "mostWakeUps" | "mostDatagrams">;

function noteExtremes(campaign: Campaign, { longestOutage, mostWakeUps, mostDatagrams }: Extremes): void {
  campaign.longestOutage = Math.max(campaign.longestOutage, longestOutage);
  campaign.mostWakeUps = Math.max(campaign.mostWakeUps, mostWakeUps);
  campaign.mostDatagrams = Math.max(campaign.mostDatagrams, mostDatagrams);
}

function add<Name>(counts: Map<Name, number>, name: Name, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** @returns the kinds of faults that never took effect in this campaign. */
export function untested(campaign: Campaign): readonly Mark[] {
  const tally = new Tally();
  tally.add(campaign.effects);
  return tally.missing();
}

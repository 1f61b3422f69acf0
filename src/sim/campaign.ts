import { drawPlan, type Plan } from "./plan.js";
import { shrink } from "./shrink.js";
import { type Outcome, runTrial } from "./trial.js";

/** Many seeds, one after the other, and what they came to together. */
export interface Campaign {
  seeds: number;
  /** Milliseconds of pretend time. */
  simulated: number;
  datagrams: number;
  /** Seeds that struck each kind of fault. */
  readonly faults: Map<string, number>;
  readonly excuses: Map<string, number>;
  readonly failed: Outcome[];
  longestOutage: number;
  mostWakeUps: number;
  mostDatagrams: number;
}

export function newCampaign(): Campaign {
  const totals = { seeds: 0, simulated: 0, datagrams: 0, longestOutage: 0, mostWakeUps: 0, mostDatagrams: 0 };
  return { ...totals, faults: new Map(), excuses: new Map(), failed: [] };
}

/** Runs one seed and adds it up. @returns its outcome. */
export function runSeed(campaign: Campaign, seed: number, only?: readonly string[]): Outcome {
  const outcome = runTrial(drawPlan(seed, only));
  campaign.seeds++;
  campaign.simulated += outcome.simulated;
  campaign.datagrams += outcome.datagrams;
  campaign.longestOutage = Math.max(campaign.longestOutage, outcome.longestOutage);
  campaign.mostWakeUps = Math.max(campaign.mostWakeUps, outcome.mostWakeUps);
  campaign.mostDatagrams = Math.max(campaign.mostDatagrams, outcome.mostDatagrams);
  for (const fault of outcome.plan.faults) add(campaign.faults, fault.name, 1);
  for (const [name, count] of outcome.excuses) add(campaign.excuses, name, count);
  if (outcome.violations.length > 0) campaign.failed.push(outcome);
  return outcome;
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** @returns what a plan does to its world, one line per command. */
export function describePlan(plan: Plan): readonly string[] {
  const { shape } = plan;
  const faults = plan.faults.flatMap((fault) => fault.commands.map((command) => ({ ...command, name: fault.name })));
  return [
    `seed ${plan.seed}: ${shape.nodes.join(" ")} on ${shape.links.join(" ")} (${shape.medium})`,
    ...shape.haCf.map((line) => `  ${line}`),
    ...shape.haresources.map((line) => `  ${line}`),
    ...plan.overture.map(({ at, text }) => `  at ${at / 1000}s: ${text}`),
    ...faults.map(({ at, text, name }) => `  at ${at / 1000}s: ${text}   (${name})`),
    `  at ${plan.healAt / 1000}s: heal-everything; settled by ${plan.settledAt / 1000}s, still until ${plan.stillUntil / 1000}s`,
    ...plan.coda.commands.map(({ at, text }) => `  at ${at / 1000}s: ${text}   (coda)`),
  ];
}

/** @returns everything that a person needs to understand the failure and to see it again. */
export function describeFailure(failed: Outcome, lines: number): readonly string[] {
  const smallest = shrink(failed, lines);
  return [
    ...describePlan(smallest.plan),
    ...smallest.latest,
    ...failed.violations.map(({ at, what, detail }) => `VIOLATION at ${(at / 1000).toFixed(3)} s: ${what}: ${detail}`),
    `replay: npm run sim -- --seed ${failed.plan.seed}`,
  ];
}

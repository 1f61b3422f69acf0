import type { Plan } from "./plan.js";
import { type Outcome, runTrial } from "./trial.js";

/** Leaves out faults one by one as long as the same kind of violation remains. @returns the smallest plan found, run once more. */
export function shrink(failed: Outcome, keep: number): Outcome {
  const what = failed.violations[0]?.what;
  let smallest: Plan = failed.plan;
  for (let i = smallest.faults.length - 1; i >= 0; i--) {
    const candidate: Plan = { ...smallest, faults: smallest.faults.filter((_, index) => index !== i) };
    if (runTrial(candidate).violations[0]?.what === what) smallest = candidate;
  }
  return runTrial(smallest, keep);
}

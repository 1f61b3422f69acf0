import { drawBriefPlan } from "./brief-plan.js";
import { drawPlan, type Plan } from "./plan.js";

/**
 * `long`: one schedule of up to eight faults in a world of minutes, with a coda of lost ping nodes. `short`: several schedules of one to
 * four faults each, one after the other.
 */
export const planKinds = ["short", "long"] as const;
export type PlanKind = (typeof planKinds)[number];

/** @param only kinds of faults; absent: each world draws its own. */
export function planOf(kind: PlanKind, seed: number, only?: readonly string[]): Plan {
  return kind === "long" ? drawPlan(seed, only) : drawBriefPlan(seed, only);
}

import { type Cut, cutPlan, cutsOf } from "./cuts.js";
import type { Plan } from "./plan.js";
import { type Outcome, runTrial } from "./trial.js";

/** A failure in its shortest form, and what had to be left out to get there. */
export interface Shrunk {
  readonly outcome: Outcome;
  readonly cuts: readonly Cut[];
}

/** So many shorter plans are tried at most. */
const mostTrials = 400;

/**
 * Leaves out episodes, nodes, links, groups, faults and settings one by one as long as the same kind of violation remains, and goes over the
 * rest again until nothing more can go.
 */
export function shrink(failed: Outcome, keep: number): Shrunk {
  const what = failed.violations[0]?.what;
  const fails = (plan: Plan): boolean => {
    try {
      return runTrial(plan).violations[0]?.what === what;
    } catch {
      // A plan that the configuration's own checks refuse is no shorter form of anything.
      return false;
    }
  };
  const cuts = new Set<Cut>(failed.plan.episodes.flatMap((_, e) => (e >= failed.schedules ? [`e${e}`] : [])));
  let trials = 0;
  for (let found = true; found; ) {
    found = false;
    for (const cut of cutsOf(failed.plan)) {
      if (cuts.has(cut) || isMoot(cut, cuts) || trials >= mostTrials) continue;
      const shorter = cutPlan(failed.plan, new Set([...cuts, cut]));
      if (shorter === undefined) continue;
      trials++;
      if (!fails(shorter)) continue;
      cuts.add(cut);
      found = true;
    }
  }
  return {
    outcome: runTrial(cutPlan(failed.plan, cuts) ?? failed.plan, keep),
    cuts: [...cuts].filter((cut) => !isMoot(cut, cuts)),
  };
}

/** A fault of an episode that is gone. */
function isMoot(cut: Cut, cuts: ReadonlySet<Cut>): boolean {
  const episode = /^(e\d+)f\d+$/.exec(cut)?.[1];
  return episode !== undefined && cuts.has(episode);
}

import { once } from "./faults.js";
import type { Luck } from "./luck.js";
import type { Fault, Times } from "./plan.js";

/** Some worlds ask their services whether they run, and there services die. Drawn from a stream of its own: what else a seed decides stays as it is. */
export interface MonitoringPlan {
  readonly haCf: readonly string[];
  /** Milliseconds from a death until its service runs again, or the group elsewhere, beside the scripts' own time; 0: nobody asks. */
  readonly longest: number;
  /** @returns services that die within so many milliseconds. */
  drawFaults(luck: Luck, length: number): readonly Fault[];
}

const nobody: MonitoringPlan = { haCf: [], longest: 0, drawFaults: () => [] };

export function drawMonitoring(
  luck: Luck,
  world: { readonly nodes: readonly string[]; readonly scripts: readonly string[]; readonly times: Times },
): MonitoringPlan {
  const { nodes, scripts, times } = world;
  if (scripts.length === 0 || luck.chance(0.6)) return nobody;
  const interval = Math.round(times.keepalive * luck.pick([0.5, 1, 3]));
  return {
    haCf: [
      `monitor_interval ${interval}ms`,
      `migration_threshold ${luck.pick([1, 1, 2, 3])}`,
      `failure_timeout ${luck.pick([5, 60, 600])}s`,
    ],
    // A round asks every script of the group in turn; one of them may have to be asked twice.
    longest: interval + 1_000 + 100 * scripts.length,
    drawFaults: (fate, length) =>
      Array.from({ length: fate.pick([0, 1, 1, 2]) }, () =>
        once("service-dies", fate.whole(0, length), `die ${fate.pick(nodes)} ${fate.pick(scripts)} when-seen`),
      ),
  };
}

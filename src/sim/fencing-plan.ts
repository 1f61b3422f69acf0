import type { TimedCommand } from "./command.js";
import type { Luck } from "./luck.js";
import type { Fault } from "./plan.js";
import type { Parameters } from "./world.js";

/** The fencing of one world: in most there is none; in some its devices are slow, fail for a while, or lie. */
export interface FencingPlan {
  readonly haCf: readonly string[];
  readonly overture: readonly TimedCommand[];
  readonly faults: readonly Fault[];
  /** Milliseconds that a reset may add to the time without a holder: holding fire, the device, its retries, the boot. */
  readonly longest: number;
  readonly kind: "none" | "truthful" | "lying";
}

const none: FencingPlan = { haCf: [], overture: [], faults: [], longest: 0, kind: "none" };

const fireDelay = 2_000;
const timeout = 4_000;
const retry = 1_000;

export function drawFencing(
  luck: Luck,
  { nodes, from, until }: { readonly nodes: readonly string[]; readonly from: number; readonly until: number },
): FencingPlan {
  if (!luck.chance(0.3)) return none;
  const kind = luck.chance(0.15) ? "lying" : "truthful";
  const liar = kind === "lying" ? luck.pick(nodes) : undefined;
  const slowest = luck.pick([100, 1_000, 3_500]);
  const overture = nodes.map((node) => ({
    at: 0,
    text: `fencer ${node} ${node === liar ? "lie" : "work"} ${luck.whole(20, slowest)}`,
  }));
  const troubled = nodes.filter((node) => node !== liar && luck.chance(0.2));
  const faults = troubled.map((node) => drawTrouble(luck, { node, from, until, takes: luck.whole(20, slowest) }));
  const devices = drawDevices(luck);
  const haCf = [
    ...Array.from({ length: devices.count }, () => `stonith_host * null ${nodes.join(" ")}`),
    ...devices.levels,
    `fence_delay ${fireDelay}ms`,
    `fence_timeout ${timeout}ms`,
    `fence_retry ${retry}ms`,
  ];
  return {
    haCf,
    overture,
    faults,
    longest: 2 * fireDelay + 2 * nodes.length * devices.count * (timeout + retry),
    kind,
  };
}

/** One device mostly; in some worlds two power supplies, or these and then another device. */
function drawDevices(luck: Luck): { readonly count: number; readonly levels: readonly string[] } {
  const count = luck.pick([1, 1, 1, 2, 3]);
  if (count === 1) return { count, levels: [] };
  return { count, levels: [count === 2 ? "fence_levels 1+2" : "fence_levels 1+2 3"] };
}

interface Target {
  readonly node: string;
  readonly from: number;
  readonly until: number;
  readonly takes: number;
}

function drawTrouble(luck: Luck, { node, from, until, takes }: Target): Fault {
  const at = luck.whole(from, until);
  const commands = [
    { at, text: `fencer ${node} ${luck.pick(["fail", "hang"])} ${takes}` },
    { at: at + luck.whole(2_000, 20_000), text: `fencer ${node} work ${takes}` },
  ];
  return { name: "fencer-trouble", commands };
}

/** @returns what the checkers allow in a world with this fencing. */
export function withFencing(parameters: Parameters, { kind, longest }: FencingPlan): Parameters {
  if (kind === "none") return parameters;
  return { ...parameters, isFenced: kind === "truthful", longestOutage: parameters.longestOutage + longest };
}

import type { Luck } from "./luck.js";
import type { Times } from "./plan.js";
import type { Parameters } from "./world.js";

/** What besides silence counts in one world: an arbiter, a policy for each group, ping nodes that are needed, the kernel's part, a watchdog. */
export interface ArbitrationPlan {
  readonly haCf: readonly string[];
  readonly arbiter: "none" | "witness" | "disk";
  /** Milliseconds; 0 without an arbiter. */
  readonly lease: number;
  /** What leases and delays may add to the time without a holder, in milliseconds. */
  readonly longest: number;
}

interface Cluster {
  readonly haresources: readonly string[];
  readonly times: Times;
  readonly hasPings: boolean;
  readonly hasFencing: boolean;
}

export function drawArbitration(luck: Luck, { haresources, times, hasPings, hasFencing }: Cluster): ArbitrationPlan {
  const arbiter = luck.pick(["none", "none", "witness", "witness", "disk"] as const);
  const lease =
    arbiter === "none" ? 0 : Math.max(100, Math.round(times.deadtime * luck.pick([0.1, 0.5, 0.7, 1, 1, 1, 2])));
  const usual = arbiter !== "none" ? "lease" : hasFencing ? "fence-first" : "takeover-on-silence";
  const policies = [
    "takeover-on-silence",
    "manual",
    ...(arbiter === "none" ? [] : ["lease"]),
    ...(hasFencing ? ["fence-first"] : []),
  ];
  const delay = luck.pick([0, 0, 0, 200, times.deadtime]);
  const perGroup = luck.chance(0.4);
  const lines = haresources.flatMap((line) => {
    const policy = perGroup && luck.chance(0.6) ? luck.pick(policies) : usual;
    const after = delay > 0 && luck.chance(0.7) ? ` after ${delay}ms` : "";
    return policy === usual && after === "" ? [] : [`takeover_policy ${policy}${after} ${line.split(" ")[1]}`];
  });
  const deadMan = luck.pick(["on", "on", "on", "on", "on", "on", "on", "lifetime", "off"]);
  const quorum = hasPings && luck.chance(arbiter === "none" ? 0.4 : 0.1);
  return {
    haCf: [
      ...(arbiter === "witness" ? ["arbiter witness 172.30.107.9", "cluster pretended"] : []),
      ...(arbiter === "disk" ? ["arbiter disk /dev/shared"] : []),
      ...(arbiter === "none" ? [] : [`lease_time ${lease}ms`]),
      ...lines,
      ...(quorum ? ["ping_quorum on"] : []),
      ...(luck.chance(0.3) ? ["ask_address off"] : []),
      ...(deadMan === "on" ? [] : [`dead_man ${deadMan}`]),
      ...(luck.chance(0.3) ? ["watchdog /dev/watchdog"] : []),
    ],
    arbiter,
    lease,
    longest: 3 * lease + delay,
  };
}

/** @returns what the checkers allow in such a world. */
export function withArbitration(parameters: Parameters, { longest }: ArbitrationPlan): Parameters {
  return longest === 0 ? parameters : { ...parameters, longestOutage: parameters.longestOutage + longest };
}

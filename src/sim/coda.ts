import type { TimedCommand } from "./command.js";
import { isHealthy } from "./health.js";
import { hasFailedOn, serves, wasMovedByOperator } from "./liveness-checker.js";
import type { Luck } from "./luck.js";
import type { ClusterShape } from "./pretend-cluster.js";
import type { World } from "./world.js";

/**
 * After everything has settled, a world with ipfail loses the ping node on one node, and gets it back: the groups must leave that node
 * and (auto_failback on) come home, each exactly once. In some worlds all nodes lose it together: then nothing may move.
 */
export interface Coda {
  readonly commands: readonly TimedCommand[];
  readonly judgements: readonly Judgement[];
  readonly endAt: number;
}

export interface Judgement {
  readonly at: number;
  /** Arrivals of addresses are counted from here on. */
  readonly since: number;
  /** The node that had lost the ping node; `undefined`: all had. */
  readonly node: string | undefined;
  readonly expected: "left-the-node" | "came-home" | "nothing-moved";
}

interface Stage {
  readonly shape: ClusterShape;
  /** Milliseconds. */
  readonly times: { readonly keepalive: number; readonly deadtime: number };
  /** All scripts of the longest group, stopped and started. */
  readonly longest: number;
  readonly from: number;
}

/** @returns nothing to do where no ipfail runs. */
export function drawCoda(luck: Luck, { shape, times, longest, from }: Stage): Coda {
  if (!hasIpfail(shape)) return { commands: [], judgements: [], endAt: from };
  const node = luck.chance(0.2) ? undefined : luck.pick(shape.nodes);
  const who = node ?? "everybody";
  const window = times.deadtime + 4 * times.keepalive + shape.nodes.length * (longest + 1_000) + 2_000;
  const healAt = from + window;
  const endAt = healAt + window + 2 * times.deadtime;
  const failback = shape.haCf.includes("auto_failback on");
  return {
    commands: [
      { at: from, text: `cut-ping ${who}` },
      { at: healAt, text: `heal-ping ${who}` },
    ],
    judgements: [
      { at: healAt - 1, since: from, node, expected: node === undefined ? "nothing-moved" : "left-the-node" },
      { at: endAt, since: healAt, node, expected: node !== undefined && failback ? "came-home" : "nothing-moved" },
    ],
    endAt,
  };
}

export function hasIpfail(shape: ClusterShape): boolean {
  if (shape.haCf.includes("auto_failback legacy")) return false;
  return shape.haCf.some((line) => line.startsWith("respawn ") && line.endsWith("ipfail"));
}

/** Looks whether it came as it must. */
export function judgeCoda(world: World, { node, since, expected }: Judgement): void {
  for (const address of world.addresses) {
    const moves = (world.arrivals.get(address) ?? []).filter((at) => at >= since).length;
    const allowed = expected === "nothing-moved" ? 0 : 1;
    if (moves > allowed) world.violation("ipfail flaps", `${address} moved ${moves} times, allowed: ${allowed}`);
  }
  if (node === undefined || expected === "nothing-moved") return;
  const machine = world.machine(node);
  for (const [index, group] of world.groups.entries()) {
    if (world.machines.some((other) => wasMovedByOperator(other, index))) continue;
    const isThere = serves(machine, group);
    if (
      expected === "left-the-node" &&
      isThere &&
      world.machines.some((other) => other !== machine && isHealthy(other) && !hasFailedOn(other, index))
    )
      world.violation("badly connected", `${group.name} stays on ${node}, which reaches no ping node`);
    if (expected === "came-home" && group.owner === node && !isThere && !hasFailedOn(machine, index))
      world.violation("badly connected", `${group.name} did not come home to ${node}`);
  }
}

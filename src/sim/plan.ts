import { type Coda, drawCoda, hasIpfail } from "./coda.js";
import type { TimedCommand } from "./command.js";
import { drawFaults } from "./faults.js";
import { drawFencing, withFencing } from "./fencing-plan.js";
import { Luck } from "./luck.js";
import type { ClusterShape } from "./pretend-cluster.js";
import type { Parameters } from "./world.js";

/** Everything that a seed decides before the world begins: the cluster, its times, and which faults strike when. */
export interface Plan {
  readonly seed: number;
  readonly shape: ClusterShape;
  readonly parameters: Parameters;
  readonly overture: readonly TimedCommand[];
  /** One after the other in the same world; each is a fault schedule of its own. */
  readonly episodes: readonly Episode[];
  /** In the end, where ipfail runs, the groups must go where the ping nodes are seen. */
  readonly coda: Coda;
}

/** Faults strike, everything heals, and all must find its place and stay there. Times are milliseconds since the episode began. */
export interface Episode {
  readonly faults: readonly Fault[];
  /** Then everything heals, … */
  readonly healAt: number;
  /** … must have found its place, … */
  readonly settledAt: number;
  /** … and stay there. */
  readonly stillUntil: number;
  /** Whether it is over as soon as everything has been in its place for as long as that stillness lasts. */
  readonly endsWhenCalm: boolean;
  /** What these faults oblige the checkers to allow; absent: the plan's. */
  readonly parameters?: Parameters;
}

/** One misfortune with its beginning and its end; shrinking leaves out whole faults. */
export interface Fault {
  readonly name: string;
  readonly commands: readonly TimedCommand[];
}

/** The times of a pretend cluster, in milliseconds. */
export interface Times {
  readonly keepalive: number;
  readonly deadtime: number;
  readonly initdead: number;
  readonly scriptTimeout: number;
}

const timesToChoose: readonly Times[] = [
  { keepalive: 1_000, deadtime: 5_000, initdead: 10_000, scriptTimeout: 6_000 },
  { keepalive: 500, deadtime: 3_000, initdead: 6_000, scriptTimeout: 4_000 },
  { keepalive: 2_000, deadtime: 10_000, initdead: 20_000, scriptTimeout: 8_000 },
];

/** @returns the plan of this seed: the same one on every machine and in every run. */
export function drawPlan(seed: number, only?: readonly string[]): Plan {
  const luck = new Luck(seed).stream("plan");
  const times = luck.chance(0.7) ? timesToChoose[0] : luck.pick(timesToChoose);
  if (times === undefined) throw new RangeError("no times");
  const shape = drawShape(luck.stream("shape"), times);
  const scripts = scriptsOf(shape);
  const tempers = drawTempers(luck.stream("tempers"), shape.nodes, scripts);
  const troubleFrom = times.initdead + 4_000;
  const healAt = troubleFrom + luck.whole(15_000, 45_000);
  const struck = drawFaults(luck.stream("faults"), { shape, scripts, times, from: troubleFrom, until: healAt, only });
  const fencing = drawFencing(luck.stream("fencing"), { nodes: shape.nodes, from: troubleFrom, until: healAt });
  const faults = [...struck, ...fencing.faults].sort((a, b) => (a.commands[0]?.at ?? 0) - (b.commands[0]?.at ?? 0));
  const judged = parametersOf({ luck, shape, times, faults, longest: tempers.longest });
  const parameters = withFencing(judged, fencing);
  const moves = shape.nodes.length * (tempers.longest + 2_000);
  const calm = hasIpfail(shape) ? 3 * times.deadtime : 0;
  const settledAt = healAt + times.initdead + 12_000 + calm + moves + 2 * parameters.longestScripts + fencing.longest;
  const stillUntil = settledAt + 8_000;
  const overture = [...fencing.overture, ...tempers.commands, ...drawStarts(luck.stream("starts"), shape.nodes)];
  const coda = drawCoda(luck.stream("coda"), { shape, times, longest: tempers.longest, from: stillUntil });
  const fenced = { ...shape, haCf: [...shape.haCf, ...fencing.haCf] };
  const episode = { faults, healAt, settledAt, stillUntil, endsWhenCalm: false };
  return { seed, shape: fenced, parameters, overture, episodes: [episode], coda };
}

function drawShape(luck: Luck, times: Times): ClusterShape {
  const count = luck.pick([2, 2, 2, 2, 3, 3, 4, 5]);
  const nodes = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const links = ["ens33", "ens34", "ens35"].slice(0, luck.pick([1, 2, 2, 3]));
  const failback = luck.pick(["on", "on", "on", "off", "legacy"]);
  return {
    nodes,
    links,
    medium: luck.chance(0.5) ? "ucast" : "bcast",
    haCf: [
      `keepalive ${times.keepalive}ms`,
      `deadtime ${times.deadtime}ms`,
      `warntime ${times.deadtime / 2}ms`,
      `initdead ${times.initdead}ms`,
      `auto_failback ${failback}`,
      `start_timeout ${times.scriptTimeout}ms`,
      `stop_timeout ${times.scriptTimeout}ms`,
      "status_timeout 3s",
      "stop_attempts 3",
      `deadping ${times.deadtime}ms`,
      ...(luck.chance(0.6) ? ["respawn hacluster /usr/lib/heartbeat/ipfail"] : []),
    ],
    haresources: drawGroups(luck, nodes),
  };
}

function drawGroups(luck: Luck, nodes: readonly string[]): readonly string[] {
  const count = luck.whole(1, Math.min(4, nodes.length + 1));
  return Array.from({ length: count }, (_, i) => {
    const owner = luck.chance(0.7) ? nodes[i % nodes.length] : luck.pick(nodes);
    const resources = [`10.0.0.${i + 1}/24/ens38`];
    for (let n = luck.pick([0, 0, 1, 2]); n > 0; n--) {
      if (luck.chance(0.3)) resources.unshift(`disk${i}${n}`);
      else resources.push(`svc${i}${n}`);
    }
    return [owner, ...resources].join(" ");
  });
}

/** @returns the scripts of all groups, each once. */
export function scriptsOf(shape: ClusterShape): readonly string[] {
  return shape.haresources.flatMap((line) =>
    line
      .split(" ")
      .slice(1)
      .filter((word) => /^[a-z]/.test(word)),
  );
}

export function drawTempers(luck: Luck, nodes: readonly string[], scripts: readonly string[]) {
  const commands: TimedCommand[] = [];
  let longest = 0;
  const slowest = luck.pick([50, 200, 1_000]);
  for (const script of scripts) {
    const [start, stop] = [luck.whole(10, slowest), luck.whole(10, slowest)];
    longest += start + stop + 100;
    for (const node of nodes) {
      commands.push({ at: 0, text: `script ${node} ${script} start work ${start}` });
      commands.push({ at: 0, text: `script ${node} ${script} stop work ${stop}` });
    }
  }
  return { commands, longest };
}

export function drawStarts(luck: Luck, nodes: readonly string[]): readonly TimedCommand[] {
  const apart = luck.pick([0, 100, 3_000]);
  return nodes.map((node) => ({ at: 1 + luck.whole(0, apart), text: `start ${node}` }));
}

interface Drawn {
  readonly luck: Luck;
  readonly shape: ClusterShape;
  readonly times: Times;
  readonly faults: readonly Fault[];
  readonly longest: number;
}

export function parametersOf({ luck, shape, times, faults, longest }: Drawn): Parameters {
  const has = (pattern: RegExp): boolean => faults.some((fault) => pattern.test(fault.name));
  const lossGrace = has(/loss/) ? 4 * times.keepalive : 0;
  const badScripts = has(/script/) ? 5 * times.scriptTimeout : 0;
  return {
    timerLatency: luck.pick([0, 1, 5]),
    drift: luck.pick([0, 0.0001, 0.0005]),
    deadtime: times.deadtime,
    longestScripts: longest + badScripts,
    lossGrace,
    longestOutage: times.deadtime + 2 * times.keepalive + longest + badScripts + 2 * lossGrace + 1_000,
    mostWakeUps: 60 * shape.nodes.length,
    mostDatagrams: 60 * shape.links.length * shape.nodes.length * shape.nodes.length,
  };
}

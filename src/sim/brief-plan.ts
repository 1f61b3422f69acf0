import { type ArbitrationPlan, drawArbitration, withArbitration } from "./arbitration-plan.js";
import { drawFaults, faultKinds } from "./faults.js";
import { drawFencing, type FencingPlan, withFencing } from "./fencing-plan.js";
import { Luck } from "./luck.js";
import { drawMonitoring, type MonitoringPlan } from "./monitoring-plan.js";
import { kindsFor, moreKinds } from "./more-faults.js";
import { drawStarts, drawTempers, type Episode, type Plan, parametersOf, scriptsOf, type Times } from "./plan.js";
import type { ClusterShape } from "./pretend-cluster.js";
import type { Parameters } from "./world.js";

/**
 * Short fault schedules, many in one world: one to four faults within a few deadtimes, everything heals, and as soon as all has been in its
 * place for a while the next schedule begins. The daemons live through all of them, so what one leaves behind meets the next one.
 */
interface Setting {
  readonly shape: ClusterShape;
  readonly times: Times;
  readonly scripts: readonly string[];
  /** All scripts of the longest group, stopped and started. */
  readonly longest: number;
  readonly fencing: FencingPlan;
  readonly arbitration: ArbitrationPlan;
  readonly monitoring: MonitoringPlan;
  /** The kinds of faults that exist in this world. */
  readonly only: readonly string[];
  /** What the world is like, whatever strikes. */
  readonly nature: Pick<Parameters, "timerLatency" | "drift" | "codec">;
}

/** @returns the plan of this seed: the same one on every machine and in every run. */
export function drawBriefPlan(seed: number, only?: readonly string[]): Plan {
  const luck = new Luck(seed).stream("brief");
  const times = drawTimes(luck);
  const drawn = drawShape(luck.stream("shape"), times);
  const scripts = scriptsOf(drawn);
  const tempers = drawTempers(luck.stream("tempers"), drawn.nodes, scripts);
  const fencing = drawFencing(luck.stream("fencing"), { nodes: drawn.nodes, from: 0, until: 4 * times.deadtime });
  const nature = {
    timerLatency: luck.pick([0, 1, 5]),
    drift: luck.pick([0, 0.0001, 0.0005]),
    codec: luck.chance(0.06) ? "real" : "passing",
  } as const;
  const arbitration = drawArbitration(luck.stream("arbitration"), {
    haresources: drawn.haresources,
    times,
    hasPings: drawn.hasPings === true,
    hasFencing: fencing.kind !== "none",
  });
  const monitoring = drawMonitoring(luck.stream("monitoring"), { nodes: drawn.nodes, scripts, times });
  const shape = { ...drawn, haCf: [...drawn.haCf, ...fencing.haCf, ...arbitration.haCf, ...monitoring.haCf] };
  const has = {
    scripts: scripts.length > 0,
    pings: shape.hasPings === true,
    fencing: fencing.kind === "truthful",
    arbiter: arbitration.arbiter,
  };
  const possible = kindsFor([...faultKinds, ...Object.keys(moreKinds)], has);
  const menu = only === undefined ? drawMenu(luck, possible) : possible.filter((kind) => only.includes(kind));
  const setting = {
    shape,
    times,
    scripts,
    longest: tempers.longest,
    fencing,
    arbitration,
    monitoring,
    nature,
    only: menu.length > 0 ? menu : possible,
  };
  const count = shape.nodes.length === 2 ? 10 : 5;
  const episodes = Array.from({ length: count }, (_, i) => drawEpisode(luck.stream(`episode ${i}`), setting));
  const parameters = { ...episodes[0]?.parameters, ...nature } as Parameters;
  const overture = [...fencing.overture, ...tempers.commands, ...drawStarts(luck.stream("starts"), shape.nodes)];
  return { seed, shape, parameters, overture, episodes, coda: { commands: [], judgements: [], endAt: 0 } };
}

function drawTimes(luck: Luck): Times {
  const keepalive = luck.pick([200, 500, 1_000]);
  const deadtime = Math.round(keepalive * luck.pick([2.5, 3, 3, 4, 5]));
  return { keepalive, deadtime, initdead: 2 * deadtime, scriptTimeout: 3_000 };
}

function drawShape(luck: Luck, times: Times): ClusterShape {
  const count = luck.pick([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 4, 5]);
  const nodes = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const hasPings = luck.chance(0.35);
  const ipfail = hasPings && luck.chance(0.7) ? ["respawn hacluster /usr/lib/heartbeat/ipfail"] : [];
  return {
    nodes,
    links: ["ens33", "ens34", "ens35"].slice(0, luck.pick([1, 1, 1, 2, 2, 3])),
    medium: luck.chance(0.75) ? "ucast" : "bcast",
    hasPings,
    haCf: [
      `keepalive ${times.keepalive}ms`,
      `deadtime ${times.deadtime}ms`,
      `warntime ${Math.round(times.deadtime * luck.pick([0.5, 0.8]))}ms`,
      `initdead ${times.initdead}ms`,
      `auto_failback ${luck.pick(["on", "on", "off", "legacy"])}`,
      `start_timeout ${times.scriptTimeout}ms`,
      `stop_timeout ${times.scriptTimeout}ms`,
      "status_timeout 3s",
      `stop_attempts ${luck.pick([1, 3])}`,
      `deadping ${times.deadtime}ms`,
      ...ipfail,
    ],
    haresources: drawGroups(luck, nodes),
  };
}

function drawGroups(luck: Luck, nodes: readonly string[]): readonly string[] {
  const hasScripts = luck.chance(0.5);
  return Array.from({ length: luck.pick([1, 1, 2, 2, 3]) }, (_, i) => {
    const before = hasScripts && luck.chance(0.3) ? [`disk${i}`] : [];
    const behind = hasScripts && luck.chance(0.6) ? [`svc${i}`] : [];
    return [luck.pick(nodes), ...before, `10.0.0.${i + 1}/24/ens38`, ...behind].join(" ");
  });
}

/** Swarm testing: each world sees some kinds of faults only. */
function drawMenu(luck: Luck, kinds: readonly string[]): readonly string[] {
  const share = luck.pick([0.1, 0.2, 0.4, 1]);
  const drawn = kinds.filter(() => luck.chance(share));
  return drawn.length === 0 ? [luck.pick(kinds)] : drawn;
}

function drawEpisode(luck: Luck, setting: Setting): Episode {
  const { shape, times, scripts, longest, fencing, arbitration, monitoring, only, nature } = setting;
  const length = Math.round(times.deadtime * luck.pick([0.7, 1.5, 2, 3, 4]));
  const target = { shape, scripts, times, from: 0, until: length, only, kinds: moreKinds, most: 4 };
  const drawn = [...drawFaults(luck, target), ...(luck.chance(0.3) ? fencing.faults : [])];
  const faults = [...drawn, ...monitoring.drawFaults(luck.stream("deaths"), length)];
  const usual = parametersOf({ luck, shape, times, faults, longest });
  // What dies is stopped, started, and perhaps moved.
  const judged = {
    ...usual,
    longestOutage: usual.longestOutage + monitoring.longest + (monitoring.longest > 0 ? longest : 0),
  };
  const parameters = withArbitration(withFencing({ ...judged, ...nature }, fencing), arbitration);
  const healAt = length + 1;
  const moves = shape.nodes.length * (longest + 2_000);
  const calm = 3 * times.deadtime + arbitration.longest + 12_000;
  const settledAt =
    healAt + times.initdead + calm + monitoring.longest + moves + 2 * parameters.longestScripts + fencing.longest;
  const stillUntil = settledAt + times.deadtime + 2 * times.keepalive;
  return { faults, healAt, settledAt, stillUntil, endsWhenCalm: true, parameters };
}

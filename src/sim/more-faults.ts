import { arbiterKinds, suitsArbiter } from "./arbiter-faults.js";
import type { Kind, Target } from "./faults.js";
import { lasting, once } from "./faults.js";
import type { Luck } from "./luck.js";
import type { Fault } from "./plan.js";

/** Kinds of faults that only short schedules draw from: the long ones keep their meaning, seed by seed. */
export const moreKinds: Readonly<Record<string, Kind>> = {
  "crash-midway": (luck, target, at) =>
    once("crash-midway", at, `crash ${luck.pick(target.shape.nodes)} ${luck.pick([0, 1, 2, 3, 5, 8, 13, 21])}`),
  "crash-in-hand-over": (luck, target, at) => drawCrashInHandOver(luck, target, at),
  "timers-late": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    const lag = Math.round(target.times.keepalive * luck.pick([0.1, 0.5, 1.2, 3]));
    return lasting("timers-late", { at, end: target.until, begin: `lag ${node} ${lag}`, finish: `lag ${node} 0` });
  },
  "wall-clock": (luck, target, at) =>
    once("wall-clock", at, `wall-clock ${luck.pick(target.shape.nodes)} ${luck.pick([-86_400, -3_600, -5, 5, 3_600])}`),
  "old-copies": (luck, target, at) =>
    lasting("old-copies", { at, end: target.until, begin: `stale ${luck.pick([5, 50])}%`, finish: "stale 0%" }),
  // The name tells the checkers that datagrams get lost.
  "damage-and-loss": (luck, target, at) =>
    lasting("damage-and-loss", { at, end: target.until, begin: `damage ${luck.pick([2, 15])}%`, finish: "damage 0%" }),
  "address-taken-away": (luck, target, at) =>
    once("address-taken-away", at, `take-away ${luck.pick(target.shape.nodes)} ${luck.pick(addressesOf(target))}`),
  "script-trouble-in-hand-over": (luck, target, at) => drawScriptTrouble(luck, target, at),
  "fencer-trouble-at-need": (luck, target, at) => drawFencerTrouble(luck, target, at),
  ...arbiterKinds,
};

/** Scripts fail or hang just when they are needed. */
function drawScriptTrouble(luck: Luck, { shape, scripts, until }: Target, at: number): Fault {
  const [node, action, script] = [luck.pick(shape.nodes), luck.pick(["start", "stop", "status"]), luck.pick(scripts)];
  const move = luck.pick([`standby ${node} all`, `takeover ${node} all`, `kill ${node}`, `power-off ${node}`]);
  return {
    name: "script-trouble-in-hand-over",
    commands: [
      { at, text: `script ${node} ${script} ${action} ${luck.pick(["fail", "hang"])}` },
      { at: at + 1, text: move },
      { at: until, text: `script ${node} ${script} ${action} work` },
    ],
  };
}

/** A node dies when the device that should reset it is broken. */
function drawFencerTrouble(luck: Luck, { shape, until }: Target, at: number): Fault {
  const [one, other] = luck.pick(
    shape.nodes.map((name, i) => [name, shape.nodes[(i + 1) % shape.nodes.length] ?? name]),
  );
  return {
    name: "fencer-trouble",
    commands: [
      { at, text: `fencer ${one} ${luck.pick(["fail", "hang"])} 100` },
      { at: at + 1, text: luck.pick([`power-off ${other}`, `cut ${other}`, `freeze ${other}`]) },
      { at: until, text: `fencer ${one} work 100` },
    ],
  };
}

/** @returns the kinds that mean something in this world. */
export function kindsFor(
  all: readonly string[],
  has: {
    readonly scripts: boolean;
    readonly pings: boolean;
    readonly fencing: boolean;
    readonly arbiter: "none" | "witness" | "disk";
  },
): readonly string[] {
  return all.filter((kind) => {
    if (kind.startsWith("script-trouble")) return has.scripts;
    if (kind.startsWith("fencer-trouble")) return has.fencing;
    return suitsArbiter(kind, has.arbiter) && (kind !== "ping-loss" || has.pings);
  });
}

/** An operator moves something, and one of the two dies while it is under way. */
function drawCrashInHandOver(luck: Luck, { shape }: Target, at: number): Fault {
  const verb = luck.pick(["standby", "takeover"]);
  return {
    name: "crash-in-hand-over",
    commands: [
      { at, text: `${verb} ${luck.pick(shape.nodes)} ${luck.pick(["all", "local", "foreign"])}` },
      { at: at + luck.pick([0, 0.1, 0.5, 1, 50]), text: `crash ${luck.pick(shape.nodes)} ${luck.whole(0, 12)}` },
    ],
  };
}

const addressesOf = ({ shape }: Target): readonly string[] =>
  shape.haresources.flatMap((line) => /\d+\.\d+\.\d+\.\d+/.exec(line) ?? []);

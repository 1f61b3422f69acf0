import type { Kind, Target } from "./faults.js";
import { drawSilence, lasting, once } from "./faults.js";
import type { Luck } from "./luck.js";
import type { Fault } from "./plan.js";

/** What goes wrong with arbiters, with the service LAN, and with everything of heartbeat on a host at once. */
export const arbiterKinds: Readonly<Record<string, Kind>> = {
  "arbiter-lost": (luck, target, at) =>
    lasting("arbiter-lost", { at, end: at + drawSilence(luck, target), begin: "arbiter down", finish: "arbiter up" }),
  "arbiter-restart": (_, __, at) => once("arbiter-restart", at, "arbiter restart"),
  "arbiter-cut": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    const begin = `arbiter ${luck.pick(["cut", "cut", "deaf"])} ${node}`;
    return lasting("arbiter-cut", {
      at,
      end: at + drawSilence(luck, target),
      begin,
      finish: `arbiter reached ${node}`,
    });
  },
  "arbiter-slow": (luck, target, at) => {
    const slowest = Math.round(target.times.deadtime * luck.pick([0.05, 0.3, 1.2]));
    return lasting("arbiter-slow", {
      at,
      end: at + 2 * drawSilence(luck, target),
      begin: `arbiter slow ${slowest}`,
      finish: "arbiter slow 0",
    });
  },
  "disk-errors": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("disk-errors", {
      at,
      end: at + drawSilence(luck, target),
      begin: `arbiter fail ${node}`,
      finish: `arbiter mend ${node}`,
    });
  },
  poison: (luck, target, at) => once("poison", at, `arbiter poison ${luck.pick(target.shape.nodes)}`),
  "lan-cut": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("lan-cut", {
      at,
      end: at + drawSilence(luck, target),
      begin: `cut-lan ${node} ${luck.pick(["both", "in", "out"])}`,
      finish: `heal-lan ${node}`,
    });
  },
  isolation: (luck, target, at) => drawIsolation(luck, target, at),
  "kill-everything": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    const end = at + drawSilence(luck, target);
    return lasting("kill-everything", { at, end, begin: `kill-all ${node}`, finish: `start ${node}` });
  },
  "stop-everything": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    const end = at + drawSilence(luck, target);
    return lasting("stop-everything", { at, end, begin: `sigstop-all ${node}`, finish: `sigcont-all ${node}` });
  },
  "power-loss-confirmed": (luck, target, at) => drawConfirmed(luck, target, at),
};

/** @returns whether a kind means something with this arbiter. */
export function suitsArbiter(kind: string, arbiter: "none" | "witness" | "disk"): boolean {
  if (kind === "arbiter-restart") return arbiter === "witness";
  if (kind === "disk-errors" || kind === "poison") return arbiter === "disk";
  return !kind.startsWith("arbiter-") || arbiter !== "none";
}

/** Links and service LAN at once, and mostly the arbiter too; not everything ends at the same moment. */
function drawIsolation(luck: Luck, target: Target, at: number): Fault {
  const node = luck.pick(target.shape.nodes);
  const end = at + drawSilence(luck, target);
  const ways = [
    [`cut ${node}`, `heal ${node}`],
    [`cut-lan ${node}`, `heal-lan ${node}`],
    ...(hasArbiter(target) && luck.chance(0.8) ? [[`arbiter cut ${node}`, `arbiter reached ${node}`]] : []),
  ];
  const apart = luck.pick([0, 0, target.times.keepalive, target.times.deadtime]);
  const commands = ways.flatMap(([begin = "", finish = ""]) => [
    { at: at + luck.pick([0, 0, luck.whole(0, 50)]), text: begin },
    { at: end + luck.whole(0, apart), text: finish },
  ]);
  return { name: "isolation", commands };
}

/** A node loses its power, and a person who has looked says so. */
function drawConfirmed(luck: Luck, { shape, times }: Target, at: number): Fault {
  const node = luck.pick(shape.nodes);
  const witness = luck.pick(shape.nodes.filter((name) => name !== node));
  const looksAt = at + Math.round(times.deadtime * luck.pick([0.5, 1.1, 1.5]));
  return {
    name: "power-loss-confirmed",
    commands: [
      { at, text: `power-off ${node}` },
      { at: looksAt, text: `look-and-confirm ${witness} ${node}` },
      { at: looksAt + Math.round(times.deadtime * luck.pick([0.2, 2])), text: `start ${node}` },
    ],
  };
}

const hasArbiter = ({ shape }: Target): boolean => shape.haCf.some((line) => line.startsWith("arbiter "));

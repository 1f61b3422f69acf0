import type { Luck } from "./luck.js";
import type { Fault, Times } from "./plan.js";
import type { ClusterShape } from "./pretend-cluster.js";

/**
 * Which misfortunes strike. Swarm testing: each seed first draws which kinds exist at all in its world, so that some worlds
 * see nothing but loss and others everything at once; kinds that always hide behind each other get worlds of their own.
 */
export interface Target {
  readonly shape: ClusterShape;
  readonly scripts: readonly string[];
  readonly times: Times;
  /** Faults strike between these instants, in milliseconds since the world began. */
  readonly from: number;
  readonly until: number;
  /** Only these kinds strike; absent: each world draws its own. */
  readonly only?: readonly string[] | undefined;
  /** Further kinds beside the usual ones, and the most faults of one world. */
  readonly kinds?: Readonly<Record<string, Kind>>;
  readonly most?: number;
}

export type Kind = (luck: Luck, target: Target, at: number) => Fault;

const kinds: Readonly<Record<string, Kind>> = {
  "cut-all-links": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("cut-all-links", {
      at,
      end: at + drawSilence(luck, target),
      begin: `cut ${node}`,
      finish: `heal ${node}`,
    });
  },
  "cut-one-link": (luck, target, at) => {
    const { nodes, links } = target.shape;
    const wires = `${luck.pick(nodes)}:${luck.pick(links)}`;
    return lasting("cut-one-link", {
      at,
      end: at + drawSilence(luck, target),
      begin: `cut ${wires}`,
      finish: `heal ${wires}`,
    });
  },
  "cut-one-way": (luck, target, at) => {
    const wires = luck.pick(pairsOf(target.shape.nodes)).join(">");
    return lasting("cut-one-way", {
      at,
      end: at + drawSilence(luck, target),
      begin: `cut ${wires}`,
      finish: `heal ${wires}`,
    });
  },
  loss: (luck, target, at) => {
    const end = at + luck.whole(5_000, 30_000);
    return lasting("loss", {
      at,
      end: Math.min(end, target.until),
      begin: `loss ${luck.pick([5, 15, 30])}%`,
      finish: "loss 0%",
    });
  },
  duplication: (luck, target, at) =>
    lasting("duplication", {
      at,
      end: target.until,
      begin: `duplicate ${luck.pick([5, 50])}%`,
      finish: "duplicate 0%",
    }),
  delay: (luck, target, at) =>
    lasting("delay", { at, end: target.until, begin: `delay 0.1 ${luck.pick([5, 50, 300])}`, finish: "delay 0.2 0.4" }),
  "kill-daemon": (luck, target, at) => once("kill-daemon", at, `kill ${luck.pick(target.shape.nodes)}`),
  "hang-daemon": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("hang-daemon", {
      at,
      end: at + drawSilence(luck, target),
      begin: `sigstop ${node}`,
      finish: `sigcont ${node}`,
    });
  },
  "freeze-machine": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    const how = `${luck.chance(0.5) ? " clock-stops" : ""}${luck.chance(0.5) ? " drops" : ""}`;
    return lasting("freeze-machine", {
      at,
      end: at + drawSilence(luck, target),
      begin: `freeze ${node}${how}`,
      finish: `thaw ${node}`,
    });
  },
  "ping-loss": (luck, target, at) => {
    const who = luck.chance(0.2) ? "everybody" : luck.pick(target.shape.nodes);
    return lasting("ping-loss", {
      at,
      end: at + 2 * drawSilence(luck, target),
      begin: `cut-ping ${who}`,
      finish: `heal-ping ${who}`,
    });
  },
  "power-loss": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("power-loss", {
      at,
      end: at + drawSilence(luck, target),
      begin: `power-off ${node}`,
      finish: `start ${node}`,
    });
  },
  "clean-stop": (luck, target, at) => {
    const node = luck.pick(target.shape.nodes);
    return lasting("clean-stop", {
      at,
      end: at + drawSilence(luck, target),
      begin: `stop ${node}`,
      finish: `start ${node}`,
    });
  },
  operator: (luck, target, at) => {
    const verb = luck.pick(["standby", "takeover"]);
    return once(
      "operator",
      at,
      `${verb} ${luck.pick(target.shape.nodes)} ${luck.pick(["all", "local", "foreign", "failback"])}`,
    );
  },
  "script-trouble": (luck, target, at) => {
    if (target.scripts.length === 0) return once("script-trouble", at, "delay 0.2 0.4");
    const what = `script ${luck.pick(target.shape.nodes)} ${luck.pick(target.scripts)} ${luck.pick(["start", "start", "stop"])}`;
    const end = at + luck.whole(2_000, 20_000);
    return lasting("script-trouble", {
      at,
      end,
      begin: `${what} ${luck.pick(["fail", "hang"])}`,
      finish: `${what} work`,
    });
  },
};

/** Names of all kinds of faults. */
export const faultKinds: readonly string[] = Object.keys(kinds);

/** @returns the faults of one world, in the order in which they strike. */
export function drawFaults(luck: Luck, target: Target): readonly Fault[] {
  const all = { ...kinds, ...target.kinds };
  const share = luck.pick([0.15, 0.3, 0.6]);
  const drawn = Object.keys(all).filter(() => luck.chance(share));
  const chosen = Object.entries(all).flatMap(([name, kind]) => ((target.only ?? drawn).includes(name) ? [kind] : []));
  if (chosen.length === 0) chosen.push(luck.pick(Object.values(all)));
  const count = Math.min(luck.pick([1, 2, 3, 5, 8]), target.most ?? 8);
  const faults = Array.from({ length: count }, () =>
    luck.pick(chosen)(luck, target, luck.whole(target.from, target.until)),
  );
  return faults.sort((a, b) => (a.commands[0]?.at ?? 0) - (b.commands[0]?.at ?? 0));
}

/** @returns a time around deadtime: below, just about, or well above it. */
export function drawSilence(luck: Luck, { times }: Target): number {
  const factor = luck.pick([0.3, 0.9, 1, 1.1, 2, 4]);
  return Math.round(times.deadtime * factor * luck.between(0.9, 1.1));
}

export function once(name: string, at: number, text: string): Fault {
  return { name, commands: [{ at, text }] };
}

export function lasting(
  name: string,
  { at, end, begin, finish }: { at: number; end: number; begin: string; finish: string },
): Fault {
  return {
    name,
    commands: [
      { at, text: begin },
      { at: end, text: finish },
    ],
  };
}

function pairsOf(nodes: readonly string[]): readonly (readonly [string, string])[] {
  return nodes.flatMap((one) => nodes.filter((other) => other !== one).map((other) => [one, other] as const));
}

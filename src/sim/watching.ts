import type { GroupConfig } from "../config/config.js";
import { hasPart, serves } from "./liveness-checker.js";
import type { OwnCluster } from "./own-cluster.js";
import { unsettled } from "./settled.js";
import { translate } from "./translation.js";
import type { Mishap } from "./what-if.js";
import type { World } from "./world.js";

/** What became of the operator's cluster, as its kernels would have answered. Times in milliseconds since the first mishap. */
export interface Chronicle {
  readonly before: ReadonlyMap<string, string>;
  readonly events: readonly Happening[];
  readonly fates: readonly Fate[];
  readonly end: number;
  /** It did not come to rest before anything went wrong: the configuration itself does not work. */
  readonly neverSettled: boolean;
}

export interface Happening {
  readonly at: number;
  /** `undefined`: what the question said. */
  readonly node: string | undefined;
  readonly text: string;
}

/** What became of one resource group. */
export interface Fate {
  readonly group: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** How long nobody served it, and how long more than one node had parts of it. */
  readonly unserved: number;
  readonly doubled: number;
  readonly outcome: Outcome;
}

export type Outcome = "stays" | "moves" | "two holders" | "none holds";

const step = 10;
const longest = 600_000;

/** Lives through it. */
export function watch(cluster: OwnCluster, stages: readonly (readonly Mishap[])[]): Chronicle {
  const world = cluster.open();
  for (const machine of world.machines) world.schedule.at(1, () => machine.start());
  const neverSettled = !settle(world, cluster);
  const began = world.schedule.now;
  const watched = world.groups.map((group) => new Watched(world, group));
  const events: Happening[] = [];
  world.trace.onEntry = (entry) => {
    const text = translate(entry);
    if (text !== undefined && entry.node !== "WORLD") events.push({ at: entry.at - began, node: entry.node, text });
  };
  for (const stage of stages) {
    for (const mishap of stage) {
      events.push({ at: world.schedule.now - began, node: undefined, text: mishap.text });
      mishap.begin(world);
    }
    runUntilQuiet(world, { cluster, watched });
  }
  const before = new Map(watched.flatMap(({ group, first }) => (first === undefined ? [] : [[group.name, first]])));
  return { before, events, fates: watched.map((one) => one.fate()), end: world.schedule.now - began, neverSettled };
}

function settle(world: World, { config, patience }: OwnCluster): boolean {
  const limit = config.settings.timing.initdead + patience + 30_000;
  for (let calm = 0; world.schedule.now < limit; ) {
    world.schedule.runUntil(world.schedule.now + 500);
    calm = unsettled(world)[Symbol.iterator]().next().done === true ? calm + 500 : 0;
    if (calm >= 2_000) return true;
  }
  return false;
}

function runUntilQuiet(
  world: World,
  { cluster, watched }: { readonly cluster: OwnCluster; readonly watched: readonly Watched[] },
): void {
  const from = world.schedule.now;
  while (world.schedule.now - Math.max(from, world.movedAt) < cluster.patience && world.schedule.now - from < longest) {
    world.schedule.runUntil(world.schedule.now + step);
    for (const one of watched) one.look();
  }
}

class Watched {
  readonly group: GroupConfig;
  readonly first: string | undefined;
  readonly #world: World;
  #unserved = 0;
  #doubled = 0;
  #ends: "served" | "unserved" | "doubled" = "served";

  constructor(world: World, group: GroupConfig) {
    this.#world = world;
    this.group = group;
    this.first = this.#holder();
  }

  #holder(): string | undefined {
    return this.#world.machines.find((machine) => serves(machine, this.group))?.name;
  }

  look(): void {
    const parts = this.#world.machines.filter(
      (machine) => machine.frozen === undefined && hasPart(machine, this.group),
    );
    const served = this.#holder() !== undefined;
    if (!served) this.#unserved += step;
    if (parts.length > 1) this.#doubled += step;
    this.#ends = parts.length > 1 ? "doubled" : served ? "served" : "unserved";
  }

  fate(): Fate {
    const after = this.#holder();
    const moved = after !== this.first;
    const outcome =
      this.#doubled > 0 ? "two holders" : this.#ends === "unserved" ? "none holds" : moved ? "moves" : "stays";
    const { name: group } = this.group;
    return { group, before: this.first, after, unserved: this.#unserved, doubled: this.#doubled, outcome };
  }
}

import type { GroupConfig } from "../config/config.js";
import type { Group } from "../core/group.js";
import { isHealthy } from "./health.js";
import type { Machine } from "./machine.js";
import { mayExpect } from "./permission.js";
import type { FencingTemper } from "./pretend-fencer.js";
import type { World } from "./world.js";

/**
 * What must happen in time. While one node is healthy and permitted, a group without holder finds one within deadtime plus the
 * scripts' own time; after every fault has healed each group has exactly one holder, the one it should have, and nothing moves.
 */
const looksEvery = 100;

interface GroupWatch {
  readonly group: GroupConfig;
  readonly index: number;
  servedAt: number;
  /** When its owner was last seen starting: whom the others hear, and leave it to, may wait initdead for somebody (--plan short --seed 4001975). */
  startingAt: number;
  complained: boolean;
}

export class LivenessChecker {
  readonly #world: World;
  readonly #watches: readonly GroupWatch[];
  #healthySince = new Map<Machine, number>();
  #wakeUps = new Map<Machine, { incarnation: number; wakeUps: number; carried: number }>();
  #second = 0;
  /** Longest time without a holder that was counted, over all groups, in milliseconds. */
  longestOutage = 0;
  mostWakeUps = 0;
  mostDatagrams = 0;

  constructor(world: World) {
    this.#world = world;
    this.#watches = world.groups.map((group, index) => ({
      group,
      index,
      servedAt: 0,
      startingAt: 0,
      complained: false,
    }));
    const look = (): void => {
      this.#look();
      world.schedule.in(looksEvery, look);
    };
    world.schedule.in(looksEvery, look);
  }

  #look(): void {
    this.#world.safety.look();
    for (const machine of this.#world.machines) this.#noteHealth(machine);
    for (const watch of this.#watches) this.#judge(watch);
    if (++this.#second % 10 === 0) this.#countWakeUps();
  }

  #noteHealth(machine: Machine): void {
    if (!isHealthy(machine)) this.#healthySince.delete(machine);
    else if (!this.#healthySince.has(machine)) this.#healthySince.set(machine, this.#world.schedule.now);
  }

  #judge(watch: GroupWatch): void {
    const { schedule, parameters, machines } = this.#world;
    if (machines.some((machine) => serves(machine, watch.group))) {
      watch.servedAt = schedule.now;
      watch.complained = false;
      return;
    }
    const owner = machines.find(({ name }) => name === watch.group.owner);
    if (owner?.daemon?.loop?.state.phase.kind === "up") watch.startingAt = schedule.now;
    const permitted = this.#permittedSince(watch);
    if (permitted === undefined || watch.complained) return;
    const outage = schedule.now - Math.max(watch.servedAt, watch.startingAt, permitted, this.#world.disturbedAt);
    if (outage > this.longestOutage) this.longestOutage = outage;
    if (outage <= parameters.longestOutage) return;
    watch.complained = true;
    this.#world.violation(
      "no holder",
      `${watch.group.name} has no holder for ${Math.round(outage)} ms although a node is able to hold it`,
    );
  }

  /** Since when some healthy node may have the group; `undefined` when there is none, or when its service still hangs on elsewhere. */
  #permittedSince({ group, index }: GroupWatch): number | undefined {
    const { machines } = this.#world;
    const settings = this.#world.groupSettings(index);
    // Who cannot fence must not take over: with a device that fails nobody is permitted until the fault has healed.
    const isBroken = ({ does }: FencingTemper): boolean => does === "fail" || does === "hang";
    if (machines.some(({ fencing, fencingBy }) => [fencing, ...fencingBy.values()].some(isBroken))) return undefined;
    if (machines.some((machine) => mayHaunt(machine, group))) return undefined;
    let since: number | undefined;
    for (const [machine, from] of this.#healthySince) {
      if (!mayExpect(this.#world, machine, settings)) continue;
      if (hasTrouble(machine, group) || (since !== undefined && since <= from)) continue;
      since = from;
    }
    return since;
  }

  #countWakeUps(): void {
    const { parameters, machines } = this.#world;
    for (const machine of machines) {
      const { daemon } = machine;
      if (daemon === undefined) continue;
      const before = this.#wakeUps.get(machine);
      const sent = this.#world.sentBy(machine.name);
      const now = { incarnation: daemon.number, wakeUps: daemon.clock.wakeUps, carried: sent };
      this.#wakeUps.set(machine, now);
      if (before?.incarnation !== now.incarnation) continue;
      const woken = now.wakeUps - before.wakeUps;
      const talked = now.carried - before.carried;
      this.mostWakeUps = Math.max(this.mostWakeUps, woken);
      this.mostDatagrams = Math.max(this.mostDatagrams, talked);
      if (woken > parameters.mostWakeUps)
        this.#world.violation("busy loop", `${machine.name} woke up ${woken} times in a second`);
      if (talked > parameters.mostDatagrams)
        this.#world.violation("too many messages", `${machine.name} sent ${talked} datagrams in a second`);
    }
  }
}

/** All addresses are answered for and all services have been started: what a client would find. */
export function serves(machine: Machine, group: GroupConfig): boolean {
  if (!machine.powered || machine.frozen !== undefined) return false;
  return group.resources.every((resource) =>
    resource.kind === "address"
      ? machine.answersFor(resource.address.address)
      : machine.services.active.get(resource.text) === "running",
  );
}

/** Any part of the group is here. */
export function hasPart(machine: Machine, group: GroupConfig): boolean {
  if (!machine.powered) return false;
  return group.resources.some((resource) =>
    resource.kind === "address"
      ? machine.answersFor(resource.address.address)
      : machine.services.active.has(resource.text),
  );
}

/** A script of the group failed on this machine since everything was healed last. */
export function hasTrouble(machine: Machine, group: GroupConfig): boolean {
  return group.resources.some((resource) => resource.kind === "script" && machine.services.troubled.has(resource.text));
}

/** A service of the group may still run here after its stop failed: nobody else may have it. */
function mayHaunt(machine: Machine, group: GroupConfig): boolean {
  return hasTrouble(machine, group) && hasPart(machine, group);
}

/** An operator moved the group here: it stays until its owner starts anew. */
export function wasMovedByOperator(holder: Machine, index: number): boolean {
  const group = groupOf(holder, index);
  return group?.holding.kind === "held" && group.holding.awayFrom !== undefined;
}

/** Its start failed here, and no operator has asked for it since: it goes anywhere else. */
export const hasFailedOn = (machine: Machine, index: number): boolean =>
  groupOf(machine, index)?.failedHere !== undefined;

function groupOf(machine: Machine, index: number): Group | undefined {
  const name = machine.config.settings.groups[index]?.name;
  return name === undefined ? undefined : machine.daemon?.loop?.state.groups.get(name);
}

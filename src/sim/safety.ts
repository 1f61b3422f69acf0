import type { GroupSettings } from "../core/settings.js";
import { type Excuse, Excuses } from "./excuses.js";
import type { Machine } from "./machine.js";
import type { World } from "./world.js";

/**
 * What must never happen, judged by what the kernels answer for and not by what the daemons believe: two machines that answer for
 * one address; a service started while another machine may still run it. Whether anything excuses it depends on what the group's
 * takeover needs (`excuses.ts`); every use of an excuse is counted under its name.
 */
export class Safety {
  readonly excuses = new Map<string, number>();
  readonly #world: World;
  readonly #excuses: Excuses;
  readonly #overlaps = new Map<string, { readonly since: number; excuse: Excuse }>();
  /** By address, and by the text of a script. */
  #groups: ReadonlyMap<string, GroupSettings> | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#excuses = new Excuses(world);
  }

  /** A fault has begun or ended. */
  noteFault(): void {
    this.#excuses.note();
  }

  #groupOf(what: string): GroupSettings {
    this.#groups ??= new Map(
      this.#world.groups.flatMap(({ resources }, index) =>
        resources.map((resource) => {
          const key = resource.kind === "address" ? resource.address.address : resource.text;
          return [key, this.#world.groupSettings(index)] as const;
        }),
      ),
    );
    const group = this.#groups.get(what);
    if (group === undefined) throw new RangeError(`no group has ${what}`);
    return group;
  }

  /** Looks at all addresses; called whenever a truth changed, and now and then while something lasts. */
  look(): void {
    for (const address of this.#world.addresses) this.#lookAt(address);
  }

  get overlaps(): number {
    return this.#overlaps.size;
  }

  #lookAt(address: string): void {
    const holders = this.#world.machines.filter((machine) => machine.answersFor(address));
    const pairs = new Set<string>();
    for (const one of holders) {
      for (const other of holders) {
        if (one.name >= other.name) continue;
        pairs.add(`${address} ${one.name} ${other.name}`);
        this.#judgePair(address, one, other);
      }
    }
    for (const key of this.#overlaps.keys())
      if (key.startsWith(`${address} `) && !pairs.has(key)) this.#overlaps.delete(key);
  }

  #judgePair(address: string, one: Machine, other: Machine): void {
    const key = `${address} ${one.name} ${other.name}`;
    const known = this.#overlaps.get(key);
    const excuse = this.#excuses.forAddress({ one, other, group: this.#groupOf(address) }, known?.since);
    if (excuse === undefined) {
      const { schedule } = this.#world;
      const lasting =
        known === undefined
          ? ""
          : ` for ${Math.round(schedule.now - known.since)} ms (at first excused: ${known.excuse})`;
      this.#world.violation("two holders", `${address} is answered for by ${one.name} and ${other.name}${lasting}`);
      return;
    }
    if (known !== undefined) return;
    this.#overlaps.set(key, { since: this.#world.schedule.now, excuse });
    this.#count(`two holders: ${excuse}`);
  }

  /** A service is about to start on this machine. */
  beforeServiceStart(machine: Machine, service: string): void {
    for (const other of this.#world.machines) {
      if (other === machine || !other.powered || !other.services.active.has(service)) continue;
      const excuse = this.#excuses.forService({ one: machine, other, group: this.#groupOf(service) }, service);
      if (excuse === undefined) {
        const state = other.services.active.get(service);
        this.#world.violation(
          "service started twice",
          `${service} starts on ${machine.name}, but is ${state} on ${other.name}`,
        );
      } else this.#count(`service on two machines: ${excuse}`);
    }
  }

  #count(name: string): void {
    this.excuses.set(name, (this.excuses.get(name) ?? 0) + 1);
  }
}

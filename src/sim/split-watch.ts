import type { Machine } from "./machine.js";
import type { World } from "./world.js";

/**
 * Remembers for each pair of machines when both of them reached a ping node although the wires between them were cut: then no ping node can
 * tell them which of the two is cut off. Looked at whenever a fault begins or ends; nothing else changes it.
 */
export class SplitWatch {
  readonly #world: World;
  /** By `one other`: until when it was so; for ever while it is. */
  readonly #until = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  note(): void {
    const { machines, wires, schedule } = this.#world;
    for (const one of machines) {
      for (const other of machines) {
        if (one.name >= other.name) continue;
        const key = `${one.name} ${other.name}`;
        const isNow = wires.isTorn(one.name, other.name) && reachesPing(one) && reachesPing(other);
        if (isNow) this.#until.set(key, Number.POSITIVE_INFINITY);
        else if (this.#until.get(key) === Number.POSITIVE_INFINITY) this.#until.set(key, schedule.now);
      }
    }
  }

  /** @returns whether it was so at any time since `from`. */
  bothReached(one: Machine, other: Machine, from: number): boolean {
    const key = one.name < other.name ? `${one.name} ${other.name}` : `${other.name} ${one.name}`;
    return (this.#until.get(key) ?? Number.NEGATIVE_INFINITY) >= from;
  }
}

/** @returns whether the ping node answers this machine. */
export const reachesPing = ({ pingLostSince, lan }: Machine): boolean => pingLostSince === undefined && lan.isWhole;

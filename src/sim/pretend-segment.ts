import type { VirtualAddress } from "../ports/addresses.js";
import type { Segment } from "../ports/segment.js";
import type { Machine } from "./machine.js";
import type { World } from "./world.js";

/** The service LAN as one daemon sees it: every machine whose kernel answers for an address says so, if the wires there are whole. */
export class PretendSegment implements Segment {
  readonly #world: World;
  readonly #machine: Machine;
  readonly #arrived: { readonly address: VirtualAddress; readonly by: string }[] = [];
  #listener: (address: VirtualAddress, by: string) => void = () => {};

  constructor(world: World, machine: Machine) {
    this.#world = world;
    this.#machine = machine;
  }

  ask(address: VirtualAddress): void {
    this.#world.schedule.in(way, () => {
      for (const other of this.#world.machines) {
        if (other === this.#machine || !other.answersFor(address.address)) continue;
        // The question there, and the answer back.
        if (!this.#machine.lan.isWhole || !other.lan.isWhole) continue;
        this.#world.tally.note("address asked for, and answered");
        this.#world.schedule.in(way, () => this.#arrived.push({ address, by: `${other.name} on ens38` }));
      }
    });
  }

  poll(): void {
    for (const { address, by } of this.#arrived.splice(0)) this.#listener(address, by);
  }

  onAnswer(listener: (address: VirtualAddress, by: string) => void): void {
    this.#listener = listener;
  }
}

/** Milliseconds from one network card to another. */
const way = 0.2;

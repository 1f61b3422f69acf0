import { draw } from "../core/random.js";

/** All luck of a pretend world comes from one seed; each part of the world has a stream of its own, so that one fault less does not shift the others. */
export class Luck {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /** @returns a number in [0, 1). */
  next(): number {
    const [number, seed] = draw(this.#seed);
    this.#seed = seed;
    return number;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @returns a number in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** @returns a whole number from low to high, both included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** @returns one of the choices. @throws RangeError when there is none. */
  pick<T>(choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.next() * choices.length)];
    if (chosen === undefined) throw new RangeError("nothing to pick from");
    return chosen;
  }

  hex(digits: number): string {
    return Array.from({ length: digits }, () => Math.floor(this.next() * 16).toString(16)).join("");
  }

  /** @returns a stream of its own for the part of the world called `name`. */
  stream(name: string): Luck {
    let seed = this.#seed;
    for (let i = 0; i < name.length; i++) seed = Math.imul(seed ^ name.charCodeAt(i), 0x01000193) + 0x9e3779b9;
    const stream = new Luck(seed);
    // Neighbouring seeds start alike; a few draws separate them.
    for (let i = 0; i < 4; i++) stream.next();
    return stream;
  }
}

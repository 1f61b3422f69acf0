import type { Tally } from "./tally.js";

/** The wire of one machine to the service LAN: its clients, its neighbours, the ping node. */
export class Lan {
  /** What it sends arrives; what is sent to it arrives. */
  speaks = true;
  hears = true;
  /** When it was mended last, in the time of the world. */
  healedAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;
  readonly #tally: Tally;

  constructor(now: () => number, tally: Tally) {
    this.#now = now;
    this.#tally = tally;
  }

  get isWhole(): boolean {
    return this.speaks && this.hears;
  }

  /** @param way `in`, `out`, or both. @throws RangeError for anything else. */
  cut(way = "both"): void {
    if (way !== "in" && way !== "out" && way !== "both") throw new RangeError(`a wire has no way ${way}`);
    if (way !== "out") this.hears = false;
    if (way !== "in") this.speaks = false;
    this.#tally.note(way === "both" ? "cut off from the service LAN" : "cut off from the service LAN one way");
  }

  heal(): void {
    if (!this.isWhole) this.healedAt = this.#now();
    this.speaks = true;
    this.hears = true;
  }
}

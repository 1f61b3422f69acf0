import { deadManLimit } from "../core/dead-man.js";
import type { Timing } from "../core/settings.js";
import { after, type Duration, type Instant } from "../core/time.js";
import type { DeadMan, DeadManView } from "../ports/dead-man.js";

/** The dead-man's switch of one pretend kernel. It outlives daemon and guardian, and counts by the machine's own clock. */
export class PretendDeadMan implements DeadMan {
  readonly view: DeadManView;
  readonly #limit;
  readonly #now: () => Instant;
  /** `undefined`: there are no rules. */
  #openUntil: Instant | undefined;

  constructor(timing: Timing, now: () => Instant) {
    this.#limit = deadManLimit(timing);
    this.#now = now;
    const form = this.#limit === undefined ? "none" : "filter";
    this.view = { form, limit: this.#limit, lacking: this.#limit === undefined ? "deadtime is too short" : undefined };
  }

  refresh(remaining: Duration): void {
    if (this.#limit !== undefined && remaining >= this.#limit) this.#openUntil = after(this.#now(), this.#limit);
  }

  close(): void {
    this.#openUntil = undefined;
  }

  powerLost(): void {
    this.#openUntil = undefined;
  }

  /** Whether packets for a virtual address pass. */
  letsAnswer(): boolean {
    return this.#openUntil === undefined || this.#now() < this.#openUntil;
  }
}

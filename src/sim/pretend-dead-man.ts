import type { Config } from "../config/config.js";
import { addressLifetime, deadManLimit } from "../core/dead-man.js";
import { after, type Duration, type Instant, milliseconds } from "../core/time.js";
import type { DeadMan, DeadManView } from "../ports/dead-man.js";

/** The dead-man's switch of one pretend kernel. It outlives daemon and guardian, and counts by the machine's own clock. */
export class PretendDeadMan implements DeadMan {
  readonly view: DeadManView;
  readonly #limit: Duration | undefined;
  readonly #now: () => Instant;
  /** `undefined`: there are no rules. */
  #openUntil: Instant | undefined;

  constructor({ deadMan, settings }: Pick<Config, "deadMan" | "settings">, now: () => Instant) {
    const filtered = deadMan === "on" ? deadManLimit(settings.timing, settings.arbitration) : undefined;
    const lifetime = deadMan === "off" ? undefined : addressLifetime(settings.timing, false).goneWithin;
    this.#limit = filtered ?? (lifetime === undefined ? undefined : milliseconds(lifetime));
    this.#now = now;
    const form = filtered !== undefined ? "filter" : lifetime !== undefined ? "lifetime" : "none";
    this.view = { form, limit: this.#limit, lacking: form === "filter" ? undefined : `dead_man ${deadMan}` };
  }

  refresh(remaining: Duration): void {
    if (this.#limit === undefined) return;
    // Lifetimes are renewed whatever the right is.
    if (this.view.form === "filter" && remaining < this.#limit) return;
    this.#openUntil = after(this.#now(), this.#limit);
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

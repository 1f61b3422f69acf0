import type { Config } from "../config/config.js";
import type { Instant } from "../core/time.js";
import type { Guardian, Holdings } from "../ports/guardian.js";
import type { Machine } from "./machine.js";

/**
 * The parent that outlives the daemon. When the daemon dies, or has not ticked for so long that the peers are about to take over,
 * it withdraws the addresses, stops the scripts, and only then tells the peers: they start at once when they hear of it.
 */
const checkEvery = 100;
/** Tries of a stop before the guardian gives up on a service. */
const stopTries = 3;

export class PretendGuardian implements Guardian {
  readonly #machine: Machine;
  readonly #limit: number;
  readonly #stopTimeout: number;
  #holdings: Holdings = { addresses: [], scripts: [], deathNotice: "" };
  #tickedAt: Instant;
  #checkedAt: Instant;
  #deaths = 0;
  #retired = false;
  /** A service that the guardian could not stop: nothing but a person or a power switch helps. */
  gaveUp: readonly string[] = [];

  constructor(machine: Machine, config: Config) {
    const { keepalive, deadtime, stopTimeout } = config.settings.timing;
    this.#machine = machine;
    // The last heartbeat may have left a keepalive before the last tick, and withdrawing takes a moment too.
    this.#limit = deadtime - 1.5 * keepalive;
    this.#stopTimeout = stopTimeout;
    this.#tickedAt = machine.clock.now();
    this.#checkedAt = machine.clock.now();
  }

  watch(): void {
    this.#tickedAt = this.#machine.clock.now();
    this.#checkedAt = this.#tickedAt;
    this.#checkLater();
  }

  #checkLater(): void {
    this.#machine.later(checkEvery, () => {
      if (this.#retired) return;
      this.#check();
      this.#checkLater();
    });
  }

  #check(): void {
    const now = this.#machine.clock.now();
    // When the guardian itself comes late the whole machine stood still, and the daemon is not to blame.
    if (now - this.#checkedAt > 5 * checkEvery) this.#tickedAt = now;
    this.#checkedAt = now;
    if (this.#machine.daemon !== undefined && now - this.#tickedAt > this.#limit) {
      this.#machine.note("guardian: the daemon hangs, killing it");
      this.#machine.killDaemon();
    }
  }

  tick(): void {
    this.#tickedAt = this.#machine.clock.now();
  }

  hold(holdings: Holdings): void {
    this.#holdings = holdings;
  }

  farewell(): void {
    this.#retired = true;
  }

  /** The machine lost its power. */
  retire(): void {
    this.#retired = true;
  }

  onDaemonDied(): void {
    const { addresses, scripts, deathNotice } = this.#holdings;
    this.#deaths++;
    this.#machine.later(this.#machine.luck.between(5, 50), () => {
      for (const address of addresses) this.#machine.addresses.remove(address);
      this.#machine.note("guardian: addresses withdrawn");
      this.#stopNext(scripts, 1, { failed: [], deathNotice });
    });
  }

  #stopNext(
    scripts: readonly string[],
    attempt: number,
    ending: { failed: readonly string[]; deathNotice: string },
  ): void {
    const [script, ...rest] = scripts;
    if (script === undefined) return this.#finish(ending);
    const { services } = this.#machine;
    const { does, takes } = services.temper(script, "stop");
    services.begin(script, "stop");
    this.#machine.later(does === "hang" ? this.#stopTimeout : takes, () => {
      const stopped = does !== "hang" && services.finish(script, "stop").kind === "succeeded";
      if (stopped) return this.#stopNext(rest, 1, ending);
      if (attempt < stopTries) return this.#stopNext(scripts, attempt + 1, ending);
      this.#stopNext(rest, 1, { ...ending, failed: [...ending.failed, script] });
    });
  }

  #finish({ failed, deathNotice }: { failed: readonly string[]; deathNotice: string }): void {
    this.gaveUp = failed;
    if (failed.length > 0) this.#machine.note(`guardian: could not stop ${failed.join(", ")}`);
    else if (deathNotice !== "") this.#machine.broadcast(bytesOf(deathNotice));
    const backOff = Math.min(4_000, 500 * 2 ** this.#deaths);
    this.#machine.later(backOff, () => {
      this.#holdings = { addresses: [], scripts: [], deathNotice: "" };
      this.#tickedAt = this.#machine.clock.now();
      this.#machine.spawn();
    });
  }
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

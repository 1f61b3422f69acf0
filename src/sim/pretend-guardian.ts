import type { Config } from "../config/config.js";
import type { Instant } from "../core/time.js";
import { startGuardian, stepGuardian } from "../daemon/guardian.js";
import { guardianSettings } from "../daemon/guardian-settings.js";
import type { GuardianEffect, GuardianEvent, GuardianState } from "../daemon/guardian-state.js";
import type { Guardian, Holdings } from "../ports/guardian.js";
import type { Machine } from "./machine.js";

/** Milliseconds until the pretend watchdog resets a machine whose guardian does not feed it. */
const watchdogTime = 1_000;

/** What the guardian decides is real; its hands reach into the pretend machine. */
export class PretendGuardian implements Guardian {
  readonly #machine: Machine;
  readonly #stopTimeout: number;
  readonly #hasWatchdog: boolean;
  #state: GuardianState;
  #over = false;
  /** What happened while the process was stopped; `undefined`: it runs. */
  #unheard: WithoutInstant<GuardianEvent>[] | undefined;

  constructor(machine: Machine, config: Config) {
    this.#machine = machine;
    this.#stopTimeout = config.settings.timing.stopTimeout;
    this.#hasWatchdog = config.settings.arbitration.selfFence;
    [this.#state] = startGuardian(guardianSettings(config.settings.timing), machine.clock.now());
  }

  /** The machine is up: the first daemon is started and looked after. */
  begin(): void {
    this.#machine.services.sweep();
    this.#machine.spawn();
    this.#lookLater();
  }

  #lookLater(): void {
    this.#machine.later(this.#state.settings.lookInterval, () => {
      if (this.#over) return;
      // A stopped process finds its overdue timer once, when it goes on.
      if (!this.#machine.hasSabotage("guardian-asleep") && this.#unheard === undefined) this.#put({ type: "looked" });
      this.#lookLater();
    });
  }

  #put(event: WithoutInstant<GuardianEvent>): void {
    if (this.#over) return;
    if (this.#unheard !== undefined) return void this.#unheard.push(event);
    const [state, effects] = stepGuardian(this.#state, { ...event, at: this.#machine.clock.now() });
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: GuardianEffect): void {
    switch (effect.type) {
      case "spawn":
        return this.#machine.spawn();
      case "kill":
        return this.#machine.killDaemon();
      case "withdraw":
        for (const address of effect.holdings.addresses) this.#machine.addresses.remove(address);
        return;
      case "notify":
        return this.#machine.broadcast(bytesOf(effect.deathNotice));
      case "clean":
        return this.#stopNext(effect.holdings?.scripts ?? [], true);
      case "log":
        return this.#machine.note(`guardian: ${effect.level}: ${effect.text}`);
      case "end":
        this.#over = true;
        return this.#machine.onGuardianEnded();
      case "tellStop":
        return this.#machine.daemon?.call((loop) => loop.stop());
      case "reportReady":
      case "record":
      case "spawnSuccessor":
      case "killSuccessor":
      case "tellRetire":
      case "tellRetain":
      case "promote":
        return;
    }
  }

  #stopNext(scripts: readonly string[], allStopped: boolean): void {
    const [script, ...rest] = scripts;
    if (script === undefined) return this.#put({ type: "cleaned", allStopped });
    const { services } = this.#machine;
    const { does, takes } = services.temper(script, "stop");
    const overdue = does === "hang" || takes > this.#stopTimeout;
    services.begin(script, "stop");
    const { runner } = services;
    this.#machine.later(overdue ? this.#stopTimeout : takes, () => {
      // With everything of heartbeat killed the script goes on, until the next start sweeps it away (--plan short --seed 1004067).
      if (services.runner !== runner) return;
      if (overdue) services.interrupt(script, "stop");
      const stopped = !overdue && services.finish(script, "stop").kind === "succeeded";
      this.#stopNext(rest, allStopped && stopped);
    });
  }

  tick(): void {
    this.#put({ type: "ticked" });
  }

  allow(until: Instant | undefined): void {
    this.#put({ type: "allowed", until });
    if (until === undefined) return;
    // Its own timer counts on a clock that may drift; it is never early.
    this.#machine.later((until - this.#machine.clock.now()) * 1.001 + 1, () => {
      if (!this.#machine.hasSabotage("guardian-asleep") && this.#unheard === undefined) this.#put({ type: "looked" });
    });
  }

  hold(holdings: Holdings): void {
    this.#put({ type: "held", holdings });
  }

  /** The watchdog fires a while after nobody feeds it any more. */
  fenceSelf(why: string): void {
    if (!this.#hasWatchdog) return this.#machine.note(`there is no watchdog: ${why}`);
    this.#machine.note(`watchdog: ${why}`);
    this.#machine.later(watchdogTime, () => this.#machine.reset("the watchdog"));
  }

  farewell(): void {
    this.#put({ type: "farewell" });
  }

  /** SIGTERM to the process of the pid file. */
  stop(): void {
    this.#put({ type: "stopRequested" });
  }

  /** @returns how long it still waits before it starts the next daemon, in milliseconds. */
  get rest(): number {
    const { ward } = this.#state;
    return ward.kind === "resting" ? ward.until - this.#machine.clock.now() : 0;
  }

  /** The daemon has its configuration and its media. */
  ready(): void {
    this.#put({ type: "ready" });
  }

  /** The kernel tells that the child is gone. */
  onExit(code: number | undefined, signal: string | undefined): void {
    this.#machine.later(this.#machine.luck.between(0.5, 20), () => this.#put({ type: "exited", code, signal }));
  }

  /** SIGSTOP. */
  sleep(): void {
    this.#unheard ??= [];
  }

  /** SIGCONT: what was said meanwhile is read before anybody is judged. */
  wake(): void {
    const unheard = this.#unheard;
    if (unheard === undefined) return;
    this.#unheard = undefined;
    for (const event of [...unheard, { type: "looked" } as const]) this.#put(event);
  }

  /** The machine lost its power, or the process was killed. */
  retire(): void {
    this.#over = true;
  }
}

type WithoutInstant<Event> = Event extends unknown ? Omit<Event, "at"> : never;

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

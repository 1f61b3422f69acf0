import type { Instant } from "../core/time.js";
import { instant } from "../core/time.js";
import type { Clock } from "../ports/clock.js";
import type { Luck } from "./luck.js";
import type { Appointment, Schedule } from "./schedule.js";

/** The oscillator of one machine: starts somewhere, runs a little fast or slow, and may stand still with a paused machine. */
export class MachineClock {
  readonly #schedule: Schedule;
  readonly #rate: number;
  #offset: number;

  constructor(schedule: Schedule, { offset, rate }: { readonly offset: number; readonly rate: number }) {
    this.#schedule = schedule;
    this.#offset = offset;
    this.#rate = rate;
  }

  now(): Instant {
    return instant(this.#offset + this.#schedule.now * this.#rate);
  }

  /** @returns when, in the time of the world, this clock will show `at`. */
  whenShowing(at: Instant): number {
    return (at - this.#offset) / this.#rate;
  }

  /** The clock did not run for the last `pause` milliseconds of the world. */
  loseTime(pause: number): void {
    this.#offset -= pause * this.#rate;
  }
}

/** What a daemon sees of time. Its timer fires late, never early, and not while the daemon is stopped. */
export class PretendClock implements Clock {
  /** How often the daemon was woken by its timer. */
  wakeUps = 0;
  /** Arms in a row for an instant that had passed: a daemon that does so again and again runs in a circle. */
  armedForThePast = 0;
  readonly #schedule: Schedule;
  readonly #clock: MachineClock;
  readonly #luck: Luck;
  readonly #latency: () => number;
  readonly #wallOffset: () => number;
  readonly #run: (wake: () => void) => void;
  #armed: { readonly at: Instant; readonly wake: () => void } | undefined;
  #appointment: Appointment | undefined;
  #stopped = false;

  /** @param world `latency`: the timer fires up to this much late; `wallOffset`: how far the wall clock is wrong, in seconds; `run`: wakes the daemon. */
  constructor(world: {
    schedule: Schedule;
    clock: MachineClock;
    luck: Luck;
    latency: () => number;
    wallOffset?: () => number;
    run?: (wake: () => void) => void;
  }) {
    this.#schedule = world.schedule;
    this.#clock = world.clock;
    this.#luck = world.luck;
    this.#latency = world.latency;
    this.#run = world.run ?? ((wake) => wake());
    this.#wallOffset = world.wallOffset ?? (() => 0);
  }

  now(): Instant {
    return this.#clock.now();
  }

  wall(): number {
    return 1_700_000_000 + Math.floor(this.#schedule.now / 1000) + this.#wallOffset();
  }

  arm(at: Instant | undefined, wake: () => void): void {
    this.#armed = at === undefined ? undefined : { at, wake };
    this.armedForThePast = at !== undefined && at <= this.now() ? this.armedForThePast + 1 : 0;
    this.#makeAppointment();
  }

  /** SIGSTOP, or the end: the timer does not fire. */
  stop(): void {
    this.#stopped = true;
    if (this.#appointment !== undefined) this.#appointment.cancelled = true;
  }

  /** SIGCONT: what is overdue fires at once. */
  resume(): void {
    this.#stopped = false;
    this.#makeAppointment();
  }

  #makeAppointment(): void {
    if (this.#appointment !== undefined) this.#appointment.cancelled = true;
    if (this.#armed === undefined || this.#stopped) return;
    const { at, wake } = this.#armed;
    // A hair late, never early: a timer that fires a rounding error too soon would be armed again for nothing.
    const due = Math.max(this.#clock.whenShowing(at) + 1e-6, this.#schedule.now + 0.01);
    this.#appointment = this.#schedule.at(due + this.#luck.next() * this.#latency(), () => {
      this.#armed = undefined;
      this.wakeUps++;
      this.#run(wake);
    });
  }
}

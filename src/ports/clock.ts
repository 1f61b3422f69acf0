import type { Instant } from "../core/time.js";

/** The two clocks of a node and its one timer. */
export interface Clock {
  /** Monotonic; the only time that decisions see. */
  now(): Instant;
  /** Seconds since 1970, for message stamps and logs. */
  wall(): number;
  /** Arms the one timer: calls `wake` at `at` or as soon as possible after it. Arming again replaces the former time. `undefined` disarms. */
  arm(at: Instant | undefined, wake: () => void): void;
}

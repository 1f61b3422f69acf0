/**
 * Time as the core knows it: points on the monotonic clock and distances between them, both in milliseconds and both
 * branded, so that `10000` is never mistaken for either. The core never asks what time it is; every event brings its instant.
 */

declare const durationBrand: unique symbol;
declare const instantBrand: unique symbol;

/** A distance in time, in milliseconds (fractions allowed). */
export type Duration = number & { readonly [durationBrand]: true };
/** A point on the monotonic clock of this machine, in milliseconds since some unknown start. Comparable only with its like. */
export type Instant = number & { readonly [instantBrand]: true };

/** @returns `n` milliseconds. */
export const milliseconds = (n: number): Duration => n as Duration;
/** @returns `n` seconds. */
export const seconds = (n: number): Duration => (n * 1000) as Duration;
/** @returns the instant `n` milliseconds after the clock's start. */
export const instant = (n: number): Instant => n as Instant;

/** @returns the instant `distance` after `start`. */
export const after = (start: Instant, distance: Duration): Instant => (start + distance) as Instant;
/** @returns how much time passed from `from` to `to`; negative when `to` is the earlier one. */
export const between = (from: Instant, to: Instant): Duration => (to - from) as Duration;
/** @returns `distance` multiplied by `factor`. */
export const times = (distance: Duration, factor: number): Duration => (distance * factor) as Duration;
/** @returns the earliest of the instants that are defined, or `undefined` when there is none. */
export function earliest(instants: Iterable<Instant | undefined>): Instant | undefined {
  let first: Instant | undefined;
  for (const at of instants) if (at !== undefined && (first === undefined || at < first)) first = at;
  return first;
}

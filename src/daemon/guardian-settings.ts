import { type Duration, milliseconds, seconds } from "../core/time.js";
import type { GuardianSettings } from "./guardian.js";

/** @returns the times of a guardian for a node with these times (all derived from ha.cf). */
export function guardianSettings(timing: {
  readonly keepalive: Duration;
  readonly deadtime: Duration;
}): GuardianSettings {
  const patience = milliseconds(Math.max(timing.deadtime - timing.keepalive, timing.deadtime / 2));
  return {
    patience,
    lookInterval: milliseconds(Math.min(250, Math.max(10, patience / 8))),
    oversleep: timing.keepalive,
    startLimit: seconds(30),
    endLimit: seconds(10),
    shortestPause: seconds(1),
    longestPause: seconds(60),
    healthy: seconds(60),
  };
}

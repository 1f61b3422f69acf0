import { type Duration, milliseconds, seconds } from "../core/time.js";
import type { GuardianSettings } from "./guardian-state.js";

/** For the kernel to kill and to withdraw, as a rule; less where deadtime itself is hardly longer (both take less than a millisecond). */
const usualReserve = 100;
const shareOfShort = 0.1;
/** For clocks that do not agree, as a share of deadtime. */
const driftShare = 0.02;

/**
 * The daemon ticks with each heartbeat, so the peers' patience and the guardian's begin at the same instant. The guardian must look,
 * kill and withdraw before deadtime is over; a keepalive earlier still if there is room for four of them, so that services can stop as well.
 * Not earlier than needed: a daemon that a busy machine keeps waiting is not a hung one.
 *
 * @returns the times of a guardian for a node with these times (all derived from ha.cf).
 */
export function guardianSettings(timing: {
  readonly keepalive: Duration;
  readonly deadtime: Duration;
}): GuardianSettings {
  const { keepalive, deadtime } = timing;
  const lookInterval = milliseconds(Math.min(250, Math.max(5, deadtime / 40)));
  const reserve = Math.max(Math.min(usualReserve, deadtime * shareOfShort), deadtime * driftShare);
  const longest = deadtime - lookInterval - reserve;
  return {
    // Whoever writes a deadtime of hardly more than two keepalives gets no guardian that kills between two heartbeats.
    patience: milliseconds(Math.max(1.5 * keepalive, Math.min(longest, Math.max(longest - keepalive, 4 * keepalive)))),
    lookInterval,
    oversleep: keepalive,
    startLimit: seconds(30),
    endLimit: seconds(10),
    shortestPause: seconds(1),
    longestPause: seconds(60),
    healthy: seconds(60),
  };
}

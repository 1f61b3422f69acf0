import { type ArbitrationSettings, needsConfirmation } from "./arbitration.js";
import { permittedFor } from "./permitted.js";
import { type Duration, milliseconds } from "./time.js";

/**
 * How long the kernel lets this host answer for what it holds when nobody refreshes it (design.md 3.1).
 *
 * The peers count deadtime from the last heartbeat that they heard, and every heartbeat is preceded by a refresh. A node may stop between
 * the two, so that the last refresh is up to a keepalive younger than the last heartbeat: refresh + limit must come before heartbeat +
 * deadtime all the same. And in the last half of deadtime the peers ask whether the address still answers (`asking.ts`); a hung holder is mute by
 * then. A holder that is only cut off and stands still through all of their questions is replaced; its switch is so short that it is mute when it
 * goes on, and its daemon finds out first (`oversleeping.ts`; --plan short --seed 1099). Where keepalives are too long for that, the switch is longer,
 * and the questions come in the last quarter.
 *
 * Where the right to hold ends by itself (`right.ts`), a refresh is never good for longer than the right. So it must be good for less than what
 * is left of the right whenever it is renewed: by a peer's confirmation of a heartbeat that was sent a keepalive ago, or by a lease alone.
 */
export interface DeadManTimes {
  readonly keepalive: Duration;
  readonly deadtime: Duration;
}

/** Of deadtime. */
const share = 2 / 3;
/** Of deadtime, where a limit of this length outlives a lost turn. */
const earlyShare = 7 / 16;
/** The kernel counts in jiffies of up to 10 ms and rounds down twice; a heartbeat may be late by some milliseconds. */
const slack = 12;

/**
 * @returns for how long one refresh is good; `undefined` where no limit is both shorter than deadtime and long enough to outlive a heartbeat
 * that comes late: with a deadtime of less than three keepalives or of some 20 ms, or a lease of less than two keepalives.
 */
export function deadManLimit(
  { keepalive, deadtime }: DeadManTimes,
  arbitration: Pick<ArbitrationSettings, "clockDrift" | "leaseTime" | "pingQuorum">,
): Duration | undefined {
  const isEnding = needsConfirmation(arbitration);
  const bounds = [limitShare({ keepalive, deadtime }, arbitration) * deadtime, deadtime - keepalive];
  if (arbitration.leaseTime !== undefined) bounds.push(permittedFor(arbitration.leaseTime, arbitration) * leaseShare);
  const least = leastLimit(keepalive, isEnding ? 1.5 : 2);
  const limits = isEnding
    ? onTheWay.map((age) => Math.min(...bounds, permittedFor(deadtime, arbitration) - age * keepalive))
    : [Math.min(...bounds)];
  const limit = limits.map(Math.floor).find((one) => one >= least);
  return limit === undefined ? undefined : milliseconds(limit);
}

/** @returns the shortest limit, in milliseconds, that outlives a heartbeat which comes late. @param beats keepalives between two refreshes at worst. */
const leastLimit = (keepalive: number, beats: number): number => Math.max(beats * keepalive, keepalive + slack);

/** @returns the share of deadtime after which a holder that hangs is mute at the latest. */
function limitShare(
  { keepalive, deadtime }: DeadManTimes,
  { leaseTime }: Pick<ArbitrationSettings, "leaseTime">,
): number {
  if (leaseTime !== undefined) return share;
  return Math.floor(deadtime * earlyShare) >= leastLimit(keepalive, 2) ? earlyShare : share;
}

/** @returns whether a holder that hangs is mute before the last half of deadtime. */
export function isMuteEarly(times: DeadManTimes, arbitration: Pick<ArbitrationSettings, "leaseTime">): boolean {
  return limitShare(times, arbitration) === earlyShare;
}

/**
 * Keepalives from the sending of a heartbeat to the refresh that its confirmation is there for: the peer's own beat, and the ways there and back. Two
 * that beat in the same moment confirm the last heartbeat but one, beat after beat: with a limit that does not fit, a healthy holder was mute
 * as long as the witness was lost (chaos, witness, seed 900, round 1). Where the times leave no room for that, it is left to luck.
 */
const onTheWay = [2.1, 1.25];
/** A lease is prolonged every fifth of its time. */
const leaseShare = 3 / 4;

/** What the kernel needs at most from the end of an address's lifetime to its removal, in seconds: it looks at whole ones. */
const removalTakes = 1;
/** A shorter lifetime could end while the kernel's routing lock keeps the renewal waiting. */
const shortestLifetime = 2;
/** With the filter in force the lifetime is only there for the case that somebody takes the filter away. */
const unhurriedLifetime = 5;

/**
 * @returns for how many whole seconds an address lives without renewal, and within which time after a hang it is gone for certain, the
 * renewals coming every quarter of the lifetime.
 */
export function addressLifetime({ deadtime }: DeadManTimes, isFiltered: boolean): AddressSpan {
  const wanted = Math.floor((deadtime * share) / 1000 - removalTakes);
  const valid = Math.max(isFiltered ? unhurriedLifetime : shortestLifetime, wanted);
  return { valid, renewEvery: milliseconds(valid * 250), goneWithin: milliseconds((valid + removalTakes) * 1000) };
}

export interface AddressSpan {
  readonly valid: number;
  readonly renewEvery: Duration;
  readonly goneWithin: Duration;
}

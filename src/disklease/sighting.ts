/**
 * When a lease has run out. Nobody's clock is compared with anybody else's: a lease whose renewal number has not changed for its lease time,
 * by the observer's own monotonic clock and counted from the end of the reading that first showed it, is over. The holder has counted from
 * before its write began, so it knows first.
 *
 * How often to look follows from that: what is seen late is waited for longer. A holder renews in a rhythm, which its own stamps tell; the
 * observer looks closely just when the next renewal is due and seldom between.
 */
import { renewals } from "../core/leasing.js";
import { after, between, type Duration, earliest, type Instant, milliseconds, times } from "../core/time.js";
import type { Holding } from "./board.js";

export interface Sighting extends Holding {
  /** End of the reading that first showed this renewal. */
  readonly since: Instant;
  /** End of the reading before, which did not show it. */
  readonly unseenAt: Instant;
  /** The owner's wall clock as of this renewal. For the rhythm only: the distance from the one before, or the usual one if that is less. */
  readonly stamp: number;
  readonly rhythm: Duration | undefined;
}

/** @returns what is now known about the group, after a reading that ended at `at`; the reading before had ended at `previous`. */
export function sight(
  known: Sighting | undefined,
  holding: Holding,
  stamp: number,
  { at, previous }: { readonly at: Instant; readonly previous: Instant },
): Sighting {
  if (known !== undefined && isSame(known, holding))
    return known.released === holding.released ? known : { ...known, ...holding };
  const beat = known !== undefined && known.owner === holding.owner ? stamp - known.stamp : 0;
  const usual = holding.lease / renewals;
  const rhythm = beat > 0 && beat < holding.lease ? milliseconds(Math.min(beat, usual)) : undefined;
  return { ...holding, since: at, unseenAt: previous, stamp, rhythm };
}

const isSame = (a: Holding, b: Holding): boolean =>
  a.term === b.term && a.owner === b.owner && a.renewal === b.renewal && a.lease === b.lease;

/** @returns when this lease is over, unless it is renewed. */
export const endOf = (sighting: Sighting): Instant => after(sighting.since, sighting.lease);

/** Between two readings while a renewal is expected. */
const close = milliseconds(3);

/** @returns how often to look when nothing is expected. */
export const seldom = (leaseTime: Duration): Duration => milliseconds(Math.min(Math.max(leaseTime / 10, 10), 500));

/** @returns when to look next. */
export function nextLook(others: Iterable<Sighting>, leaseTime: Duration, now: Instant): Instant {
  const looks = [after(now, seldom(leaseTime))];
  for (const sighting of others) {
    const from = expectedFrom(sighting);
    if (isExpected(sighting, now)) looks.push(after(now, close));
    else if (from !== undefined && now < from) looks.push(from);
  }
  return earliest(looks) ?? now;
}

/** @returns whether a renewal may be written at any moment, so that it matters how soon it is seen. */
export function isExpected(sighting: Sighting, now: Instant): boolean {
  const from = expectedFrom(sighting);
  return from !== undefined && now >= from && now < after(sighting.since, times(sighting.lease, 0.5));
}

/** @returns whether this lease ends in these moments, so that its successor wants the disk for itself. */
export const isEnding = (sighting: Sighting, now: Instant): boolean =>
  !sighting.released && Math.abs(between(now, endOf(sighting))) < sighting.lease / 8;

/**
 * A holder is punctual to a sixteenth of its rhythm, and renews several times in a lease: half of it without a renewal, and the next look is the
 * one at its end. One whose renewal was seen late, or that has no rhythm yet, is looked for at once.
 */
function expectedFrom({ since, unseenAt, rhythm, released }: Sighting): Instant | undefined {
  if (released) return undefined;
  const isWellSeen = between(unseenAt, since) <= 3 * close;
  return rhythm === undefined || !isWellSeen ? since : after(unseenAt, times(rhythm, 15 / 16));
}

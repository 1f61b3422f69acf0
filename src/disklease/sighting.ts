/**
 * When a lease has run out. Nobody's clock is compared with anybody else's: a lease whose renewal number has not changed for its lease time,
 * by the observer's own monotonic clock and counted from the end of the reading that first showed it, is over. The holder has counted from
 * before its write began, so it knows first.
 *
 * How often to look follows from that: what is seen late is waited for longer. A holder renews in a rhythm, which its own stamps tell; the
 * observer looks closely just when the next renewal is due and seldom between.
 */
import { after, between, type Duration, earliest, type Instant, milliseconds } from "../core/time.js";
import type { Holding } from "./board.js";

export interface Sighting extends Holding {
  /** End of the reading that first showed this renewal. */
  readonly since: Instant;
  /** End of the reading before, which did not show it. */
  readonly unseenAt: Instant;
  /** The owner's wall clock as of this renewal, and the distance from the one before. For the rhythm only. */
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
  const rhythm = beat > 0 && beat < holding.lease ? milliseconds(beat) : undefined;
  return { ...holding, since: at, unseenAt: previous, stamp, rhythm };
}

const isSame = (a: Holding, b: Holding): boolean =>
  a.term === b.term && a.owner === b.owner && a.renewal === b.renewal && a.lease === b.lease;

/** @returns when this lease is over, unless it is renewed. */
export const endOf = (sighting: Sighting): Instant => after(sighting.since, sighting.lease);

const early = milliseconds(2);
/** A holder is not more punctual than this. */
const late = milliseconds(10);
const close = milliseconds(3);

/** @returns how often to look when nothing is expected. */
export const seldom = (leaseTime: Duration): Duration => milliseconds(Math.min(Math.max(leaseTime / 10, 10), 500));

/** @returns when to look next. */
export function nextLook(others: Iterable<Sighting>, leaseTime: Duration, now: Instant): Instant {
  const looks = [after(now, seldom(leaseTime))];
  for (const { since, unseenAt, rhythm, released } of others) {
    if (rhythm === undefined || released) continue;
    const from = after(unseenAt, milliseconds(rhythm - early));
    const until = after(since, milliseconds(rhythm + late));
    if (now < from) looks.push(from);
    else if (between(now, until) > 0) looks.push(after(now, close));
  }
  return earliest(looks) ?? now;
}

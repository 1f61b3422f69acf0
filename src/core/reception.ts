import { after, type Instant, milliseconds } from "./time.js";

/**
 * Which of a sender's numbered messages have arrived (wire.md 5.1). Nothing is put in order: a message is handled when it
 * comes; this only tells new ones from duplicates and remembers the gaps, so that they can be asked for.
 */
export interface Reception {
  /** Highest number accepted; 0 before the first. */
  readonly last: number;
  /** Numbers below `last` that never came, each with the instant of its next retransmission request. */
  readonly missing: ReadonlyMap<number, Instant>;
  /** A number far above `last` that came once; believed when a second one continues it (weaknesses.md A9). */
  readonly suspect: number | undefined;
}

export type Arrival =
  | { readonly kind: "new"; readonly reception: Reception; readonly lost: readonly number[] }
  /** Filled a gap; `complete` when nothing is missing any more. */
  | { readonly kind: "recovered"; readonly reception: Reception; readonly complete: boolean }
  | { readonly kind: "restarted"; readonly reception: Reception }
  | { readonly kind: "duplicate" | "old" | "suspicious"; readonly reception: Reception };

/** Further ahead than this a number is not a gap but a leap. */
export const leap = 251;
/** More missing numbers than this are not remembered. */
export const mostMissing = 500;

export const nothingReceived: Reception = { last: 0, missing: new Map(), suspect: undefined };

/**
 * Takes note of message number `seq` (positive).
 * @param requestAt when to ask for the numbers that turn out to be missing.
 */
export function arrive(reception: Reception, seq: number, requestAt: (seq: number) => Instant): Arrival {
  if (reception.last === 0 || seq === reception.last + 1) {
    return { kind: "new", reception: { ...reception, last: seq, suspect: undefined }, lost: [] };
  }
  if (seq === reception.last) return { kind: "duplicate", reception };
  if (seq < reception.last) return arriveLate(reception, seq);
  if (seq > reception.last + leap) return arriveFarAhead(reception, seq);
  const lost: number[] = [];
  const missing = new Map(reception.missing);
  for (let n = reception.last + 1; n < seq; n++) {
    lost.push(n);
    missing.set(n, requestAt(n));
  }
  return { kind: "new", reception: { last: seq, missing: forgetOldest(missing), suspect: undefined }, lost };
}

function arriveLate(reception: Reception, seq: number): Arrival {
  if (!reception.missing.has(seq)) return { kind: "old", reception };
  return { kind: "recovered", reception: forget(reception, seq), complete: reception.missing.size === 1 };
}

function arriveFarAhead(reception: Reception, seq: number): Arrival {
  const { suspect } = reception;
  const continues = suspect !== undefined && seq > suspect && seq - suspect <= leap;
  if (!continues) return { kind: "suspicious", reception: { ...reception, suspect: seq } };
  return { kind: "restarted", reception: { last: seq, missing: new Map(), suspect: undefined } };
}

function forgetOldest(missing: Map<number, Instant>): Map<number, Instant> {
  for (const seq of missing.keys()) {
    if (missing.size <= mostMissing) break;
    missing.delete(seq);
  }
  return missing;
}

/** @returns the reception without the hope for number `seq`. */
export function forget(reception: Reception, seq: number): Reception {
  const missing = new Map(reception.missing);
  missing.delete(seq);
  return { ...reception, missing };
}

/** Requests that are due within this time of each other leave together: hundreds of gaps are not hundreds of wake-ups. */
const together = milliseconds(25);

/** Of so many requests the rest leaves a moment later. */
const mostAtOnce = 50;

/** @returns the numbers to ask for at `at`, and the reception with their next requests put off until `again`. */
export function takeDue(reception: Reception, at: Instant, again: Instant): readonly [Reception, readonly number[]] {
  const { missing: all } = reception;
  if (!some(all.values(), (when) => when <= at)) return [reception, []];
  const soon = after(at, together);
  const due = [...all].filter(([, when]) => when <= soon).map(([seq]) => seq);
  const missing = new Map(all);
  for (const [index, seq] of due.entries()) missing.set(seq, index < mostAtOnce ? again : soon);
  return [{ ...reception, missing }, due.slice(0, mostAtOnce)];
}

function some<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (holds(item)) return true;
  return false;
}

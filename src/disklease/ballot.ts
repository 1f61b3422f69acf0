/**
 * Who has the next term of a group: one round of Disk Paxos (Gafni and Lamport 2003) for each term, on one disk. Every node writes into its
 * own record alone and reads all. No clock takes part: whatever is delayed, however long, a term has one owner.
 *
 *     promise    write: my ballot b, larger than all I saw          read: nobody has a larger one, else I lost
 *     choose     a value that somebody accepted (that of the largest ballot), else what I want, if the term before is over
 *     accept     write: accepted in ballot b                        read: nobody has a larger one: it is decided
 *
 * The promise is also the question whether the term before is over. A holder writes its renewal and then reads; who wants to follow it writes
 * its promise and then reads. Whoever reads second sees the other: either the holder finds the promise, and has to win the next term itself, or
 * the would-be successor finds the renewal, and lets go.
 */
import type { GroupId } from "../core/report.js";
import { MOST_NODES } from "./layout.js";
import { type Entry, emptyEntry, type NodeRecord } from "./records.js";

export type Records = ReadonlyMap<number, NodeRecord>;

/** Entries of the other nodes that are about who follows the holder of `term`. */
function* rivals(records: Records, me: number, group: GroupId, term: number): Generator<Entry> {
  for (const [index, record] of records) {
    const entry = record.entries.get(group);
    if (index !== me && entry !== undefined && entry.term === term) yield entry;
  }
}

/** @returns the largest ballot that another node has begun for the term that follows `term`; 0: none. */
export function largestPromise(records: Records, me: number, group: GroupId, term: number): number {
  let largest = 0;
  for (const { promised } of rivals(records, me, group, term)) largest = Math.max(largest, promised);
  return largest;
}

/** @returns this node's record of the group, brought to `term`: ballots for earlier terms are forgotten. */
export function entryAt(records: Records, me: number, group: GroupId, holding: { term: number; owner: number }): Entry {
  const entry = records.get(me)?.entries.get(group) ?? emptyEntry;
  if (entry.term === holding.term) return entry;
  const { term, owner } = holding;
  return { ...emptyEntry, renewal: entry.renewal, lease: entry.lease, term, owner };
}

/** @returns a ballot larger than `above` that no other node can have. */
export const ballotAbove = (above: number, me: number): number =>
  (Math.floor(above / MOST_NODES) + 1) * MOST_NODES + me - 1;

/** @returns the index of the node that has to be proposed, because somebody accepted it for the term that follows `entry.term`. */
export function acceptedValue(records: Records, me: number, group: GroupId, own: Entry): number | undefined {
  let best = own.accepted > 0 ? own : undefined;
  for (const entry of rivals(records, me, group, own.term)) if (entry.accepted > (best?.accepted ?? 0)) best = entry;
  return best?.value;
}

import type { LeaseVerdict } from "../core/lease.js";
import type { GroupId } from "../core/report.js";

/**
 * Something outside the cluster that lets at most one node at a time have each resource group, for a limited time: a witness on a third
 * machine, a disk that all nodes reach, etcd. All forms keep this contract (`test/contracts/arbiter.ts`):
 *
 * - A granted lease lasts for the configured lease time, counted by the arbiter from no earlier than the call of `claim`. The holder
 *   counts from its call, the others from later on: whoever holds knows first that its lease is over.
 * - While a lease lasts, nobody else is granted it. When it has run out, or was released, the next claim wins; one at a time.
 * - Claiming what one has prolongs it. A claim never shortens a lease. A lease belongs to the node, not to its process: the next
 *   incarnation of a daemon may prolong what the former one had.
 * - Calls return at once, never throw, never block. A call is answered at most once; no answer means that the arbiter was not reached.
 *   Answers to one call may be late or come in another order than the calls. A claim that is overtaken by a newer call may be lost.
 * - A claim of no group at all is answered too (with nothing): it asks whether the arbiter is there.
 * - An arbiter that has lost its memory grants nothing until every lease that it may have given has run out. It may believe a node that
 *   says it still holds a lease, and prolong that one: there is at most one such node.
 */
export interface Arbiter {
  /** For people: `witness 172.30.105.9:7694`, `disk /dev/sdb1`. */
  readonly text: string;
  /** Asks for the leases of these groups, or prolongs them. `request` comes back with the answer; a number is used once. */
  claim(request: number, groups: readonly GroupId[]): void;
  /**
   * Gives these leases back before their time is over; nothing is answered. What is not ours is left alone. Answers that are still under
   * way say nothing about these groups any more.
   */
  release(groups: readonly GroupId[]): void;
  /** The one listener; a second one takes the place of the first. It is never called from within `claim` or `release`. */
  onAnswer(listener: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void): void;
  /** Another node (or an operator) asks this machine to reset itself at once, by a way that needs no network: the poison pill. */
  onPoison(listener: (by: string) => void): void;
  /** Ends; leases that are still held run out by themselves. Nothing is heard any more, and calls do nothing. */
  close(): void;
}

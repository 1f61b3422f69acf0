import type { LeaseVerdict } from "../core/lease.js";
import type { GroupId } from "../core/report.js";

/**
 * Something outside the cluster that lets at most one node at a time have each resource group, for a limited time: a witness on a third
 * machine, a disk that all nodes reach, etcd. All forms keep this contract (`test/contracts/arbiter.ts`):
 *
 * - A granted lease lasts for the configured lease time, counted by the arbiter from no earlier than the call of `claim`. The holder
 *   counts from its call, the others from later on: whoever holds knows first that its lease is over.
 * - While a lease lasts, nobody else is granted it. When it has run out, or was released, the next claim wins; one at a time.
 * - Claiming what one has prolongs it. A claim never shortens a lease.
 * - Calls return at once, never throw, never block. A call is answered at most once; no answer means that the arbiter was not reached.
 *   Answers to one call may be late or come in another order than the calls.
 * - An arbiter that has lost its memory grants nothing until every lease that it may have given has run out.
 */
export interface Arbiter {
  /** For people: `witness 172.30.105.9:695`, `disk /dev/sdb1`. */
  readonly text: string;
  /** Asks for the leases of these groups, or prolongs them. `request` comes back with the answer. */
  claim(request: number, groups: readonly GroupId[]): void;
  /** Gives these leases back before their time is over; nothing is answered. What is not ours is left alone. */
  release(groups: readonly GroupId[]): void;
  onAnswer(listener: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void): void;
  /** Another node (or an operator) asks this machine to reset itself at once, by a way that needs no network: the poison pill. */
  onPoison(listener: (by: string) => void): void;
  /** Ends; leases that are still held run out by themselves. */
  close(): void;
}

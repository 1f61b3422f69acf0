import type { NodeName } from "./names.js";
import type { Duration, Instant } from "./time.js";

/** What an arbiter says about one group. */
export type LeaseVerdict =
  /** It is this node's for the lease time, counted from no earlier than the claim. */
  | { readonly kind: "granted" }
  /** Another node has it; unless that one prolongs it, it is free after `freeIn` (an estimate of when asking again is worth while). */
  | { readonly kind: "held"; readonly by: NodeName; readonly freeIn: Duration }
  /** Nobody gets it now: the arbiter has just started, its disk fails, the configuration differs. `why`: for people. */
  | { readonly kind: "refused"; readonly why: string };

/** A lease of this node's, or what came of asking for it. */
export interface Lease {
  /** Counted from the claim; in the past when there is none. */
  readonly until: Instant;
  readonly verdict: LeaseVerdict["kind"] | "unanswered";
  /** Who has it, of `held`. */
  readonly by: NodeName | undefined;
  /** The arbiter's words, of `refused`. */
  readonly why: string;
  readonly askAgainAt: Instant;
  /** When the arbiter gave this verdict; before all time until it has. */
  readonly toldAt: Instant;
}

/** What a node remembers of its arbiter. */
export interface Leasing {
  /** Claims without an answer, and when they were made. */
  readonly claims: ReadonlyMap<number, Instant>;
  readonly nextClaim: number;
  /** When the first claim was made of those after the last answered one; `undefined`: all are answered. */
  readonly unansweredSince: Instant | undefined;
  /** Since when it has not answered what it was asked; `undefined`: it answers. */
  readonly silentSince: Instant | undefined;
  /** When a lease is to be asked for next. */
  readonly nextAt: Instant | undefined;
}

/** Nothing asked yet. */
export const noLeasing: Leasing = {
  claims: new Map(),
  nextClaim: 1,
  unansweredSince: undefined,
  silentSince: undefined,
  nextAt: undefined,
};

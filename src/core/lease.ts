import type { NodeName } from "./names.js";
import type { Duration } from "./time.js";

/** What an arbiter says about one group. */
export type LeaseVerdict =
  /** It is this node's for the lease time, counted from no earlier than the claim. */
  | { readonly kind: "granted" }
  /** Another node has it; unless that one prolongs it, it is free after `freeIn` (an estimate of when asking again is worth while). */
  | { readonly kind: "held"; readonly by: NodeName; readonly freeIn: Duration }
  /** Nobody gets it now: the arbiter has just started, its disk fails, the configuration differs. `why`: for people. */
  | { readonly kind: "refused"; readonly why: string };

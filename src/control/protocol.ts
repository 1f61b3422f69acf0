import type { Snapshot } from "./snapshot.js";

/**
 * What may be asked of a daemon over its control socket: JSON, one object per line, both ways. A request carries a number
 * that its answers repeat. `watch` is answered by one line per change until the client hangs up.
 */
export const controlVersion = 1;

export type Share = "all" | "local" | "foreign" | "failback";

export type ControlRequest = { readonly version: 1; readonly id: number } & ControlVerb;
export type ControlVerb =
  | { readonly verb: "status" }
  | { readonly verb: "watch" }
  | { readonly verb: "standby" | "takeover"; readonly what: Share }
  /** The operator vouches for it that this silent node is down. */
  | { readonly verb: "confirm"; readonly node: string }
  | { readonly verb: "stop" };

export type ControlReply = { readonly version: 1; readonly id: number } & ControlAnswer;
export type ControlAnswer =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  /** `running` is followed by `completed`, `refused` or `failed`. */
  | { readonly kind: "wish"; readonly outcome: "running" | "completed" | "refused" | "failed"; readonly text: string }
  | {
      readonly kind: "error";
      readonly code: "bad-request" | "unknown-verb" | "not-permitted" | "too-long";
      readonly text: string;
    };

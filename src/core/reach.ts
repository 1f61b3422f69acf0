import type { NodeName } from "./names.js";
import type { Instant } from "./time.js";

/**
 * How many ping nodes a node reaches is all it can know about its way to the clients. Our nodes carry the number in their heartbeats
 * (`hbp`); an original's ipfail tells it by messages of its own (ipfail.md 2).
 */
export type Reach =
  /** It runs no ipfail, or has not spoken of it. */
  | { readonly kind: "untold" }
  /** Its ipfail is there, and has not counted yet. */
  | { readonly kind: "counting"; readonly by: Teller }
  | { readonly kind: "counted"; readonly count: number; readonly by: Teller };

/** Who tells: the heartbeats of one of ours, or the messages of the original's ipfail. */
export type Teller = "heartbeat" | "ipfail";

/** How we stand against a peer: do we reach more ping nodes than it, as many, or fewer? */
export interface Standing {
  readonly kind: "unknown" | "level" | "better" | "worse";
  readonly since: Instant;
  /** `level` counts from here on: a ping node that has just come back may be lost again. */
  readonly calmFrom: Instant;
}

/** From "we reach fewer" to the hand-over: a pause in which the peer may turn out to have lost as much, then the request. */
export interface GiveUp {
  readonly to: NodeName;
  readonly at: Instant;
  /** Who made us: our own comparison, or the messages of an original's ipfail. */
  readonly by: Teller;
}

/** @returns what the peer reaches, after a heartbeat with this `hbp`. */
export function parseReach(text: string | undefined, before: Reach): Reach {
  const count = text !== undefined && /^[0-9]{1,6}$/.test(text) ? Number(text) : undefined;
  if (count !== undefined) return { kind: "counted", count, by: "heartbeat" };
  if (text !== undefined) return { kind: "counting", by: "heartbeat" };
  return before.kind !== "untold" && before.by === "heartbeat" ? { kind: "untold" } : before;
}

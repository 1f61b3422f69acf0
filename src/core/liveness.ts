import type { Duration, Instant } from "./time.js";
import { after, instant } from "./time.js";

/**
 * Is a node (or a link, or a ping node) alive? Silence is all there is to go by: a node that was heard within warntime is up,
 * later it is late, after its deadtime it is dead. Death is a belief; whether it permits a takeover is decided in `clearance.ts`.
 *
 *     unseen --heard--> up --warntime--> late --deadtime--> dead --heard--> up
 *     up, late --goodbye--> left --new generation heard--> up
 */
export type Liveness =
  | { readonly kind: "unseen"; readonly deadAt: Instant }
  | { readonly kind: "up" | "late"; readonly heardAt: Instant }
  | { readonly kind: "dead"; readonly since: Instant }
  /**
   * Said goodbye (`shutdown`), its guardian told us that the daemon died and its addresses are withdrawn, it was reset, or an
   * operator vouches for its death.
   */
  | {
      readonly kind: "left";
      readonly since: Instant;
      readonly how: "shutdown" | "daemon-died" | "fenced" | "confirmed";
    };

/** Limits of silence. */
export interface Patience {
  readonly warntime: Duration;
  readonly deadtime: Duration;
}

/** @returns the state after a sign of life at `at`. */
export function heard(at: Instant): Liveness {
  return { kind: "up", heardAt: at };
}

/**
 * @returns when a node that may hold something without our knowing was heard last: before all time once it is dead; `undefined` of one that was
 *   never heard, or that has let go of everything and left.
 */
export function lastHeard(liveness: Liveness): Instant | undefined {
  if (liveness.kind === "dead") return instant(Number.NEGATIVE_INFINITY);
  return "heardAt" in liveness ? liveness.heardAt : undefined;
}

/** @returns the state that silence until `at` leads to; the same value when nothing changes. */
export function tick(liveness: Liveness, at: Instant, patience: Patience): Liveness {
  switch (liveness.kind) {
    case "unseen":
      return at >= liveness.deadAt ? { kind: "dead", since: at } : liveness;
    case "up":
    case "late": {
      // Compared as instants, as `deadlineOf` computes them: a difference may round to the other side of the limit.
      if (at >= after(liveness.heardAt, patience.deadtime)) return { kind: "dead", since: at };
      const isLate = at >= after(liveness.heardAt, patience.warntime);
      return liveness.kind === "up" && isLate ? { ...liveness, kind: "late" } : liveness;
    }
    case "dead":
    case "left":
      return liveness;
  }
}

/** @returns when `tick` would next change the state, if nothing is heard. */
export function deadlineOf(liveness: Liveness, patience: Patience): Instant | undefined {
  switch (liveness.kind) {
    case "unseen":
      return liveness.deadAt;
    case "up": {
      const next = patience.warntime < patience.deadtime ? patience.warntime : patience.deadtime;
      return after(liveness.heardAt, next);
    }
    case "late":
      return after(liveness.heardAt, patience.deadtime);
    case "dead":
    case "left":
      return undefined;
  }
}

/** @returns whether somebody else than the node itself (a device, an operator) says that it is down. */
export function isPutDown(liveness: Liveness & { readonly kind: "left" }): boolean {
  return liveness.how === "fenced" || liveness.how === "confirmed";
}

/** @returns whether the node counts as alive now. */
export function isAlive(liveness: Liveness): boolean {
  return liveness.kind === "up" || liveness.kind === "late";
}

/** @returns the state with its silence shortened by `pause`: while *we* slept, nobody is judged (design.md 3.2). */
export function forgive(liveness: Liveness, pause: Duration, at: Instant): Liveness {
  if (liveness.kind !== "up" && liveness.kind !== "late") return liveness;
  const heardAt = after(liveness.heardAt, pause);
  return { ...liveness, heardAt: heardAt > at ? at : heardAt };
}

import type { GuardianEvent, GuardianState } from "./guardian-state.js";

/**
 * Whether the watchdog is fed after an event: when the daemon has beaten, or while its successor is still to come and everything of
 * the dead one is given up. A daemon that hangs, a service that could not be stopped, a guardian that is gone: then nobody feeds, and the
 * kernel resets a machine that nobody can answer for.
 */
export function isTrusted({ ward, leftover }: GuardianState, event: GuardianEvent["type"]): boolean {
  if (event === "ticked") return ward.kind === "watched";
  if (event !== "looked" || leftover) return false;
  return ward.kind === "resting" || ward.kind === "starting";
}

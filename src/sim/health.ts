import type { Machine } from "./machine.js";

/** The daemon runs, undisturbed, and takes part. */
export function isHealthy(machine: Machine): boolean {
  if (!machine.powered || machine.frozen !== undefined || machine.daemon?.isReading !== true) return false;
  return machine.daemon.loop?.state.phase.kind === "active";
}

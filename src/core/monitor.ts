import type { OperationId } from "./names.js";
import type { Instant } from "./time.js";

/** What is known of the services of a group (`monitoring.ts`). */
export interface Monitor {
  /** By the resource's text: `trusted` has said that it runs, `silent` has not yet; of a `mute` one the log says that it never did. */
  readonly voices: ReadonlyMap<string, "trusted" | "silent" | "mute">;
  /** When and where the questions go on; `undefined`: the group has only just come. */
  readonly next: { readonly at: Instant; readonly index: number; readonly unanswered: number } | undefined;
  readonly asking: Question | undefined;
  /** When its services died here, oldest first; at most `migration_threshold` of them. */
  readonly failures: readonly Instant[];
}

export interface Question {
  readonly operation: OperationId;
  readonly index: number;
  readonly deadline: Instant;
  /** How often in a row it had no usable answer before. */
  readonly unanswered: number;
}

export const unmonitored: Monitor = { voices: new Map(), next: undefined, asking: undefined, failures: [] };

/** @returns the same, but with a script whose "not running" means something from now on: it has said that it runs. */
export function trusting(monitor: Monitor, text: string): Monitor {
  if (monitor.voices.get(text) === "trusted") return monitor;
  return { ...monitor, voices: new Map(monitor.voices).set(text, "trusted") };
}

import type { OperationId } from "./names.js";
import type { ResourceSettings } from "./settings.js";
import { between, type Duration, type Instant } from "./time.js";

/** What is known of the services of a group (`monitoring.ts`). */
export interface Monitor {
  /**
   * Who speaks for a resource (`voiceOf`): `trusted` has said that it runs, `silent` has not yet; of a `mute` one the log says that it never
   * did. Of another one nothing is known.
   */
  readonly voices: ReadonlyMap<string, "trusted" | "silent" | "mute">;
  /** What each has said since the group was started here last: a service may take a moment until it runs, a script may be gone for one. */
  readonly since: ReadonlyMap<string, "running" | "not-yet" | "unclear">;
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

export const unmonitored: Monitor = {
  voices: new Map(),
  since: new Map(),
  next: undefined,
  asking: undefined,
  failures: [],
};

/** @returns whose word it is: of a script's `status`, or of the operator's command for it. Trust in one is none in another. */
export const voiceOf = ({ text, monitor }: ResourceSettings): string =>
  monitor === undefined ? text : `${text} asked by ${monitor}`;

/** @returns the same, but with a voice whose "not running" means something from now on: it has said that it runs. */
export function trusting(monitor: Monitor, voice: string): Monitor {
  const since = new Map(monitor.since).set(voice, "running");
  if (monitor.voices.get(voice) === "trusted") return { ...monitor, since };
  return { ...monitor, since, voices: new Map(monitor.voices).set(voice, "trusted") };
}

/** @returns those that still count. */
export const recentFailures = ({ failures }: Monitor, failureTimeout: Duration, at: Instant): readonly Instant[] =>
  failures.filter((failure) => between(failure, at) < failureTimeout);

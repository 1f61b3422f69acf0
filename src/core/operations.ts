import type { ResourceAction } from "./effect.js";
import type { Event, ResourceOutcome } from "./event.js";
import type { Group, Held, Work } from "./group.js";
import type { GroupName, OperationId } from "./names.js";
import type { GroupSettings, Timing } from "./settings.js";
import { after, type Duration, type Instant, milliseconds } from "./time.js";
import { emit, nextOperation, type Turn } from "./turn.js";

/** One call of a resource's script, or one thing done to an address. */

/** The runner ends an overdue script by itself; if even the runner is silent for this long, the operation counts as failed. */
const runnerGrace = milliseconds(5_000);

export interface Finished {
  readonly group: Group;
  readonly action: ResourceAction;
  readonly outcome: ResourceOutcome;
}

export function operate(turn: Turn, group: GroupName, index: number, action: ResourceAction): Work {
  return { kind: "operation", action, ...beginOperation(turn, { group, index, action }) };
}

/** Has something done to one resource. @returns the number of this piece of work, and when even the runner is overdue with it. */
export function beginOperation(
  turn: Turn,
  what: { readonly group: GroupName; readonly index: number; readonly action: ResourceAction },
): { readonly operation: OperationId; readonly deadline: Instant } {
  const operation = nextOperation(turn);
  const timeout = timeLimit(turn.state.settings.timing, what.action);
  emit(turn, { type: "operateResource", operation, ...what, timeout });
  return { operation, deadline: after(after(turn.at, timeout), runnerGrace) };
}

/** Gives up an operation that even the runner says nothing of. @returns what is to be taken for its end. */
export function abandon(turn: Turn, operation: OperationId): Event & { readonly type: "resourceFinished" } {
  emit(turn, { type: "abandonOperation", operation });
  const outcome = { kind: "failed", why: "no-answer" } as const;
  return { at: turn.at, wall: turn.wall, type: "resourceFinished", operation, outcome };
}

function timeLimit(timing: Timing, action: ResourceAction): Duration {
  if (action === "start") return timing.startTimeout;
  return action === "stop" ? timing.stopTimeout : timing.statusTimeout;
}

/** @returns the group as its line of haresources has it. */
export const lineOf = ({ owner, resources }: GroupSettings): string =>
  [owner, ...resources.map(({ text }) => text)].join(" ");

export function bare(held: Held): Held {
  return { term: held.term, since: held.since, because: held.because, awayFrom: held.awayFrom };
}

/** No second call can help: the script is not there. */
export function isHopeless(why: string): boolean {
  return why === "not-found" || why === "not-executable";
}

/** @returns the outcome in words: `Return code 1`, `Failure (timed-out)`, `stopped`. */
export function describe(outcome: ResourceOutcome): string {
  if (outcome.kind !== "failed") return outcome.kind;
  return outcome.why === "exit-code" ? `Return code ${outcome.code ?? "unknown"}` : `Failure (${outcome.why})`;
}

import { isMuteEarly } from "./dead-man.js";
import type { NodeState } from "./node-state.js";
import type { GroupSettings } from "./settings.js";
import { after, type Duration, type Instant, milliseconds, times } from "./time.js";

/** What came of asking the segment for the addresses of a group. */
export interface Sighting {
  /** The last question, and when it was due: the next one counts from there. */
  readonly askedAt: Instant;
  readonly dueAt: Instant;
  readonly answeredAt: Instant | undefined;
  /** What answered: `52:54:00:12:34:56 on ens38`. */
  readonly by: string;
  /** Questions in a row before the last one that nobody answered. */
  readonly unanswered: number;
}

/** Unanswered questions that make an address free, at least. */
const fewest = 3;

/**
 * With an arbiter, a living host falls mute for all its addresses in the last keepalive before its right to one group ends (`right.ts`), also for those of
 * groups that need no lease: the questions must go on for longer than that (--plan short --seed 2000524).
 */
function enough(state: NodeState): number {
  const { arbitration, timing } = state.settings;
  if (arbitration.leaseTime === undefined) return fewest;
  return Math.max(fewest, Math.ceil(timing.keepalive / askingPace(state)) + 2);
}

/** @returns for how long an address may go without an answer before a peer that asks for it may miss it. */
export const missedAfter = (state: NodeState): Duration => times(askingPace(state), enough(state) - 1);

const isEarly = ({ settings }: NodeState): boolean => isMuteEarly(settings.timing, settings.arbitration);
const ofDeadtime = ({ settings }: NodeState, share: number): Duration => times(settings.timing.deadtime, share);

/** @returns the end of a deadtime in which the questions are asked; a hanging holder is mute by then. */
export const askingTime = (state: NodeState): Duration => ofDeadtime(state, isEarly(state) ? 1 / 2 : 1 / 4);

/** @returns the pause between two questions as long as it is open whether anybody has the address. */
export const askingPace = (state: NodeState): Duration => ofDeadtime(state, 1 / 16);

/** @returns how long an answer may take; a little shorter than the pace, so that the last one is in before deadtime is over. */
export const answerTime = (state: NodeState): Duration => ofDeadtime(state, 1 / 20);

const shortestCalm = milliseconds(100);

/** @returns the pause between two questions while somebody answers, or when it is known that nobody does: nothing hurries. */
export function calmPause(state: NodeState): Duration {
  const pause = ofDeadtime(state, isEarly(state) ? 1 / 8 : 1 / 4);
  return pause > shortestCalm ? pause : shortestCalm;
}

/** @returns whether the last question was answered. */
export const isAnswered = ({ askedAt, answeredAt }: Sighting): boolean =>
  answeredAt !== undefined && answeredAt >= askedAt;

/** @returns whether enough questions went unanswered, the last one long enough: nobody has these addresses. */
export function isUnanswered(state: NodeState, sighting: Sighting | undefined, at: Instant): boolean {
  if (sighting === undefined || isAnswered(sighting) || isSpared(state, sighting, at)) return false;
  return sighting.unanswered + 1 >= enough(state) && at >= after(sighting.askedAt, answerTime(state));
}

/**
 * Who answered while its heartbeats were missing is cut off and not dead. It may stand still for as long as its dead-man's switch takes, begun
 * anew after the answer, and go on.
 */
function isSpared(state: NodeState, { answeredAt }: Sighting, at: Instant): boolean {
  if (answeredAt === undefined) return false;
  return at < after(after(answeredAt, ofDeadtime(state, isEarly(state) ? 1 / 2 : 3 / 4)), calmPause(state));
}

/** @returns whether the segment is to be asked before such a group is taken from a silent node. */
export function isAskedFor({ settings }: Pick<NodeState, "settings">, { policy, resources }: GroupSettings): boolean {
  if (!settings.arbitration.askAddress || policy !== "takeover-on-silence") return false;
  return resources.some((resource) => resource.kind === "address");
}

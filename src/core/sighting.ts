import type { NodeState } from "./node-state.js";
import type { GroupSettings } from "./settings.js";
import { after, type Duration, type Instant, times } from "./time.js";

/** What came of asking the segment for the addresses of a group. */
export interface Sighting {
  /** The last question. */
  readonly askedAt: Instant;
  readonly answeredAt: Instant | undefined;
  /** What answered: `52:54:00:12:34:56 on ens38`. */
  readonly by: string;
  /** Questions in a row before the last one that nobody answered. */
  readonly unanswered: number;
}

/** Unanswered questions that make an address free. */
const enough = 3;

/** @returns the end of a deadtime in which the questions are asked; a hanging holder is mute by then. */
export const askingTime = ({ settings }: NodeState): Duration => times(settings.timing.deadtime, 1 / 4);

/** @returns how long an answer may take; a little is left over for the last one before the deadtime ends. */
export const answerTime = (state: NodeState): Duration => times(askingTime(state), 1 / (enough + 1));

/** @returns whether the last question was answered. */
export const isAnswered = ({ askedAt, answeredAt }: Sighting): boolean =>
  answeredAt !== undefined && answeredAt >= askedAt;

/** @returns whether enough questions went unanswered, the last one long enough: nobody has these addresses. */
export function isUnanswered(state: NodeState, sighting: Sighting | undefined, at: Instant): boolean {
  if (sighting === undefined || isAnswered(sighting)) return false;
  return sighting.unanswered + 1 >= enough && at >= after(sighting.askedAt, answerTime(state));
}

/** @returns whether the segment is to be asked before such a group is taken from a silent node. */
export function isAskedFor({ settings }: Pick<NodeState, "settings">, { policy, resources }: GroupSettings): boolean {
  if (!settings.arbitration.askAddress || policy !== "takeover-on-silence") return false;
  return resources.some((resource) => resource.kind === "address");
}

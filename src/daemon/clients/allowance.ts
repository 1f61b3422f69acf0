import { between, type Duration, type Instant } from "../../core/time.js";
import type { Clock } from "../../ports/clock.js";

/**
 * What all clients together may say to the cluster. Each of their messages takes a number, and only the last few hundred numbers can be asked
 * for again: without a limit a talkative client would cost the other nodes what the daemon says itself.
 */
export interface Allowance {
  /** Takes note of one message. @returns milliseconds until the next one may come. */
  spend(): number;
  /** Whether so much is owed that nobody new is let in. */
  readonly isOverdrawn: boolean;
}

const perSecond = 100;
const atOnce = 100;
/** Messages that may be owed: each client waits for its own turn, but new ones could come without end. */
const mostOwed = 100;

export function createAllowance(clock: Clock): Allowance {
  let credit = atOnce;
  let at: Instant = clock.now();
  return {
    get isOverdrawn() {
      return credit + earned(between(at, clock.now())) < -mostOwed;
    },
    spend() {
      const now = clock.now();
      credit = Math.min(atOnce, credit + earned(between(at, now))) - 1;
      at = now;
      return credit >= 0 ? 0 : (-credit / perSecond) * 1000;
    },
  };
}

const earned = (time: Duration): number => (time / 1000) * perSecond;

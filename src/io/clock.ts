/**
 * The clocks of the machine and the daemon's one timer. Node's timers count whole milliseconds of a time that the loop
 * reads once per turn, so a plain `setTimeout` may fire up to a millisecond before its instant. Here the wish is rounded
 * up and an early wake-up sleeps again: `wake` is never called before its instant, and on an idle machine about half a
 * millisecond after it (worst about two). Waiting costs no processor time.
 */
import type { Instant } from "../core/time.js";
import type { Clock } from "../ports/clock.js";
import { monotonicNow } from "./monotonic.js";

/** The longest that Node's timers can wait (2^31 - 1 ms, 24.8 days); a later instant is reached in several sleeps. */
const LONGEST_SLEEP = 2_147_483_647;

/** @returns the clock of this process. `now` is monotonic and the same in all processes of the machine. */
export function createClock(): Clock {
  let timer: NodeJS.Timeout | undefined;
  let armed: { readonly at: Instant; readonly wake: () => void } | undefined;
  const fire = (): void => {
    timer = undefined;
    if (armed === undefined) return;
    if (monotonicNow() < armed.at) {
      sleep(armed.at);
      return;
    }
    const { wake } = armed;
    // Disarmed before the call: `wake` will usually arm anew.
    armed = undefined;
    wake();
  };
  const sleep = (at: Instant): void => {
    const remaining = Math.ceil(at - monotonicNow());
    timer = setTimeout(fire, Math.min(Math.max(remaining, 0), LONGEST_SLEEP));
  };
  return {
    now: monotonicNow,
    wall: () => Math.floor(Date.now() / 1000),
    arm(at, wake) {
      const unchanged = timer !== undefined && armed !== undefined && armed.at === at;
      armed = at === undefined ? undefined : { at, wake };
      if (unchanged) return;
      clearTimeout(timer);
      timer = undefined;
      if (at !== undefined) sleep(at);
    },
  };
}

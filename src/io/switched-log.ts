import type { OpenLog } from "./log.js";

/** A log whose files can be changed while everybody keeps the same log in hand. */
export interface SwitchedLog extends OpenLog {
  /** From now on lines go to `next`; what the former log has queued is still written. */
  switchTo(next: OpenLog): void;
}

export function switchedLog(first: OpenLog): SwitchedLog {
  let log = first;
  return {
    line: (entry) => log.line(entry),
    record: (what, detail) => log.record(what, detail),
    get debugLevel() {
      return log.debugLevel;
    },
    set debugLevel(level) {
      log.debugLevel = level;
    },
    quiet: () => log.quiet(),
    get losses() {
      return log.losses;
    },
    flush: (limit) => log.flush(limit),
    switchTo(next) {
      log = next;
    },
  };
}

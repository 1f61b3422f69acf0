import type { Config } from "../config/config.js";
import type { LinkName } from "../core/names.js";
import type { Log } from "../ports/log.js";

/** What was refused at the door, by name. Each name is logged the first time and then whenever its count reaches a power of ten. */
export interface Counters {
  refuse(name: string, link: LinkName, tell: { readonly log: Log; readonly config: Config }): void;
  /** Something that must not happen happened; only counted (`heartbeat status` shows it). */
  note(name: string): void;
  readonly all: ReadonlyMap<string, number>;
}

export function createCounters(): Counters {
  const all = new Map<string, number>();
  return {
    all,
    note: (name) => void all.set(name, (all.get(name) ?? 0) + 1),
    refuse(name, link, { log, config }) {
      const count = (all.get(name) ?? 0) + 1;
      all.set(name, count);
      // Strangers cannot fill the disk: one line per power of ten.
      if (!config.logging.logBadPackets || !/^10*$/.test(String(count))) return;
      log.line({ level: "WARN", program: "heartbeat", text: `refused a packet on ${link}: ${name} (${count} so far)` });
    },
  };
}

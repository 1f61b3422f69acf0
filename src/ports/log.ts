import type { LogEffect } from "../core/effect.js";

/** Where the daemon's words go. Calls only queue: a full disk or a hung syslog can lose lines (counted), never delay a heartbeat. */
export interface Log {
  /** A line for ha-log, ha-debug and syslog in the original's form. */
  line(entry: Omit<LogEffect, "type">): void;
  /** A record for the journal (JSON lines). */
  record(what: string, detail: Readonly<Record<string, unknown>>): void;
}

import type { LogEffect } from "../core/effect.js";
import type { Schedule } from "./schedule.js";

/** What happened, in order: log lines, journal records, and what the world itself saw (addresses, scripts, faults). */
export interface TraceEntry {
  readonly at: number;
  readonly node: string;
  readonly kind: "log" | "record" | "note";
  readonly text: string;
}

export class Trace {
  readonly #schedule: Schedule;
  readonly #latest: TraceEntry[] = [];
  readonly #keep: number;
  /** Called for each entry as it is made. */
  onEntry: (entry: TraceEntry) => void = () => {};

  constructor(schedule: Schedule, keep: number) {
    this.#schedule = schedule;
    this.#keep = keep;
  }

  log(node: string, { level, program, text }: Omit<LogEffect, "type">): void {
    this.#add({
      at: this.#schedule.now,
      node,
      kind: "log",
      text: `${program === "heartbeat" ? "" : `${program}: `}${level}: ${text}`,
    });
  }

  /** Put into words only when somebody reads it: a campaign makes many records and reads few. */
  record(node: string, what: string, detail: Readonly<Record<string, unknown>>): void {
    this.#add({
      at: this.#schedule.now,
      node,
      kind: "record",
      get text() {
        return [what, ...Object.entries(detail).map(([name, value]) => `${name}=${value}`)].join(" ");
      },
    });
  }

  note(node: string, text: string): void {
    this.#add({ at: this.#schedule.now, node, kind: "note", text });
  }

  #add(entry: TraceEntry): void {
    this.#latest.push(entry);
    if (this.#latest.length > 2 * this.#keep) this.#latest.splice(0, this.#keep);
    this.onEntry(entry);
  }

  /** @returns the newest entries, oldest first. */
  latest(): readonly string[] {
    return this.#latest.slice(-this.#keep).map(formatEntry);
  }
}

/** @returns `61.004s master1 [note] 10.0.0.1 on`. */
export function formatEntry({ at, node, kind, text }: TraceEntry): string {
  const mark = kind === "log" ? "" : kind === "note" ? "* " : "~ ";
  return `${(at / 1000).toFixed(3).padStart(8)}s ${node.padEnd(8)} ${mark}${text}`;
}

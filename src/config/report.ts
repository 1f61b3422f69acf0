import type { Problem } from "./problem.js";
import type { Place } from "./source.js";

/** What is wrong with a thing, before it is known where it stands. */
export interface Fault {
  /** Stable name in kebab case. */
  readonly code: string;
  readonly text: string;
  readonly hint: string;
}

/** Collects the problems of one file; the check goes on after each, so that the operator sees all of them at once. */
export interface Report {
  readonly file: string;
  error(place: Place, fault: Fault): void;
  warn(place: Place, fault: Fault): void;
}

/** @returns a report on `file` that appends to `problems`. */
export function reportOn(file: string, problems: Problem[]): Report {
  const add =
    (severity: Problem["severity"]) =>
    (place: Place, fault: Fault): void => {
      const { line, column } = place;
      problems.push({ severity, file, line, column, code: fault.code, text: fault.text, hint: fault.hint });
    };
  return { file, error: add("error"), warn: add("warning") };
}

/** @returns a fault; a function only to keep the tables of messages narrow. */
export const fault = (code: string, text: string, hint = ""): Fault => ({ code, text, hint });

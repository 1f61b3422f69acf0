/**
 * Something that keeps a cluster from working, or will in the night of the takeover: what is wrong, what it leads to, how to mend it.
 * `error`: it does not work, or will not; `warning`: it works until something else happens; `note`: good to know, nothing to do.
 */
export interface Finding {
  readonly severity: Severity;
  /** Stable name in kebab case; docs/doctor.md has a row for each. */
  readonly code: string;
  readonly what: string;
  readonly why: string;
  /** Commands or single steps, in their order; empty where there is nothing to do. */
  readonly mend: readonly string[];
}

export type Severity = "error" | "warning" | "note";

/** A part of the machine that could not be looked at, and the reason. */
export interface Blind {
  readonly what: string;
  readonly why: string;
}

export const severities: readonly Severity[] = ["error", "warning", "note"];

/** @returns the findings with the worst first; those that are equally bad stay in their order. */
export const worstFirst = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));

type Told = readonly [what: string, why: string, ...mend: readonly string[]];

const told =
  (severity: Severity) =>
  (code: string, ...[what, why, ...mend]: Told): Finding => ({ severity, code, what, why, mend });

export const error = told("error");
export const warning = told("warning");
export const note = told("note");

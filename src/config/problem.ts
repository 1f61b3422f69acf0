/** Something wrong (or doubtful) in a file, said so that the operator can mend it without reading anything else. */
export interface Problem {
  /** `error`: the daemon will not start; `warning`: it will, but somebody should look. */
  readonly severity: "error" | "warning";
  readonly file: string;
  /** 1-based; 0 when the problem is about the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** Stable name in kebab case, `deadtime-too-small`. */
  readonly code: string;
  /** What is wrong. */
  readonly text: string;
  /** How to mend it. */
  readonly hint: string;
}

/** @returns `file:line:column: error: text (hint)`; line and column are left out when they are 0. */
export function formatProblem(problem: Problem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`;
  const hint = problem.hint === "" ? "" : `\n    ${problem.hint}`;
  return `${place}: ${problem.severity}: ${problem.text}${hint}`;
}

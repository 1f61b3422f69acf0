import { fault, type Report } from "./report.js";
import { linesOf, longestLine, type Word, withoutComment, wordsOf } from "./source.js";

/** One line of ha.cf that says something. */
export interface Statement {
  readonly directive: Word;
  readonly values: readonly Word[];
  /** The line as it was written, without its comment: what stands between two values says what the writer took for one. */
  readonly text: string;
}

// Blank, tab, comma, carriage return, form feed (configuration.md 1). A byte order mark at the start is nobody's intention.
const separators = " \t,\r\f\ufeff";

/** @returns the statements of ha.cf, in order; there is no continuation and no quoting. */
export function statementsOf(text: string, report: Report): readonly Statement[] {
  return linesOf(text).flatMap((line, index) => {
    if (line.length > longestLine) report.error({ line: index + 1, column: 1 }, tooLong);
    const text = withoutComment(line);
    const [directive, ...values] = wordsOf(text, index + 1, separators);
    return directive === undefined || line.length > longestLine ? [] : [{ directive, values, text }];
  });
}

export const tooLong = fault(
  "line-too-long",
  `The line has more than ${longestLine} characters.`,
  "The original would read the rest as another line; split it.",
);

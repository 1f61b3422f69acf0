import type { ResourceConfig } from "./config.js";
import { type Fault, fault, type Report } from "./report.js";
import { resourceOf } from "./resource.js";
import { falseBlank, linesOf, longestLine, type Word, withoutComment, wordsOf } from "./source.js";
import { tooLong } from "./statements.js";

/** One group of haresources with the places of its words. */
export interface GroupLine {
  readonly owner: Word;
  /** In the order of the file; a resource that could not be understood is left out (and is in the report). */
  readonly resources: readonly { readonly word: Word; readonly resource: ResourceConfig }[];
}

const blanks = " \t\r\f\v\ufeff";

/** @returns the groups of haresources: `node resource …`, continued by a backslash at the end of a line. */
export function readHaresources(text: string, report: Report): readonly GroupLine[] {
  return logicalLines(text, report).flatMap((words) => {
    const [owner, ...rest] = words;
    if (owner === undefined) return [];
    const resources = rest.flatMap((word) => {
      const reading = resourceOf(word.text);
      if (reading.ok) return [{ word, resource: reading.value }];
      report.error(word, hiddenBlank(word) ?? reading.fault);
      return [];
    });
    if (rest.length === 0)
      report.warn(
        owner,
        fault(
          "no-resources",
          `${owner.text} owns a group without resources; the line has no effect.`,
          "Name a resource behind it, or remove the line.",
        ),
      );
    return [{ owner, resources }];
  });
}

function hiddenBlank(word: Word): Fault | undefined {
  const blank = falseBlank(word.text);
  if (blank === undefined) return undefined;
  return fault("odd-character", `The word contains ${blank}, which only looks like a blank.`, "Type the line again.");
}

/** Comments go first, then the backslashes: in that order ResourceManager reads the file. */
function logicalLines(text: string, report: Report): readonly (readonly Word[])[] {
  const lines: Word[][] = [];
  let open: Word[] | undefined;
  linesOf(text).forEach((line, index) => {
    if (line.length > longestLine) report.error({ line: index + 1, column: 1 }, tooLong);
    const content = line.length > longestLine ? "" : withoutComment(line).trimEnd();
    const continued = content.endsWith("\\");
    const words = wordsOf(continued ? content.slice(0, -1) : content, index + 1, blanks);
    if (open === undefined) lines.push([...words]);
    else open.push(...words);
    open = continued ? (open ?? lines.at(-1)) : undefined;
  });
  return lines;
}

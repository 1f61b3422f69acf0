/** Text with places: what every message of the check needs in order to say where. */

/** One configuration file as somebody else read it. */
export interface SourceFile {
  /** As the operator knows it, `/etc/ha.d/ha.cf`. */
  readonly path: string;
  /** `undefined`: there is no such file, or it cannot be read. */
  readonly text: string | undefined;
  /** Permission bits (`0o600`); `undefined`: unknown, not checked. */
  readonly mode?: number | undefined;
  /** When it was last written, in milliseconds since 1970; `undefined`: unknown. */
  readonly changedAt?: number | undefined;
}

/** Somewhere in a file, both numbers 1-based; line 0 and column 0: the file as a whole. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const wholeFile: Place = { line: 0, column: 0 };

/** A word and where it stands. The column counts UTF-16 units, as editors do for all but the rarest characters. */
export interface Word extends Place {
  readonly text: string;
}

/** The original splits a longer line and reads the rest as another one (configuration.md 1). */
export const longestLine = 5119;
/** Somebody gave us the wrong file. The largest configurations have some thousand lines. */
export const longestFile = 100_000;

/** @returns the lines without their line feeds; the rest of a last line without line feed counts as a line. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** @returns the line up to the first `#`. */
export function withoutComment(line: string): string {
  const hash = line.indexOf("#");
  return hash < 0 ? line : line.slice(0, hash);
}

/** @returns the runs of characters that are none of `separators`, with their places. */
export function wordsOf(line: string, lineNumber: number, separators: string): readonly Word[] {
  const words: Word[] = [];
  let start = 0;
  for (let at = 0; at <= line.length; at += 1) {
    if (at < line.length && !separators.includes(line.charAt(at))) continue;
    if (at > start) words.push({ text: line.slice(start, at), line: lineNumber, column: start + 1 });
    start = at + 1;
  }
  return words;
}

// Characters that look like a blank or like nothing, as they come along when text is copied from a web page.
const invisible = /[\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/;

/** @returns the name (`U+00A0`) of the first character that looks like a blank but is none, if there is one. */
export function falseBlank(text: string): string | undefined {
  const found = invisible.exec(text)?.[0];
  return found === undefined ? undefined : `U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

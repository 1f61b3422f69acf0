/**
 * A line of a terminal before anybody decided about colours: pieces of text, each with what it means. Colour never carries
 * a meaning of its own; a screen in black and white says the same.
 */
export type Tone = "plain" | "title" | "dim" | "good" | "doubtful" | "bad";
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly Piece[];

export const piece = (text: string, tone: Tone = "plain"): Piece => ({ text, tone });
export const line = (text: string, tone: Tone = "plain"): Line => [piece(text, tone)];
export const emptyLine: Line = [];

/** The line's text without blanks at its end. */
export const textOfLine = (pieces: Line): string =>
  pieces
    .map(({ text }) => text)
    .join("")
    .trimEnd();

const codes: Readonly<Record<Tone, string>> = {
  plain: "",
  title: "\x1b[1m",
  dim: "\x1b[2m",
  good: "\x1b[32m",
  doubtful: "\x1b[33m",
  bad: "\x1b[1;31m",
};

/** The line as bytes for a terminal (SGR sequences of ECMA-48) or, without colour, as it is. */
export function painted(pieces: Line, colour: boolean): string {
  if (!colour) return textOfLine(pieces);
  return pieces.map(({ text, tone }) => (tone === "plain" ? text : `${codes[tone]}${text}\x1b[0m`)).join("");
}

/** Cuts a line to `width` characters. */
export function cut(pieces: Line, width: number): Line {
  const kept: Piece[] = [];
  let room = width;
  for (const { text, tone } of pieces) {
    if (room <= 0) break;
    kept.push({ text: text.slice(0, room), tone });
    room -= text.length;
  }
  return kept;
}

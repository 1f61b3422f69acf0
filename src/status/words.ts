/** Numbers and foreign text made fit for a line of a terminal. */

/**
 * A length of time in at most two units, as people say it.
 * @param ms milliseconds; negative counts as 0
 */
export function spoken(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 1000) return `${Math.round(whole)} ms`;
  if (whole < 9950) return `${(whole / 1000).toFixed(1)} s`;
  const total = Math.round(whole / 1000);
  if (total < 60) return `${total} s`;
  if (total < 3600) return `${Math.floor(total / 60)} min ${total % 60} s`;
  if (total < 86_400) return `${Math.floor(total / 3600)} h ${Math.floor((total % 3600) / 60)} min`;
  return `${Math.floor(total / 86_400)} d ${Math.floor((total % 86_400) / 3600)} h`;
}

/**
 * Names and reasons may come from a peer, over a network: whatever could move the cursor, colour the screen or turn the
 * direction of the text is shown as `?`.
 */
export const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");

/** Cuts `text` to `width` characters; a cut one ends in `~`. */
export const fitted = (text: string, width: number): string =>
  text.length <= width ? text : width <= 1 ? "~".slice(0, width) : `${text.slice(0, width - 1)}~`;

/** `text` broken at blanks into lines of at most `width` characters; a word that is longer than a line is cut into pieces. */
export function wrapped(text: string, width: number): string[] {
  const room = Math.max(8, width);
  const pieces = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${room}}`, "gu")) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= room) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines;
}

import { type Line, type Piece, piece } from "./line.js";
import { fitted } from "./words.js";

/** A column: as wide as its widest cell; when the screen is too narrow, columns give way in the order of `yields`. */
export interface Column {
  readonly title: string;
  /** Smallest width it may be squeezed to; leave out for a column that is never squeezed. */
  readonly least?: number;
}

const gap = 2;

/**
 * Lays cells out in columns with titles.
 * @param width of the screen in characters; the widest columns with a `least` are squeezed until the table fits
 */
export function table(columns: readonly Column[], rows: readonly (readonly Piece[])[], width: number): Line[] {
  const widths = squeezed(columns, naturalWidths(columns, rows), width);
  const title = columns.map((column) => piece(column.title, "dim"));
  return [title, ...rows].map((row) =>
    row.map(({ text, tone }, at) => {
      const room = widths[at] ?? 0;
      const last = at === row.length - 1;
      return piece(fitted(text, room) + " ".repeat(last ? 0 : room - Math.min(text.length, room) + gap), tone);
    }),
  );
}

const naturalWidths = (columns: readonly Column[], rows: readonly (readonly Piece[])[]): number[] =>
  columns.map((column, at) => Math.max(column.title.length, ...rows.map((row) => row[at]?.text.length ?? 0)));

function squeezed(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, one) => sum + one, 0) + gap * (columns.length - 1) - width;
  while (excess > 0) {
    const widest = widestThatYields(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestThatYields(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [at, column] of columns.entries()) {
    const room = widths[at] ?? 0;
    if (column.least === undefined || room <= column.least) continue;
    if (found === undefined || room > (widths[found] ?? 0)) found = at;
  }
  return found;
}

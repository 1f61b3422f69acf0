/** The word that was probably meant. */

/** @returns the number of insertions, deletions, replacements and swaps of neighbours that make `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a.charAt(i - 1) === b.charAt(j - 1);
      const swapped = i > 1 && j > 1 && a.charAt(i - 1) === b.charAt(j - 2) && a.charAt(i - 2) === b.charAt(j - 1);
      const [up, left, diagonal] = [last[j] ?? 0, row[j - 1] ?? 0, last[j - 1] ?? 0];
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(up + 1, left + 1, diagonal + (same ? 0 : 1), swap));
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** @returns the known word nearest to `word`, when it is near enough to be a slip of the hand; case does not count. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  // A long word is nobody's slip, and the distance costs its length.
  if (word.length > 40) return undefined;
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const most = Math.min(
      Math.max(1, candidate.length / 3),
      best === undefined ? Number.POSITIVE_INFINITY : best.distance - 1,
    );
    // The distance is never smaller than the difference of the lengths.
    if (Math.abs(candidate.length - word.length) > most) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= most) best = { word: candidate, distance };
  }
  return best?.word;
}

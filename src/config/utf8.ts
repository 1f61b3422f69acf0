/** @returns the bytes of the text in UTF-8, as the file had them. (TextEncoder is not a word of the language itself.) */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) bytes.push(...encoded(character.codePointAt(0) ?? 0));
  return Uint8Array.from(bytes);
}

function encoded(point: number): number[] {
  const tail = (shift: number): number => 0x80 | ((point >> shift) & 0x3f);
  if (point < 0x80) return [point];
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  // Half of a surrogate pair has no encoding; like every encoder, we write the replacement character.
  if (point >= 0xd800 && point <= 0xdfff) return [0xef, 0xbf, 0xbd];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}

/**
 * Text and bytes. On the wire a text is one byte per character (latin-1, byte for byte), so that whatever a peer or an
 * operator wrote comes out as it went in. No encoder of the platform is used: this room knows no platform.
 */

/** What is written for a character that has no byte, that is above U+00FF. */
const REPLACEMENT = 0x3f;
/** `String.fromCharCode` takes its arguments on the stack; this many are safe everywhere. */
const CHUNK = 4096;

export const NEWLINE = 0x0a;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const EQUALS = 0x3d;
export const OPEN = 0x28;
export const CLOSE = 0x29;
const ZERO = 0x30;

/** Writes `text` into `target` from `at` on; characters above U+00FF become `?`. @returns the offset behind it. */
export function putText(target: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    target[at + i] = code <= 0xff ? code : REPLACEMENT;
  }
  return at + text.length;
}

/** Writes `bytes` into `target` from `at` on. @returns the offset behind them. */
export function putBytes(target: Uint8Array, at: number, bytes: Uint8Array): number {
  target.set(bytes, at);
  return at + bytes.length;
}

/** @returns `text` as bytes, one per character. */
export function bytesFrom(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  putText(bytes, 0, text);
  return bytes;
}

/** @returns the bytes from `from` up to but not including `to`, as text, one character each. */
export function textFrom(bytes: Uint8Array, from = 0, to = bytes.length): string {
  if (to - from <= CHUNK) return String.fromCharCode(...bytes.subarray(from, to));
  let text = "";
  for (let at = from; at < to; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + CHUNK, to)));
  return text;
}

/** @returns whether `bytes` holds `text` at offset `at`. */
export function hasTextAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** @returns the value of an ASCII digit, 0 to 9; -1 for anything else. */
export function digitAt(bytes: Uint8Array, at: number): number {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));

/** @returns the bytes in lower-case hexadecimal, two digits each. */
export function hexFrom(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * Compares two texts in a time that does not depend on where they differ, so that a forger cannot find a digest digit by
 * digit. Their lengths are no secret.
 */
export function equalInConstantTime(left: string, right: string): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let i = 0; i < left.length; i++) difference |= left.charCodeAt(i) ^ right.charCodeAt(i);
  return difference === 0;
}

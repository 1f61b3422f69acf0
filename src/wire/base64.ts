/** Standard base64 with `=` padding (RFC 4648, 4), the form of binary fields in the classic encoding. */

import { bytesFrom, textFrom } from "./bytes.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const VALUES: Int8Array = new Int8Array(256).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

const LETTERS = bytesFrom(ALPHABET);
const PADDING = 0x3d;
const letter = (sextet: number): number => LETTERS[sextet & 0x3f] ?? 0;

/** @returns `bytes` as base64 text, on one line. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const triple = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text[at++] = letter(triple >> 18);
    text[at++] = letter(triple >> 12);
    text[at++] = left > 1 ? letter(triple >> 6) : PADDING;
    text[at++] = left > 2 ? letter(triple) : PADDING;
  }
  return textFrom(text);
}

/**
 * @returns the bytes that `text` stands for; `undefined` unless it is exactly what `toBase64` would write (no white space, full
 * padding, unused bits zero): the digest is taken over the text, so one value must have one text.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  let pending = 0;
  let at = 0;
  for (let i = 0; i < text.length - padding; i++) {
    const value = VALUES[text.charCodeAt(i) & 0xff] ?? -1;
    if (value < 0 || text.charCodeAt(i) > 0xff) return undefined;
    // Never more than 6 + 6 bits are pending, far from the 32 that shifts can hold.
    pending = ((pending << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (pending >> bits) & 0xff;
    }
  }
  return (pending & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

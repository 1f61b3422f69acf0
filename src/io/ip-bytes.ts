/** IP addresses as bytes in network order (4 or 16 of them) and back; prefixes. Pure. */
import { isIPv4, isIPv6 } from "node:net";

export type Family = "ipv4" | "ipv6";

/** @returns the bytes of a numeric address of that family; `undefined` for anything else (names, zones, the other family). */
export const ipBytes = (family: Family, text: string): Uint8Array | undefined =>
  family === "ipv4" ? ipv4Bytes(text) : ipv6Bytes(text);

export function ipv4Bytes(text: string): Uint8Array | undefined {
  return isIPv4(text) ? Uint8Array.from(text.split("."), Number) : undefined;
}

export function ipv6Bytes(text: string): Uint8Array | undefined {
  if (!isIPv6(text) || text.includes("%")) return undefined;
  const [head = "", tail] = withHexTail(text).split("::");
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - left.length - right.length).fill(0);
  return Uint8Array.from([...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]));
}

/** `::ffff:10.0.0.1` ends in an IPv4 address: rewritten as two groups. */
function withHexTail(text: string): string {
  const start = text.lastIndexOf(":") + 1;
  const [a, b, c, d] = ipv4Bytes(text.slice(start)) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return text;
  return `${text.slice(0, start)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

const groups = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));

/** @returns the text form; IPv6 in lower case with its first longest run of zero groups shortened (RFC 5952). */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const words = Array.from(
    { length: bytes.length >> 1 },
    (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0),
  );
  const [start, length] = longestZeroRun(words);
  const hex = words.map((word) => word.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

function longestZeroRun(words: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let length = 0;
  words.forEach((word, i) => {
    length = word === 0 ? length + 1 : 0;
    if (length > best[1]) best = [i - length + 1, length];
  });
  return best;
}

/** The mask byte number `i` of a prefix. */
const maskByte = (prefix: number, i: number): number => (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 0xff;

/** @returns whether the first `prefix` bits of two addresses agree; addresses of different families never do. */
export function inSameNetwork(a: Uint8Array, b: Uint8Array, prefix: number): boolean {
  return a.length === b.length && a.every((byte, i) => ((byte ^ (b[i] ?? 0)) & maskByte(prefix, i)) === 0);
}

/** @returns the address with all host bits set; `undefined` where there is no broadcast (IPv6, /31 and /32: RFC 3021). */
export function broadcastOf(address: Uint8Array, prefix: number): Uint8Array | undefined {
  if (address.length !== 4 || prefix > 30) return undefined;
  return address.map((byte, i) => byte | (~maskByte(prefix, i) & 0xff));
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

import type { Field, Message } from "../core/message.js";
import {
  CLOSE,
  COLON,
  COMMA,
  digitAt,
  EQUALS,
  hasTextAt,
  OPEN,
  offsetOf,
  putBytes,
  putText,
  textFrom,
} from "./bytes.js";
import { assertFieldNames, BINARY_TYPE, isFieldName, LAST_TYPE, LIST_TYPE, STRING_TYPE, tagOf } from "./field.js";
import {
  DATAGRAM_LIMITS,
  type Extent,
  extentOfRefused,
  type Limits,
  type Parsed,
  type Refused,
  refused,
} from "./refusal.js";

/**
 * The netstring encoding (wire.md 2.1): `###\n`, each field as `<length>:(<type>)<name>=<value>,`, then `%%%\n`, then the digest as one
 * more netstring. Reading goes in two steps. `frameNetstring` only follows the lengths, to find what was signed and the digest; nothing
 * inside a field is looked at. When the digest was right, `parseNetstring` takes the fields apart. A stranger's packet
 * thus meets about twenty lines of code.
 */

export const NETSTRING_HEAD = "###\n";
const NETSTRING_TAIL = "%%%\n";
/** Digits of the longest length that a datagram has room for. */
const LENGTH_DIGITS = 5;
/** `(0)` and `=`. */
const OVERHEAD = 4;

/** @returns the message in netstring form up to and with `%%%\n`: what the outer digest is taken over. @throws RangeError on a name that cannot be written. */
export function encodeNetstring(message: Message): Uint8Array {
  assertFieldNames(message);
  let size = NETSTRING_HEAD.length + NETSTRING_TAIL.length;
  for (const field of message) size += netstringSize(fieldSize(field));
  const target = new Uint8Array(size);
  let at = putText(target, 0, NETSTRING_HEAD);
  for (const field of message) at = putField(target, at, field);
  putText(target, at, NETSTRING_TAIL);
  return target;
}

/** @returns the encoded message with its digest behind it: a complete datagram. */
export function appendAuth(encoded: Uint8Array, auth: string): Uint8Array {
  const trailer = `${auth.length}:${auth},`;
  const datagram = new Uint8Array(encoded.length + trailer.length);
  putText(datagram, putBytes(datagram, 0, encoded), trailer);
  return datagram;
}

const fieldSize = (field: Field): number => OVERHEAD + field.name.length + field.value.length;
const netstringSize = (length: number): number => String(length).length + 1 + length + 1;

function putField(target: Uint8Array, start: number, field: Field): number {
  let at = putText(target, start, String(fieldSize(field)));
  target[at++] = COLON;
  at = putText(target, at, tagOf(field));
  at = putText(target, at, field.name);
  target[at++] = EQUALS;
  at = typeof field.value === "string" ? putText(target, at, field.value) : putBytes(target, at, field.value);
  target[at] = COMMA;
  return at + 1;
}

/** Where things are in a datagram. */
export interface NetstringFrame {
  readonly ok: true;
  /** Offset behind `%%%\n`: everything before it is signed. */
  readonly signedEnd: number;
  /** The digest text; `undefined` when the message ends with `%%%\n`. */
  readonly auth: string | undefined;
}

/** @returns the frame of `bytes`, which begin with `###\n`. */
export function frameNetstring(bytes: Uint8Array, limits: Limits = DATAGRAM_LIMITS): NetstringFrame | Refused {
  let at = NETSTRING_HEAD.length;
  for (let count = 0; !hasTextAt(bytes, at, NETSTRING_TAIL); count++) {
    if (count > limits.fields) return refused("too-many-fields");
    const span = netstringAt(bytes, at);
    if (!span.ok) return span;
    at = span.end + 1;
  }
  const signedEnd = at + NETSTRING_TAIL.length;
  if (signedEnd === bytes.length) return { ok: true, signedEnd, auth: undefined };
  const span = netstringAt(bytes, signedEnd);
  if (!span.ok) return span;
  if (span.end + 1 !== bytes.length) return refused("trailing-bytes", `byte ${span.end + 1}`);
  return { ok: true, signedEnd, auth: textFrom(bytes, span.start, span.end) };
}

/** Follows the lengths of a message that begins with `###\n` in a stream. @returns where it ends, its digest included. */
export function netstringExtent(bytes: Uint8Array, limits: Limits): Extent {
  let at = NETSTRING_HEAD.length;
  for (let count = 0; !hasTextAt(bytes, at, NETSTRING_TAIL); count++) {
    if (count > limits.fields) return { kind: "broken" };
    if (bytes.length - at < NETSTRING_TAIL.length && NETSTRING_TAIL.startsWith(textFrom(bytes, at)))
      return { kind: "incomplete" };
    const span = netstringAt(bytes, at);
    if (!span.ok) return extentOfRefused(span);
    at = span.end + 1;
  }
  const digest = netstringAt(bytes, at + NETSTRING_TAIL.length);
  return digest.ok ? { kind: "whole", length: digest.end + 1 } : extentOfRefused(digest);
}

/** From the first byte of the content to the closing comma. */
interface Span {
  readonly ok: true;
  readonly start: number;
  readonly end: number;
}

/** Reads `<length>:<content>,` at `from`. Lengths have one spelling only, so that a packet cannot be respelled without breaking its digest. */
function netstringAt(bytes: Uint8Array, from: number): Span | Refused {
  let at = from;
  let length = 0;
  for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
    if (at - from === LENGTH_DIGITS || (at > from && length === 0)) return refused("bad-length", `byte ${from}`);
    length = length * 10 + digit;
    at++;
  }
  if (at >= bytes.length) return refused("truncated", `byte ${from}`);
  if (at === from || bytes[at] !== COLON) return refused("bad-length", `byte ${from}`);
  const start = at + 1;
  const end = start + length;
  if (end >= bytes.length) return refused("truncated", `byte ${from}`);
  return bytes[end] === COMMA ? { ok: true, start, end } : refused("bad-length", `byte ${from}`);
}

/** Reads the fields of a message that `frameNetstring` accepted. Binary values are copies: the datagram's buffer may be used again. */
export function parseNetstring(bytes: Uint8Array): Parsed {
  const message: Field[] = [];
  let at = NETSTRING_HEAD.length;
  while (!hasTextAt(bytes, at, NETSTRING_TAIL)) {
    const span = netstringAt(bytes, at);
    if (!span.ok) return span;
    const field = fieldAt(bytes, span);
    if ("refusal" in field) return field;
    message.push(field);
    at = span.end + 1;
  }
  return { ok: true, message };
}

/** Reads a whole unsigned message, as local clients may send it; a digest behind it is skipped unread. */
export function decodeNetstring(bytes: Uint8Array, limits: Limits = DATAGRAM_LIMITS): Parsed {
  if (bytes.length > limits.bytes) return refused("too-large");
  if (!hasTextAt(bytes, 0, NETSTRING_HEAD)) return refused(bytes.length === 0 ? "empty" : "not-ours");
  const frame = frameNetstring(bytes, limits);
  return frame.ok ? parseNetstring(bytes) : frame;
}

/** Reads `(<type>)<name>=<value>`. */
function fieldAt(bytes: Uint8Array, { start, end }: Span): Field | Refused {
  const type = digitAt(bytes, start + 1);
  // A span is followed by a comma at least, so looking a few bytes ahead stays inside the datagram.
  if (bytes[start] !== OPEN || type < 0) return refused("bad-field", `byte ${start}`);
  if (type > LAST_TYPE || digitAt(bytes, start + 2) >= 0) return refused("unknown-type", `byte ${start}`);
  if (bytes[start + 2] !== CLOSE) return refused("bad-field", `byte ${start}`);
  if (type !== STRING_TYPE && type !== BINARY_TYPE && type !== LIST_TYPE)
    return refused("unsupported-type", `type ${type}`);
  const equals = offsetOf(EQUALS, bytes, start + 3, end);
  if (equals < 0) return refused("bad-field", `byte ${start}`);
  const name = textFrom(bytes, start + 3, equals);
  if (!isFieldName(name)) return refused("bad-field", `byte ${start}`);
  if (type === BINARY_TYPE) return { name, value: bytes.slice(equals + 1, end) };
  const value = textFrom(bytes, equals + 1, end);
  return type === LIST_TYPE ? { name, value, isList: true } : { name, value };
}

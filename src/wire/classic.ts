import type { Field, Message } from "../core/message.js";
import { fromBase64, toBase64 } from "./base64.js";
import { bytesFrom, digitAt, EQUALS, hasTextAt, NEWLINE, OPEN, offsetOf, textFrom } from "./bytes.js";
import { AUTH, assertFieldNames, BINARY_TYPE, isFieldName, LAST_TYPE, LIST_TYPE, STRING_TYPE } from "./field.js";
import { DATAGRAM_LIMITS, type Extent, type Limits, type Parsed, type Refused, refused } from "./refusal.js";

/**
 * The classic encoding (wire.md 2.2): `>>>`, one `name=value` per line, `<<<`. A newline inside a text travels as 0x13, bytes as base64
 * behind a `(1)`. On UDP only releases before 3 send it; the FIFO and the API socket speak it to this day, and the inner digest
 * of the netstring encoding is taken over its lines.
 */

export const CLASSIC_HEAD = ">>>\n";
const CLASSIC_TAIL = "<<<";
/** Stands for a newline inside a text. A text that really holds this character cannot be told apart: so it is in the original. */
const NEWLINE_STAND_IN = "\x13";
const AUTH_LINE = `${AUTH}=`;

/** @returns the message in classic form, without a digest of its own; `ending` is the NUL that clients expect behind it, or nothing. @throws RangeError on a name that cannot be written. */
export function encodeClassic(message: Message, ending: "\0" | "" = ""): Uint8Array {
  return bytesFrom(`${CLASSIC_HEAD}${linesOf(message)}${CLASSIC_TAIL}\n${ending}`);
}

/** @returns the message in classic form with its digest, as a serial line carries it. @throws RangeError on a name that cannot be written. */
export function signClassic(message: Message, sign: (signed: Uint8Array) => string): Uint8Array {
  const lines = linesOf(message);
  return bytesFrom(`${CLASSIC_HEAD}${lines}${AUTH_LINE}${sign(bytesFrom(lines))}\n${CLASSIC_TAIL}\n`);
}

/** @returns what the inner digest is taken over: the lines of all fields, without head and tail. The message must not hold its digest. */
export function classicBody(message: Message): Uint8Array {
  return bytesFrom(linesOf(message));
}

function linesOf(message: Message): string {
  assertFieldNames(message);
  let lines = "";
  for (const field of message) lines += lineOf(field);
  return lines;
}

function lineOf({ name, value, isList }: Field): string {
  if (typeof value !== "string") return `(1)${name}=${toBase64(value)}\n`;
  return `${isList === true ? "(3)" : ""}${name}=${value.includes("\n") ? value.replaceAll("\n", NEWLINE_STAND_IN) : value}\n`;
}

/** A classic message taken apart into lines, none of them understood yet. */
export interface ClassicFrame {
  readonly ok: true;
  /** The bytes under the digest: all lines except those of the digest. */
  readonly signed: Uint8Array;
  /** Value of the first `auth` line. */
  readonly auth: string | undefined;
  readonly lines: readonly Line[];
}

/** Offsets of a line, its newline not included. */
interface Line {
  readonly start: number;
  readonly end: number;
}

/** @returns the frame of `bytes`, which begin with `>>>\n`. */
export function frameClassic(bytes: Uint8Array, limits: Limits = DATAGRAM_LIMITS): ClassicFrame | Refused {
  const lines: Line[] = [];
  let auth: string | undefined;
  for (let at = CLASSIC_HEAD.length; ; ) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return refused("truncated");
    if (end - at === CLASSIC_TAIL.length && hasTextAt(bytes, at, CLASSIC_TAIL)) {
      if (!endsBehind(bytes, end + 1)) return refused("trailing-bytes", `byte ${end + 1}`);
      return { ok: true, signed: signedBytes(bytes, lines), auth, lines };
    }
    if (lines.length > limits.fields) return refused("too-many-fields");
    if (hasTextAt(bytes, at, AUTH_LINE)) auth ??= textFrom(bytes, at + AUTH_LINE.length, end);
    lines.push({ start: at, end });
    at = end + 1;
  }
}

/**
 * Follows the lines of a message that begins with `>>>\n` in a stream. A line without `=` that is not the last belongs to no message: the
 * rest of this one was lost, and what comes is the next.
 */
export function classicExtent(bytes: Uint8Array, limits: Limits): Extent {
  let at = CLASSIC_HEAD.length;
  for (let count = 0; ; count++) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return { kind: "incomplete" };
    if (end - at === CLASSIC_TAIL.length && hasTextAt(bytes, at, CLASSIC_TAIL))
      return { kind: "whole", length: end + 1 };
    if (count > limits.fields || offsetOf(EQUALS, bytes, at, end) < 0) return { kind: "broken" };
    at = end + 1;
  }
}

/** Whether a message that ends before `at` is all there is; one NUL may follow. */
const endsBehind = (bytes: Uint8Array, at: number): boolean =>
  at === bytes.length || (at === bytes.length - 1 && bytes[at] === 0);

function signedBytes(bytes: Uint8Array, lines: readonly Line[]): Uint8Array {
  const signed = new Uint8Array(bytes.length);
  let at = 0;
  for (const { start, end } of lines) {
    if (hasTextAt(bytes, start, AUTH_LINE)) continue;
    signed.set(bytes.subarray(start, end + 1), at);
    at += end + 1 - start;
  }
  return signed.subarray(0, at);
}

/** Reads the fields of a message that `frameClassic` accepted, the digest among them. */
export function parseClassic(bytes: Uint8Array, lines: readonly Line[]): Parsed {
  const message: Field[] = [];
  for (const line of lines) {
    const field = fieldAt(bytes, line);
    if ("refusal" in field) return field;
    message.push(field);
  }
  return { ok: true, message };
}

/** Reads a whole message as the FIFO and the API socket bring it: its digest, if there is one, is a field like any other. */
export function decodeClassic(bytes: Uint8Array, limits: Limits = DATAGRAM_LIMITS): Parsed {
  if (bytes.length > limits.bytes) return refused("too-large");
  if (!hasTextAt(bytes, 0, CLASSIC_HEAD)) return refused(bytes.length === 0 ? "empty" : "not-ours");
  const frame = frameClassic(bytes, limits);
  return frame.ok ? parseClassic(bytes, frame.lines) : frame;
}

function fieldAt(bytes: Uint8Array, { start, end }: Line): Field | Refused {
  const tagged = bytes[start] === OPEN;
  const type = tagged ? digitAt(bytes, start + 1) : STRING_TYPE;
  if (tagged) {
    if (type > LAST_TYPE || (type >= 0 && digitAt(bytes, start + 2) >= 0))
      return refused("unknown-type", `byte ${start}`);
    // Texts have no tag here; a respelled one would not be under the digest that was checked.
    if (type === STRING_TYPE || type < 0 || !hasTextAt(bytes, start + 2, ")"))
      return refused("bad-field", `byte ${start}`);
    if (type !== BINARY_TYPE && type !== LIST_TYPE) return refused("unsupported-type", `type ${type}`);
  }
  const equals = offsetOf(EQUALS, bytes, start, end);
  if (equals < 0) return refused("bad-field", `byte ${start}`);
  const name = textFrom(bytes, tagged ? start + 3 : start, equals);
  if (!isFieldName(name)) return refused("bad-field", `byte ${start}`);
  const text = textFrom(bytes, equals + 1, end);
  if (type !== BINARY_TYPE) {
    const value = text.replaceAll(NEWLINE_STAND_IN, "\n");
    return type === LIST_TYPE ? { name, value, isList: true } : { name, value };
  }
  const value = fromBase64(text);
  return value === undefined ? refused("bad-base64", `byte ${start}`) : { name, value };
}

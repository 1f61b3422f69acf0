/**
 * What a node and a witness say to each other: one datagram each way, numbers big-endian, the last 32 bytes a digest over all before
 * (`seal.ts`). Nothing here trusts a length; what is not exactly as written down here is no message.
 *
 *     call    HBw1  kind 1  key 1  lengths 1 1  cluster  node  session 16  number 8  stamp 8+8  lease 4  count 1  groups (4+1)…  digest 32
 *     reply   HBw2  kind 1  key 1  session 16  number 8  stamp 8+8  texts 1 (1+n)…  count 1  verdicts (1+1+4)…  digest 32
 */
import type { LeaseVerdict } from "../core/lease.js";
import { type NodeName, nodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { type Duration, milliseconds } from "../core/time.js";
import { hasTextAt, putText, textFrom } from "../wire/bytes.js";

/** A node wants something of a witness. */
export interface Call {
  readonly kind: "claim" | "release";
  readonly cluster: string;
  readonly node: NodeName;
  /** 16 random bytes, one character each, drawn when the caller began. */
  readonly session: string;
  /** Grows with every datagram of the session. Session and number together are the nonce that the reply repeats. */
  readonly number: number;
  /** The newest stamp that the caller had from this witness: a proof that the call is no older than that. */
  readonly stamp: Stamp | undefined;
  /** The lease time that is asked for; whole milliseconds on the wire. */
  readonly lease: Duration;
  readonly groups: readonly CalledGroup[];
}

export interface CalledGroup {
  readonly id: GroupId;
  /** The caller has its lease at this moment, by its own count. */
  readonly isHeld: boolean;
}

/** A moment of a witness's life. */
export interface Stamp {
  /** 8 random bytes, one character each, drawn when the witness began. */
  readonly session: string;
  /** Microseconds on its monotonic clock; never the same twice. */
  readonly micros: number;
}

export interface Reply {
  readonly session: string;
  readonly number: number;
  readonly stamp: Stamp;
  /** One for each group of the call, in its order; `undefined`: the call was too old to be believed, say it again with this stamp. */
  readonly verdicts: readonly LeaseVerdict[] | undefined;
}

export const DIGEST_SIZE = 32;
/** Most groups in one call. */
export const MOST_GROUPS = 64;
/** A longer datagram is none of ours. Largest call: 533 bytes; largest reply, with 64 holders: about 5000. */
export const LONGEST_DATAGRAM = 5_120;
/** Longest name of a node or a cluster. */
export const LONGEST_NAME = 64;
/** The longest time that fits, an hour. */
export const LONGEST_LEASE = milliseconds(3_600_000);

const CALL = "HBw1";
const REPLY = "HBw2";
const SESSION_SIZE = 16;
const STAMP_SESSION_SIZE = 8;
const noStamp = "\0".repeat(STAMP_SESSION_SIZE);
const codes = { claim: 1, release: 2, verdicts: 3, stale: 4 } as const;
const verdictCodes = { granted: 1, held: 2, refused: 3 } as const;

/** @returns the call without its digest. Names longer than 64 characters and groups beyond the 64th do not fit: the caller sees to that. */
export function encodeCall(call: Call, key: number): Uint8Array {
  const { cluster, node, groups } = call;
  const writer = new Writer(53 + cluster.length + node.length + 5 * groups.length + DIGEST_SIZE);
  writer.text(CALL).byte(codes[call.kind]).byte(key).byte(cluster.length).byte(node.length).text(cluster).text(node);
  writer.text(call.session).big(call.number);
  writer.text(call.stamp?.session ?? noStamp).big(call.stamp?.micros ?? 0);
  writer.word(call.lease).byte(groups.length);
  for (const { id, isHeld } of groups) writer.word(Number.parseInt(id, 16)).byte(isHeld ? 1 : 0);
  return writer.done();
}

/** @returns whom a datagram claims to be for and by which key, before anything is believed; `undefined`: no call. */
export function addresseeOf(bytes: Uint8Array): { readonly cluster: string; readonly key: number } | undefined {
  if (bytes.length > LONGEST_DATAGRAM || !hasTextAt(bytes, 0, CALL)) return undefined;
  const [key = 0, length = 0] = [bytes[5], bytes[6]];
  if (!fits(length) || 8 + length > bytes.length) return undefined;
  return { key, cluster: textFrom(bytes, 8, 8 + length) };
}

/** @returns the call in a datagram whose digest was found right; `undefined` when it is none. */
export function decodeCall(bytes: Uint8Array): Call | undefined {
  const reader = new Reader(bytes);
  if (reader.text(4) !== CALL) return undefined;
  const kind = kindOf(reader.byte());
  reader.byte();
  const [clusterLength, nodeLength] = [reader.byte(), reader.byte()];
  if (kind === undefined || !fits(clusterLength) || !fits(nodeLength)) return undefined;
  const [cluster, node] = [reader.text(clusterLength), reader.text(nodeLength)];
  const [session, number] = [reader.text(SESSION_SIZE), reader.big()];
  const stamp = stampFrom(reader);
  const lease = milliseconds(reader.word());
  const count = reader.byte();
  if (count > MOST_GROUPS) return undefined;
  const groups = Array.from({ length: count }, () => groupFrom(reader));
  if (!reader.isAtEnd || !isName(cluster) || !isName(node)) return undefined;
  return { kind, cluster, node: nodeName(node), session, number, stamp, lease, groups };
}

const fits = (length: number): boolean => length >= 1 && length <= LONGEST_NAME;
/** What a terminal may be shown. */
const isName = (text: string): boolean => /^[!-~]+$/.test(text);

const kindOf = (code: number): Call["kind"] | undefined =>
  code === codes.claim ? "claim" : code === codes.release ? "release" : undefined;

function groupFrom(reader: Reader): CalledGroup {
  const id = reader.word().toString(16).padStart(8, "0");
  return { id, isHeld: (reader.byte() & 1) === 1 };
}

function stampFrom(reader: Reader): Stamp | undefined {
  const [session, micros] = [reader.text(STAMP_SESSION_SIZE), reader.big()];
  return session === noStamp ? undefined : { session, micros };
}

/** @returns the reply without its digest. */
export function encodeReply({ session, number, stamp, verdicts }: Reply, key: number): Uint8Array {
  const texts = textsOf(verdicts ?? []);
  const size = texts.reduce((sum, text) => sum + 1 + text.length, 0) + 6 * (verdicts?.length ?? 0);
  const writer = new Writer(48 + size + DIGEST_SIZE);
  writer
    .text(REPLY)
    .byte(verdicts === undefined ? codes.stale : codes.verdicts)
    .byte(key);
  writer.text(session).big(number).text(stamp.session).big(stamp.micros);
  writer.byte(texts.length);
  for (const text of texts) writer.byte(text.length).text(text);
  writer.byte(verdicts?.length ?? 0);
  for (const verdict of verdicts ?? []) putVerdict(writer, verdict, texts);
  return writer.done();
}

/** The names of holders and the reasons, each once. */
function textsOf(verdicts: readonly LeaseVerdict[]): readonly string[] {
  return [...new Set(verdicts.flatMap((one) => (one.kind === "granted" ? [] : [textOf(one)])))];
}

const longestText = 255;
const textOf = (verdict: Exclude<LeaseVerdict, { kind: "granted" }>): string =>
  (verdict.kind === "held" ? verdict.by : verdict.why).slice(0, longestText);

function putVerdict(writer: Writer, verdict: LeaseVerdict, texts: readonly string[]): void {
  writer.byte(verdictCodes[verdict.kind]).byte(verdict.kind === "granted" ? 0 : texts.indexOf(textOf(verdict)));
  // Rounded up: who asks again then does not come a microsecond too early.
  writer.word(verdict.kind === "held" ? Math.ceil(verdict.freeIn * 1000) : 0);
}

/** @returns by which key a datagram claims to be answered; `undefined`: no reply. */
export const replyKeyOf = (bytes: Uint8Array): number | undefined =>
  bytes.length <= LONGEST_DATAGRAM && hasTextAt(bytes, 0, REPLY) ? bytes[5] : undefined;

/** @returns the reply in a datagram whose digest was found right; `undefined` when it is none. */
export function decodeReply(bytes: Uint8Array): Reply | undefined {
  const reader = new Reader(bytes);
  if (reader.text(4) !== REPLY) return undefined;
  const kind = reader.byte();
  reader.byte();
  const [session, number, stamp] = [reader.text(SESSION_SIZE), reader.big(), stampFrom(reader)];
  const texts = Array.from({ length: Math.min(reader.byte(), MOST_GROUPS) }, () => reader.text(reader.byte()));
  const count = reader.byte();
  if (count > MOST_GROUPS) return undefined;
  const verdicts = Array.from({ length: count }, () => verdictFrom(reader, texts));
  const isWhole = verdicts.every((verdict) => verdict !== undefined);
  if (!reader.isAtEnd || !isWhole || stamp === undefined) return undefined;
  if (kind === codes.verdicts) return { session, number, stamp, verdicts };
  return kind === codes.stale ? { session, number, stamp, verdicts: undefined } : undefined;
}

function verdictFrom(reader: Reader, texts: readonly string[]): LeaseVerdict | undefined {
  const [code, at, micros] = [reader.byte(), reader.byte(), reader.word()];
  if (code === verdictCodes.granted) return { kind: "granted" };
  const text = texts[at];
  if (text === undefined) return undefined;
  if (code === verdictCodes.held) return { kind: "held", by: nodeName(text), freeIn: milliseconds(micros / 1000) };
  return code === verdictCodes.refused ? { kind: "refused", why: text } : undefined;
}

/** Fills a datagram of a known size; room for the digest stays at its end. */
class Writer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  byte(value: number): this {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
    return this;
  }

  word(value: number): this {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
    return this;
  }

  /** A whole number up to 2^53 - 1. */
  big(value: number): this {
    return this.word(Math.floor(value / 2 ** 32)).word(value % 2 ** 32);
  }

  text(value: string): this {
    this.#at = putText(this.#bytes, this.#at, value);
    return this;
  }

  done(): Uint8Array {
    return this.#bytes;
  }
}

/** Takes a datagram apart. Behind its end there are zeros, and then it is not `isAtEnd`. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Everything was read but the digest, and nothing that is not there. */
  get isAtEnd(): boolean {
    return this.#at + DIGEST_SIZE === this.#bytes.length;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  word(): number {
    return this.byte() * 2 ** 24 + ((this.byte() << 16) | (this.byte() << 8) | this.byte());
  }

  /** What is above 2^53 - 1 loses its last digits: nobody of ours writes it. */
  big(): number {
    return this.word() * 2 ** 32 + this.word();
  }

  text(length: number): string {
    const end = Math.min(this.#at + length, this.#bytes.length);
    const text = textFrom(this.#bytes, Math.min(this.#at, end), end);
    this.#at += length;
    return text;
  }
}

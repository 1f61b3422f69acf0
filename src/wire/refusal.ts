import type { Message } from "../core/message.js";

/** Why a datagram is not believed; every word is a counter of its own in the status. Nothing is ever answered to it. */
export type Refusal =
  /** Zero bytes. */
  | "empty"
  /** More bytes than a UDP datagram can carry (65 507), or than the caller allows. */
  | "too-large"
  /** Begins neither with `###\n` nor with `>>>\n`: not a heartbeat packet at all. The original is silent about these. */
  | "not-ours"
  /** Ends before its own lengths, or its closing line, say it would. */
  | "truncated"
  /** A length is not a plain decimal number, or what it counts does not end with a comma. */
  | "bad-length"
  /** Something stands behind the end of the message. */
  | "trailing-bytes"
  /** More fields than any message has; see `Limits`. */
  | "too-many-fields"
  /** No digest. */
  | "no-auth"
  /** The digest has not the form `<index> <digest>`. */
  | "bad-auth"
  /** authkeys has no entry of this number. */
  | "unknown-key-index"
  /** A strong digest for a key that has no strong form (crc), or a plain one for a key that has only the strong form. */
  | "method-mismatch"
  /** The digest is wrong: another key, a broken packet, or a forgery. The right one is told to nobody (weaknesses.md C5). */
  | "bad-digest"
  /** A field has no type tag where one must be, no `=`, or a name that could not be sent on. */
  | "bad-field"
  /** A nested or compressed field (types 2, 4, 5): no message of this mode has one. */
  | "unsupported-type"
  /** A type tag above 5. The original ends itself on reading one (weaknesses.md A1). */
  | "unknown-type"
  /** A binary field of a classic message is not base64. */
  | "bad-base64"
  /** The signed payload of an echo request, on a medium where heartbeats belong: a replay (weaknesses.md C2). */
  | "ping-payload"
  /** An echo reply whose payload is a signed message, but not one that asks a ping node. */
  | "not-ping-payload";

/** `detail` says where or which (`byte 12`, `index 5`); it holds nothing derived from a key. */
export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly detail?: string;
}

/** A message, or why there is none. */
export type Parsed = { readonly ok: true; readonly message: Message } | Refused;

/** @returns the refusal; `detail` only where one is given. */
export function refused(refusal: Refusal, detail?: string): Refused {
  return detail === undefined ? { ok: false, refusal } : { ok: false, refusal, detail };
}

/** Bounds of one message. What is refused for its size has cost no more than looking at its length. */
export interface Limits {
  /** Bytes of the encoded message. */
  readonly bytes: number;
  /** Number of fields, the digest not counted. */
  readonly fields: number;
}

/** For datagrams: what UDP can carry, and forty times the fields of the longest message known. */
export const DATAGRAM_LIMITS: Limits = { bytes: 65_507, fields: 512 };

/** For messages of local clients. Half of a datagram: with lengths, common fields and digest added they can always be sent on. */
export const CLIENT_LIMITS: Limits = { bytes: 32_768, fields: 256 };

/** Where a message ends that begins at the first of some bytes, which may go on behind it, or may not have all come yet. */
export type Extent =
  | { readonly kind: "whole"; readonly length: number }
  | { readonly kind: "incomplete" }
  /** Whatever follows, it is no message. */
  | { readonly kind: "broken" };

/** @returns the extent of a message that was refused on the way to its end. */
export const extentOfRefused = ({ refusal }: Refused): Extent => ({
  kind: refusal === "truncated" ? "incomplete" : "broken",
});

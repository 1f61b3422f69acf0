import type { Strength } from "../core/effect.js";
import type { Authenticated } from "../core/event.js";
import { type Message, textOf } from "../core/message.js";
import { sign, signsStrongly, type Verified, verify } from "./auth.js";
import { hasTextAt } from "./bytes.js";
import { CLASSIC_HEAD, classicBody, frameClassic, parseClassic, signClassic } from "./classic.js";
import type { Digests } from "./digests.js";
import { AUTH, withoutAuth } from "./field.js";
import { createKeyring, type Keyring, type WireKeys } from "./keys.js";
import { appendAuth, encodeNetstring, frameNetstring, NETSTRING_HEAD, parseNetstring } from "./netstring.js";
import { type AnsweredPing, isPing, type PingQuestion, pingMessage, readPing } from "./ping.js";
import { DATAGRAM_LIMITS, type Parsed, type Refused, refused } from "./refusal.js";

/** Messages to signed datagrams and back: the one thing of this room that the daemon needs. */
export interface Codec {
  /** @returns the datagram; see `encodeDatagram`. `key`: the entry of authkeys to sign with, if it is not the configured one and exists. */
  encode(message: Message, strength: Strength, key?: number): Uint8Array;
  /**
   * @returns the message for a serial line, to be found again by `createMessageStream`: there the original writes the classic encoding,
   *   whatever its `msgfmt`, and reads no other. @throws as `encode`.
   */
  encodeForLine(message: Message, strength: Strength, key?: number): Uint8Array;
  /** Never throws; see `decodeDatagram`. A signed ping payload is refused: it belongs into an echo reply. */
  decode(bytes: Uint8Array): Decoded;
  /** @returns the payload of an echo request. Strong if the key allows: then it is worthless even to an original peer (weaknesses.md C2). */
  encodePing(question: PingQuestion): Uint8Array;
  /** Reads the payload of an echo reply. Never throws. Whether the counter is the expected one is the caller's to judge. */
  decodePing(bytes: Uint8Array): AnsweredPing | Refused;
}

/** A message that somebody with one of our keys has signed, its digest taken off; or why there is none. */
export type Decoded =
  | {
      readonly ok: true;
      readonly message: Message;
      /** The authkeys entry that signed it. */
      readonly index: number;
      readonly authenticated: Authenticated;
    }
  | Refused;

export interface CodecOptions {
  readonly keys: WireKeys;
  readonly digests: Digests;
  /** Add the inner `auth` field, as the original does with `msgfmt classic`. Receivers accept both. */
  readonly innerAuth?: boolean;
}

/** @throws RangeError when the keys are unusable (see `createKeyring`). */
export function createCodec({ keys, digests, innerAuth = true }: CodecOptions): Codec {
  const keyring = createKeyring(keys, digests);
  return {
    encode: (message, strength, key) => encodeDatagram(signingWith(keyring, key), message, strength, innerAuth),
    encodeForLine: (message, strength, key) => encodeForLine(signingWith(keyring, key), message, strength),
    decode: (bytes) => {
      const decoded = decodeDatagram(keyring, bytes);
      return decoded.ok && isPing(decoded.message)
        ? refused("ping-payload", `node ${sourceOf(decoded.message)}`)
        : decoded;
    },
    encodePing: (question) => encodeDatagram(keyring, pingMessage(question), "strong", true),
    decodePing: (bytes) => {
      const decoded = decodeDatagram(keyring, bytes);
      return decoded.ok ? (readPing(decoded.message) ?? refused("not-ping-payload")) : decoded;
    },
  };
}

const signingWith = (keyring: Keyring, index: number | undefined): Keyring => {
  const sending = index === undefined ? undefined : keyring.byIndex.get(index);
  return sending === undefined ? keyring : { ...keyring, sending };
};

/** Only ever shown for a message whose digest was right, so the name comes from a holder of the key. */
const sourceOf = (message: Message): string => textOf(message, "src") ?? "?";

/**
 * @returns the message as a netstring datagram with its digest. The strong form has no inner digest: nobody who can read it looks at one.
 * @throws RangeError when the message has too many fields, unwritable names, or no room in a datagram; one that was read with
 *   `CLIENT_LIMITS` always fits.
 */
export function encodeDatagram(keyring: Keyring, message: Message, strength: Strength, innerAuth: boolean): Uint8Array {
  const key = keyring.sending;
  const fields = withoutAuth(message);
  if (fields.length > DATAGRAM_LIMITS.fields) throw new RangeError(`a message of ${fields.length} fields`);
  const inner = innerAuth && !signsStrongly(key, strength);
  const signed = inner ? [...fields, { name: AUTH, value: sign(key, strength, classicBody(fields)) }] : fields;
  const encoded = encodeNetstring(signed);
  const datagram = appendAuth(encoded, sign(key, strength, encoded));
  if (datagram.length > DATAGRAM_LIMITS.bytes) throw new RangeError(`a message of ${datagram.length} bytes`);
  return datagram;
}

function encodeForLine(keyring: Keyring, message: Message, strength: Strength): Uint8Array {
  const fields = withoutAuth(message);
  if (fields.length > DATAGRAM_LIMITS.fields) throw new RangeError(`a message of ${fields.length} fields`);
  return signClassic(fields, (signed) => sign(keyring.sending, strength, signed));
}

/**
 * Reads a datagram of either encoding. The digest is checked before any field is looked at; until then the work is to follow lengths
 * (or find newlines), and the memory a small multiple of the datagram's.
 */
export function decodeDatagram(keyring: Keyring, bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return refused("empty");
  if (bytes.length > DATAGRAM_LIMITS.bytes) return refused("too-large", `${bytes.length} bytes`);
  if (hasTextAt(bytes, 0, NETSTRING_HEAD)) return decodeSignedNetstring(keyring, bytes);
  if (hasTextAt(bytes, 0, CLASSIC_HEAD)) return decodeSignedClassic(keyring, bytes);
  return refused("not-ours");
}

function decodeSignedNetstring(keyring: Keyring, bytes: Uint8Array): Decoded {
  const frame = frameNetstring(bytes);
  if (!frame.ok) return frame;
  const verified = verify(keyring, frame.auth, bytes.subarray(0, frame.signedEnd));
  return verified.ok ? signedBy(verified, parseNetstring(bytes)) : verified;
}

function decodeSignedClassic(keyring: Keyring, bytes: Uint8Array): Decoded {
  const frame = frameClassic(bytes);
  if (!frame.ok) return frame;
  const verified = verify(keyring, frame.auth, frame.signed);
  return verified.ok ? signedBy(verified, parseClassic(bytes, frame.lines)) : verified;
}

/** The inner digest says nothing more once the outer one was right (wire.md 2.3). */
function signedBy({ index, authenticated }: Verified, parsed: Parsed): Decoded {
  return parsed.ok ? { ok: true, message: withoutAuth(parsed.message), index, authenticated } : parsed;
}

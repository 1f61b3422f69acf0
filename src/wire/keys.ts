import { bytesFrom, hexFrom } from "./bytes.js";
import { crc32 } from "./crc.js";
import type { Digests } from "./digests.js";

/** authkeys as the wire needs it. The configuration's own type fits. */
export interface WireKeys {
  /** Index of the entry that signs what we send (`auth N`). */
  readonly sendIndex: number;
  readonly byIndex: ReadonlyMap<number, WireKey>;
}
export interface WireKey {
  readonly index: number;
  readonly method: Method;
  /** The word from authkeys as bytes; empty for crc. */
  readonly secret: Uint8Array;
}
export type Method = "crc" | "md5" | "sha1" | "hmac-sha256";

/** Name of our own method, in authkeys and inside a strong digest text. */
export const STRONG_METHOD = "hmac-sha256";

/** The strong digest has a key of its own, so that no digest of the original's methods says anything about it. */
const STRONG_KEY_LABEL = "heartbeat hmac-sha256 v1";

/** @returns the digest of `data` as it is written on the wire. */
export type Digester = (data: Uint8Array) => string;

/** What an authkeys entry can compute. */
export interface PreparedKey {
  readonly index: number;
  /** The original's digest: what goes behind `<index> `. Absent for an `hmac-sha256` entry, which has only the strong form. */
  readonly plain: Digester | undefined;
  /** Our own digest: what goes behind `<index> hmac-sha256 `. Absent for crc, which has no secret. */
  readonly strong: Digester | undefined;
  /** The method of this entry with the secret of the sending entry, as the original computes it (wire.md 3.1); only where that differs from `plain`. */
  readonly original: Digester | undefined;
}

export interface Keyring {
  readonly sending: PreparedKey;
  readonly byIndex: ReadonlyMap<number, PreparedKey>;
}

/** @returns the keys ready for use. @throws RangeError when the sending entry is missing or a secret is: the configuration checks both. */
export function createKeyring(keys: WireKeys, digests: Digests): Keyring {
  const sender = keys.byIndex.get(keys.sendIndex);
  if (sender === undefined) throw new RangeError(`no key with the index ${keys.sendIndex} to send with`);
  const byIndex = new Map<number, PreparedKey>();
  for (const [index, key] of keys.byIndex) {
    if (index !== key.index) throw new RangeError(`key ${key.index} is filed under the index ${index}`);
    byIndex.set(index, prepare(key, sender, digests));
  }
  const sending = prepare(sender, sender, digests);
  return { sending, byIndex };
}

function prepare(key: WireKey, sender: WireKey, digests: Digests): PreparedKey {
  if (key.method !== "crc" && key.secret.length === 0) throw new RangeError(`key ${key.index} has no secret`);
  return {
    index: key.index,
    plain: plainDigester(key.method, key.secret, digests),
    strong: key.method === "crc" ? undefined : strongDigester(key.secret, digests),
    original:
      isKnownToOriginal(sender) && !sameSecret(key, sender)
        ? plainDigester(key.method, sender.secret, digests)
        : undefined,
  };
}

/**
 * Whether an original peer could have borrowed the secret of this sending entry. Not that of crc: it is empty, and a digest with an
 * empty secret is one that anybody can compute.
 */
const isKnownToOriginal = (sender: WireKey): boolean => sender.method === "md5" || sender.method === "sha1";

function plainDigester(method: Method, secret: Uint8Array, digests: Digests): Digester | undefined {
  if (method === STRONG_METHOD) return undefined;
  if (method === "crc") return (data) => crc32(data).toString(16);
  return (data) => hexFrom(digests.hmac(method, secret, data));
}

function strongDigester(secret: Uint8Array, digests: Digests): Digester {
  const key = digests.hmac("sha256", secret, bytesFrom(STRONG_KEY_LABEL));
  return (data) => hexFrom(digests.hmac("sha256", key, data));
}

const sameSecret = (left: WireKey, right: WireKey): boolean =>
  left.method === "crc" || hexFrom(left.secret) === hexFrom(right.secret);

import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

/**
 * The hash functions of the wire format, by OpenSSL through Node. Fits `Digests` of `wire/`, which this room may not name.
 * Key objects are kept as long as the key bytes live: making one costs as much as a digest.
 */
const keyObjects = new WeakMap<Uint8Array, KeyObject>();

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key);
  if (known !== undefined) return known;
  const made = createSecretKey(key);
  keyObjects.set(key, made);
  return made;
}

export const digests = {
  /** @returns HMAC (RFC 2104) of `data`. The key bytes must not change afterwards. @throws Error when OpenSSL forbids the method (md5 in FIPS mode). */
  hmac: (method: "md5" | "sha1" | "sha256", key: Uint8Array, data: Uint8Array): Uint8Array =>
    createHmac(method, keyObjectOf(key)).update(data).digest(),
};

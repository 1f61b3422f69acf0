import { createHmac } from "node:crypto";

/** The hash functions of the wire format, by OpenSSL through Node. Fits `Digests` of `wire/`, which this room may not name. */
export const digests = {
  /** @returns HMAC (RFC 2104) of `data`. @throws Error when OpenSSL forbids the method (md5 in FIPS mode). */
  hmac: (method: "md5" | "sha1" | "sha256", key: Uint8Array, data: Uint8Array): Uint8Array =>
    createHmac(method, key).update(data).digest(),
};

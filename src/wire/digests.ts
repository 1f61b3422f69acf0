/** The hash functions that the wire format needs, given by the outside so that `wire/` stays free of Node. */
export interface Digests {
  /** @returns HMAC (RFC 2104) of `data`: 16 bytes for md5, 20 for sha1, 32 for sha256. */
  hmac(method: "md5" | "sha1" | "sha256", key: Uint8Array, data: Uint8Array): Uint8Array;
}

/**
 * The digest behind every datagram between a node and a witness: HMAC-SHA-256 by a key that is made from a secret of authkeys and is used
 * for nothing else, so that no heartbeat is ever a claim, nor the other way round.
 */
import { bytesFrom } from "../wire/bytes.js";
import type { Digests } from "../wire/digests.js";
import type { WireKeys } from "../wire/keys.js";
import { DIGEST_SIZE } from "./datagram.js";

const LABEL = "heartbeat witness v1";

/** What one entry of authkeys can do here. */
export interface Seal {
  readonly index: number;
  /** Writes the digest into the last 32 bytes. */
  close(datagram: Uint8Array): Uint8Array;
  /** Whether the last 32 bytes are the digest of those before. */
  isWhole(datagram: Uint8Array): boolean;
}

export interface Seals {
  /** The one to send with. */
  readonly sending: Seal;
  readonly byIndex: ReadonlyMap<number, Seal>;
}

/** @returns the seals of a cluster; `undefined` when the entry to send with has no secret (crc) or is missing. */
export function createSeals(keys: WireKeys, digests: Digests): Seals | undefined {
  const withSecret = [...keys.byIndex.values()].filter(({ secret }) => secret.length > 0);
  const byIndex = new Map(withSecret.map(({ index, secret }) => [index, sealOf(index, secret, digests)]));
  const sending = byIndex.get(keys.sendIndex);
  return sending === undefined ? undefined : { sending, byIndex };
}

function sealOf(index: number, secret: Uint8Array, digests: Digests): Seal {
  const key = digests.hmac("sha256", secret, bytesFrom(LABEL));
  const digestOf = (datagram: Uint8Array): Uint8Array =>
    digests.hmac("sha256", key, datagram.subarray(0, datagram.length - DIGEST_SIZE));
  return {
    index,
    close(datagram) {
      datagram.set(digestOf(datagram), datagram.length - DIGEST_SIZE);
      return datagram;
    },
    isWhole: (datagram) =>
      datagram.length > DIGEST_SIZE && isSame(digestOf(datagram), datagram.subarray(datagram.length - DIGEST_SIZE)),
  };
}

/** In a time that does not depend on where they differ. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0);
  return difference === 0;
}

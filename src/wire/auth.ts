import type { Strength } from "../core/effect.js";
import type { Authenticated } from "../core/event.js";
import { equalInConstantTime } from "./bytes.js";
import { type Digester, type Keyring, type PreparedKey, STRONG_METHOD } from "./keys.js";
import { type Refused, refused } from "./refusal.js";

/**
 * The digest text, `<index> <digest>` (wire.md 3), or in our own form `<index> hmac-sha256 <digest>`. The index in a received one selects
 * method and secret among all entries of authkeys, so that a cluster can change its key one node after the other (weaknesses.md
 * D1). Because original peers with several entries use the secret of their sending entry instead, that one is tried as well.
 */

/** One spelling per digest: no leading zero, no upper case, nothing around it. The lengths are those of `crc` to `hmac-sha256`. */
const FORM = /^(0|[1-9]\d{0,2}) (?:(hmac-sha256) )?([0-9a-f]{1,64})$/;
/** No digest text is longer; anything that is need not be searched. */
const LONGEST = 100;

/** Whether a key signs in the strong form when asked for `strength`: crc never can, an `hmac-sha256` entry always does. */
export const signsStrongly = (key: PreparedKey, strength: Strength): boolean =>
  key.plain === undefined || (strength === "strong" && key.strong !== undefined);

/** @returns the digest text of `data`. */
export function sign(key: PreparedKey, strength: Strength, data: Uint8Array): string {
  const { plain, strong } = key;
  if (strong !== undefined && (plain === undefined || strength === "strong"))
    return `${key.index} ${STRONG_METHOD} ${strong(data)}`;
  if (plain === undefined) throw new RangeError(`key ${key.index} cannot sign`);
  return `${key.index} ${plain(data)}`;
}

/** The entry whose secret the digest was made with, and how much that proves. */
export interface Verified {
  readonly ok: true;
  readonly index: number;
  readonly authenticated: Authenticated;
}

/** Checks a received digest text against `data`. */
export function verify(keyring: Keyring, auth: string | undefined, data: Uint8Array): Verified | Refused {
  if (auth === undefined) return refused("no-auth");
  const match = auth.length <= LONGEST ? FORM.exec(auth) : null;
  if (match === null) return refused("bad-auth");
  const [, number = "", method, digest = ""] = match;
  const index = Number(number);
  const key = keyring.byIndex.get(index);
  if (key === undefined) return refused("unknown-key-index", `index ${index}`);
  const usual = method === undefined ? key.plain : key.strong;
  if (usual === undefined) return refused("method-mismatch", `index ${index}`);
  const borrowed = method === undefined ? key.original : undefined;
  const own = isRight(usual, data, digest);
  if (!own && !isRight(borrowed, data, digest)) return refused("bad-digest", `index ${index}`);
  // With a borrowed secret the entry of that index has another one: who wants to be read answers with the sending entry.
  return {
    ok: true,
    index: own ? index : keyring.sending.index,
    authenticated: method === undefined ? "configured" : "strong",
  };
}

const isRight = (digester: Digester | undefined, data: Uint8Array, digest: string): boolean =>
  digester !== undefined && equalInConstantTime(digester(data), digest);

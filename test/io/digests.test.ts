import assert from "node:assert/strict";
import { test } from "node:test";
import { digests } from "../../src/io/digests.js";
import type { Digests } from "../../src/wire/digests.js";

/** RFC 2202 test case 2 and RFC 4231 test case 2, and case 3 of RFC 2202 for a key longer than a block. */
const CASES = [
  ["md5", "Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738"],
  ["sha1", "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
  [
    "sha256",
    "Jefe",
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "sha1",
    "\xaa".repeat(80),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "aa4ae5e15272d00e95705637ce8a3b55ed402112",
  ],
] as const;

test("digests are those of the standards, and fit what the wire format asks for", () => {
  const fits: Digests = digests;
  for (const [method, key, data, expected] of CASES) {
    const bytes = Buffer.from(key, "latin1");
    assert.equal(Buffer.from(fits.hmac(method, bytes, Buffer.from(data))).toString("hex"), expected);
  }
});

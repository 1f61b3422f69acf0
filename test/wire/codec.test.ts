import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { Keys } from "../../src/config/config.js";
import type { Message } from "../../src/core/message.js";
import { digests } from "../../src/io/digests.js";
import { decodeClassic, encodeClassic } from "../../src/wire/classic.js";
import { createCodec } from "../../src/wire/codec.js";
import type { WireKeys } from "../../src/wire/keys.js";
import { CLIENT_LIMITS, DATAGRAM_LIMITS } from "../../src/wire/refusal.js";
import { anyMessage, codecOf, key, keysOf, latin1, STATUS, seeded, textOfBytes } from "./support.js";

const SHA1 = key(2, "sha1", "aaa");
const sha1 = codecOf(2, SHA1);

/** Why this text, as a datagram, is not believed. */
const refusalOf = (text: string, codec = sha1): string => {
  const decoded = codec.decode(latin1(text));
  return decoded.ok ? "believed" : decoded.refusal;
};

/** `body` in a netstring frame, signed with the right key: what a broken but honest peer might send. */
function signedNetstring(body: string): string {
  const data = `###\n${body}%%%\n`;
  const auth = `2 ${createHmac("sha1", "aaa").update(data, "latin1").digest("hex")}`;
  return `${data}${auth.length}:${auth},`;
}

function signedClassic(body: string): string {
  return `>>>\n${body}auth=2 ${createHmac("sha1", "aaa").update(body, "latin1").digest("hex")}\n<<<\n`;
}

/** The datagram text with its last netstring, the digest, replaced. */
function withAuth(datagram: Uint8Array, auth: string): string {
  const text = textOfBytes(datagram);
  return `${text.slice(0, text.lastIndexOf("%%%\n") + 4)}${auth.length}:${auth},`;
}

test("the datagram that ended the original's master process is refused", () => {
  assert.equal(refusalOf("###\n11:(9)t=status,%%%\n"), "no-auth");
  assert.equal(refusalOf(signedNetstring("11:(9)t=status,")), "unknown-type");
  assert.equal(refusalOf(signedNetstring("11:(6)t=status,")), "unknown-type");
});

test("every malformed datagram is refused by its name", () => {
  const table: readonly (readonly [string, string])[] = [
    ["", "empty"],
    ["x", "not-ours"],
    ["###", "not-ours"],
    [">>>", "not-ours"],
    ["###\r\n", "not-ours"],
    ["###\n", "truncated"],
    ["###\n5", "truncated"],
    ["###\n5:abc", "truncated"],
    ["###\n5:(0)a=", "truncated"],
    ["###\n5:(0)a=,", "truncated"],
    ["###\n%%%", "bad-length"],
    ["###\n4:(0)a=,%%%\n", "bad-length"],
    ["###\n-1:(0)a=,%%%\n", "bad-length"],
    ["###\n05:(0)a=,%%%\n", "bad-length"],
    ["###\n+5:(0)a=,%%%\n", "bad-length"],
    ["###\n5 :(0)a=,%%%\n", "bad-length"],
    ["###\n:(0)a=,%%%\n", "bad-length"],
    ["###\n99999:(0)a=,%%%\n", "truncated"],
    ["###\n4294967301:(0)a=,%%%\n", "bad-length"],
    ["###\n%%%\n", "no-auth"],
    ["###\n%%%\n4:2 ab,\n", "trailing-bytes"],
    ["###\n%%%\n4:2 ab,\0", "trailing-bytes"],
    ["###\n%%%\n4:2 ab", "truncated"],
    ["###\n%%%\n0:,", "bad-auth"],
    ["###\n%%%\n3:2ab,", "bad-auth"],
    ["###\n%%%\n5:02 ab,", "bad-auth"],
    ["###\n%%%\n4:2 AB,", "bad-auth"],
    ["###\n%%%\n5:2  ab,", "bad-auth"],
    ["###\n%%%\n8:2 sha1 a,", "bad-auth"],
    [`###\n%%%\n99999:${"a".repeat(5)},`, "truncated"],
    [`###\n%%%\n10002:2 ${"a".repeat(10_000)},`, "bad-auth"],
    ["###\n%%%\n4:5 ab,", "unknown-key-index"],
    ["###\n%%%\n4:2 ab,", "bad-digest"],
    ["###\n".concat("4:(0)a,".repeat(600), "%%%\n"), "too-many-fields"],
    ["x".repeat(65_508), "too-large"],
    [">>>\n", "truncated"],
    [">>>\nt=status\n", "truncated"],
    [">>>\nt=status\n<<<", "truncated"],
    [">>>\nt=status\n<<<\n", "no-auth"],
    [">>>\nt=status\nauth=(nil)\n<<<\n", "bad-auth"],
    [">>>\nt=status\nauth=5 ab\n<<<\n", "unknown-key-index"],
    [">>>\nt=status\nauth=2 ab\n<<<\n", "bad-digest"],
    [">>>\nt=status\nauth=2 ab\n<<<\n\0", "bad-digest"],
    [">>>\nt=status\nauth=2 ab\n<<<\n\0\0", "trailing-bytes"],
    [">>>\nt=status\nauth=2 ab\n<<<\nx", "trailing-bytes"],
    [">>>\n".concat("a=\n".repeat(600), "<<<\n"), "too-many-fields"],
  ];
  for (const [text, refusal] of table) assert.equal(refusalOf(text), refusal, JSON.stringify(text.slice(0, 60)));
});

test("a signed message with a field that means nothing here is refused by its name", () => {
  for (const type of [2, 4, 5]) {
    assert.equal(refusalOf(signedNetstring(`6:(${type})a=b,`)), "unsupported-type");
    assert.equal(refusalOf(signedClassic(`(${type})a=b\n`)), "unsupported-type");
  }
  for (const type of [6, 7, 8, 9, 10, 255]) {
    const field = `(${type})a=b`;
    assert.equal(refusalOf(signedNetstring(`${field.length}:${field},`)), "unknown-type");
    assert.equal(refusalOf(signedClassic(`${field}\n`)), "unknown-type");
  }
  for (const field of ["", "a=b", "(0)ab", "(0)=b", "(x)a=b", "(0a=b", "()a=b", "(0)(a=b", "(0)a\nb=c", "(0)\xe4=b"])
    assert.equal(refusalOf(signedNetstring(`${field.length}:${field},`)), "bad-field", field);
  for (const line of ["", "ab", "=b", "(0)a=b", "(x)a=b", "(1a=b", "()a=b", "\xe4=b", "(1)=AAAA"])
    assert.equal(refusalOf(signedClassic(`${line}\n`)), "bad-field", line);
  for (const value of ["A", "AA", "AAA", "AA=A", "A===", "AAAA\r", "AAB=", "AB==", "====", "AA\xe4A", " AAAA"])
    assert.equal(refusalOf(signedClassic(`(1)a=${value}\n`)), "bad-base64", value);
});

test("a list of strings, as ccm sends it, comes back as it went in both encodings", () => {
  const message: Message = [
    { name: "t", value: "CCM_TYPE_MEM_LIST" },
    { name: "ccmuptimelist", value: "8:33554432,8:16777216,", isList: true },
  ];
  const decoded = sha1.decode(sha1.encode(message, "configured"));
  assert.deepEqual(decoded.ok && decoded.message, message);
  const classic = encodeClassic(message, "\0");
  assert.match(textOfBytes(classic), /^>>>\nt=CCM_TYPE_MEM_LIST\n\(3\)ccmuptimelist=8:33554432,8:16777216,\n<<<\n\0$/);
  assert.deepEqual(decodeClassic(classic, CLIENT_LIMITS), { ok: true, message });
});

test("a field without '=' does not borrow one from its neighbour", () => {
  assert.equal(refusalOf(signedNetstring("5:(0)ab,6:(0)c=d,")), "bad-field");
  assert.equal(refusalOf(signedClassic("ab\nc=d\n")), "bad-field");
});

test("no refusal tells the digest that would have been right", () => {
  const datagram = sha1.encode(STATUS, "configured");
  const right = /2 ([0-9a-f]{40}),$/.exec(textOfBytes(datagram))![1]!;
  const decoded = sha1.decode(latin1(withAuth(datagram, `2 ${"0".repeat(40)}`)));
  assert.deepEqual(decoded, { ok: false, refusal: "bad-digest", detail: "index 2" });
  assert.ok(!JSON.stringify(decoded).includes(right.slice(0, 8)));
});

test("a digest is refused whether it differs in its first or in its last digit, or is cut off or continued", () => {
  const datagram = sha1.encode(STATUS, "configured");
  const right = /2 ([0-9a-f]{40}),$/.exec(textOfBytes(datagram))![1]!;
  const other = (digit: string): string => (digit === "0" ? "1" : "0");
  assert.equal(refusalOf(withAuth(datagram, `2 ${right}`)), "believed");
  for (const wrong of [
    other(right[0]!) + right.slice(1),
    right.slice(0, -1) + other(right.at(-1)!),
    right.slice(0, -1),
    `${right}0`,
  ])
    assert.equal(refusalOf(withAuth(datagram, `2 ${wrong}`)), "bad-digest");
});

test("whatever message is sent, with whatever key and in whatever strength, is what is received", (t) => {
  const keys = [key(1, "crc"), key(2, "sha1", "one"), key(3, "md5", "two"), key(15, "hmac-sha256", "three")];
  const arbitrary = fc.record({
    message: anyMessage,
    index: fc.constantFrom(1, 2, 3, 15),
    strength: fc.constantFrom("configured" as const, "strong" as const),
    innerAuth: fc.boolean(),
  });
  const property = fc.property(arbitrary, ({ message, index, strength, innerAuth }) => {
    const codec = createCodec({ keys: keysOf(index, ...keys), digests, innerAuth });
    const authenticated = index === 15 || (strength === "strong" && index !== 1) ? "strong" : "configured";
    assert.deepEqual(codec.decode(codec.encode(message, strength)), { ok: true, message, index, authenticated });
  });
  fc.assert(property, seeded(t));
});

test("the strong digest is HMAC-SHA-256 under a key of its own and leaves the inner digest away", () => {
  const text = textOfBytes(sha1.encode([{ name: "t", value: "status" }], "strong"));
  const data = "###\n11:(0)t=status,%%%\n";
  const strongKey = createHmac("sha256", "aaa").update("heartbeat hmac-sha256 v1").digest();
  assert.equal(text, `${data}78:2 hmac-sha256 ${createHmac("sha256", strongKey).update(data).digest("hex")},`);
});

test("strong and configured digests cannot be passed off as each other", () => {
  const explicit = codecOf(2, key(2, "hmac-sha256", "aaa"));
  const hex = "0".repeat(64);
  assert.equal(refusalOf(withAuth(sha1.encode(STATUS, "strong"), `2 ${hex}`)), "bad-digest");
  assert.equal(refusalOf(withAuth(explicit.encode(STATUS, "strong"), `2 ${hex}`), explicit), "method-mismatch");
  const crc = codecOf(1, key(1, "crc"));
  assert.equal(refusalOf(withAuth(crc.encode(STATUS, "strong"), `1 hmac-sha256 ${hex}`), crc), "method-mismatch");
  const asSent = /hmac-sha256 ([0-9a-f]{64}),$/.exec(textOfBytes(sha1.encode(STATUS, "strong")))![1]!;
  assert.equal(refusalOf(withAuth(sha1.encode(STATUS, "strong"), `2 ${asSent}`)), "bad-digest");
});

test("a node with authkeys of method hmac-sha256 hears one that uses its sha1 entry of the same secret strongly", () => {
  const explicit = codecOf(2, key(2, "hmac-sha256", "aaa"));
  const heard = explicit.decode(sha1.encode(STATUS, "strong"));
  assert.deepEqual(heard, { ok: true, message: STATUS, index: 2, authenticated: "strong" });
});

test("keys can be changed one node after the other: every listed key is accepted", () => {
  const old = key(1, "sha1", "old");
  const next = key(2, "md5", "new");
  const before = codecOf(1, old, next);
  const after = codecOf(2, old, next);
  for (const strength of ["configured", "strong"] as const) {
    assert.equal(after.decode(before.encode(STATUS, strength)).ok, true);
    assert.equal(before.decode(after.encode(STATUS, strength)).ok, true);
  }
});

test("a digest by the original's rule, method of the index with the secret of the sending entry, is accepted too", () => {
  const mine = codecOf(1, key(1, "sha1", "aaa"), key(2, "md5", "bbb"));
  const theirs = codecOf(2, key(1, "sha1", "bbb"), key(2, "md5", "aaa"));
  assert.equal(mine.decode(theirs.encode(STATUS, "configured")).ok, true);
  assert.equal(mine.decode(codecOf(2, key(2, "md5", "ccc")).encode(STATUS, "configured")).ok, false);
  const strong = mine.decode(theirs.encode(STATUS, "strong"));
  assert.equal(strong.ok, false, "the strong form has no such past");
});

test("signed with the entry that an original signs with, a message says so and is read by who lists nothing else; an unlisted entry is none", () => {
  const mine = codecOf(1, key(1, "sha1", "old"), key(2, "md5", "new"));
  const theirs = codecOf(2, key(2, "md5", "new"));
  assert.equal(theirs.decode(mine.encode(STATUS, "configured")).ok, false);
  const heard = theirs.decode(mine.encode(STATUS, "configured", 2));
  assert.deepEqual(heard, { ok: true, message: STATUS, index: 2, authenticated: "configured" });
  assert.deepEqual(mine.encode(STATUS, "configured", 7), mine.encode(STATUS, "configured"));
});

test("of a digest with a borrowed secret the entry is the one that sends: the other one of that index has another secret", () => {
  const mine = codecOf(1, key(1, "sha1", "aaa"), key(2, "md5", "bbb"));
  const heard = mine.decode(codecOf(2, key(2, "md5", "aaa")).encode(STATUS, "configured"));
  assert.deepEqual(heard, { ok: true, message: STATUS, index: 1, authenticated: "configured" });
});

test("who talks with whom is as the reference measured it, or better where the original was deaf", () => {
  const [crc, sha1Aaa, sha1Bbb, md5Aaa] = [
    key(1, "crc"),
    key(1, "sha1", "aaa"),
    key(2, "sha1", "bbb"),
    key(2, "md5", "aaa"),
  ];
  const talk = (a: readonly ReturnType<typeof key>[], b: readonly ReturnType<typeof key>[]): readonly boolean[] => {
    const [alpha, bravo] = [codecOf(1, ...a), codecOf(2, ...b)];
    return [bravo.decode(alpha.encode(STATUS, "configured")).ok, alpha.decode(bravo.encode(STATUS, "configured")).ok];
  };
  assert.deepEqual(talk([sha1Aaa, sha1Bbb], [sha1Aaa, sha1Bbb]), [true, true], "the original: deaf both ways");
  assert.deepEqual(talk([sha1Aaa, SHA1], [sha1Aaa, SHA1]), [true, true]);
  assert.deepEqual(talk([sha1Aaa, md5Aaa], [sha1Aaa, md5Aaa]), [true, true]);
  assert.deepEqual(talk([crc, SHA1], [crc, SHA1]), [true, true], "the original: alpha deaf");
  assert.deepEqual(talk([sha1Aaa], [sha1Bbb]), [false, false]);
  assert.deepEqual(talk([sha1Aaa], [sha1Aaa, sha1Bbb]), [true, false], "alpha does not list key 2");
});

test("a node that sends with crc does not accept other methods with an empty secret", () => {
  const receiver = codecOf(1, key(1, "crc"), key(2, "sha1", "aaa"));
  const data = "###\n11:(0)t=status,%%%\n";
  const forged = `2 ${createHmac("sha1", "").update(data).digest("hex")}`;
  assert.equal(refusalOf(`${data}${forged.length}:${forged},`, receiver), "bad-digest");
});

test("keys that cannot work are an error at once, not at the first heartbeat", () => {
  assert.throws(() => codecOf(3, SHA1), RangeError);
  assert.throws(() => codecOf(1, key(1, "sha1", "")), RangeError);
  assert.throws(() => createCodec({ keys: { sendIndex: 1, byIndex: new Map([[1, SHA1]]) }, digests }), RangeError);
});

test("the keys of the configuration fit", () => {
  const fits = (keys: Keys): WireKeys => keys;
  assert.equal(typeof fits, "function");
});

test("the inner digest is neither needed nor looked at", () => {
  const datagram = signedNetstring("11:(0)t=status,12:(0)auth=junk,");
  assert.deepEqual(sha1.decode(latin1(datagram)), {
    ok: true,
    message: [{ name: "t", value: "status" }],
    index: 2,
    authenticated: "configured",
  });
});

test("of several digests in a classic message the first one counts, as the first of equal names always does", () => {
  const genuine = signedClassic("t=status\n");
  assert.equal(refusalOf(genuine.replace("<<<", "auth=2 00\n<<<")), "believed");
  assert.equal(refusalOf(genuine.replace("auth=", "auth=2 00\nauth=")), "bad-digest");
});

test("a message that already carries a digest is signed anew", () => {
  const stale: Message = [{ name: "auth", value: "2 00" }, ...STATUS, { name: "auth", value: "2 11" }];
  assert.deepEqual(sha1.encode(stale, "configured"), sha1.encode(STATUS, "configured"));
});

test("what is decoded does not change when the datagram's buffer is used again", () => {
  const datagram = sha1.encode(STATUS, "configured");
  const decoded = sha1.decode(datagram);
  datagram.fill(0);
  assert.deepEqual(decoded.ok && decoded.message, STATUS);
});

test("a message of a local client, as long as it may be, still fits into a datagram with all that is added", () => {
  const trailer = STATUS.map(({ name, value }) => ({ name: `x${name}`, value }));
  for (const count of [1, CLIENT_LIMITS.fields]) {
    const overhead = ">>>\n<<<\n".length + 5 * count;
    const size = Math.floor((CLIENT_LIMITS.bytes - overhead) / count);
    const request = encodeClassic(Array.from({ length: count }, () => ({ name: "abcd", value: "x".repeat(size - 1) })));
    const decoded = decodeClassic(request, CLIENT_LIMITS);
    assert.ok(decoded.ok);
    const datagram = sha1.encode([...decoded.message, ...trailer], "configured");
    assert.ok(datagram.length <= DATAGRAM_LIMITS.bytes);
    assert.equal(sha1.decode(datagram).ok, true);
  }
});

test("a message that no datagram can hold is our own mistake and said so", () => {
  assert.throws(() => sha1.encode([{ name: "a", value: "x".repeat(65_500) }], "configured"), RangeError);
  assert.throws(
    () =>
      sha1.encode(
        Array.from({ length: 513 }, () => ({ name: "a", value: "" })),
        "configured",
      ),
    RangeError,
  );
  assert.throws(() => sha1.encode([{ name: "a=b", value: "" }], "configured"), RangeError);
  assert.equal(
    sha1.decode(
      sha1.encode(
        Array.from({ length: 512 }, () => ({ name: "a", value: "" })),
        "configured",
      ),
    ).ok,
    true,
  );
});

test("a character without a byte is sent as a question mark", () => {
  const decoded = sha1.decode(sha1.encode([{ name: "info", value: "caf\xe9 \u20ac" }], "configured"));
  assert.deepEqual(decoded.ok && decoded.message, [{ name: "info", value: "caf\xe9 ?" }]);
});

test("for a serial line every message is written in the classic encoding, as the original's vectors are, and is read again", () => {
  for (const strength of ["configured", "strong"] as const) {
    const line = sha1.encodeForLine(STATUS, strength);
    assert.match(textOfBytes(line), /^>>>\nt=status\n(?:[^\n]+\n)+auth=2 [^\n]+\n<<<\n$/);
    const decoded = sha1.decode(line);
    assert.deepEqual(decoded, { ok: true, message: STATUS, index: 2, authenticated: strength });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBase64, toBase64 } from "../../src/wire/base64.js";
import { classicBody, decodeClassic, encodeClassic } from "../../src/wire/classic.js";
import { crc32 } from "../../src/wire/crc.js";
import { decodeNetstring, encodeNetstring } from "../../src/wire/netstring.js";
import { anyMessage, latin1, STATUS, seeded, textOfBytes } from "./support.js";

test("a netstring field counts from its type to its last byte", () => {
  const encoded = encodeNetstring([
    { name: "t", value: "status" },
    { name: "id", value: Uint8Array.of(0, 0xff) },
  ]);
  assert.equal(textOfBytes(encoded), "###\n11:(0)t=status,8:(1)id=\0\xff,%%%\n");
});

test("every message survives the netstring encoding", (t) => {
  const property = fc.property(anyMessage, (message) => {
    assert.deepEqual(decodeNetstring(encodeNetstring(message)), { ok: true, message });
  });
  fc.assert(property, seeded(t));
});

test("every message survives the classic encoding, except that 0x13 becomes a newline", (t) => {
  const property = fc.property(anyMessage, fc.constantFrom("\0" as const, "" as const), (message, ending) => {
    const expected = message.map(({ name, value }) => ({
      name,
      value: typeof value === "string" ? value.replaceAll("\x13", "\n") : value,
    }));
    assert.deepEqual(decodeClassic(encodeClassic(message, ending)), { ok: true, message: expected });
  });
  fc.assert(property, seeded(t));
});

test("a text that looks like the end of the message does not end it", () => {
  const message = [
    { name: "info", value: "%%%\n3:x,<<<\n>>>\n###\n" },
    { name: "t", value: "status" },
  ];
  assert.deepEqual(decodeNetstring(encodeNetstring(message)), { ok: true, message });
  assert.deepEqual(decodeClassic(encodeClassic(message)), { ok: true, message });
});

test("a newline inside a classic text travels as 0x13", () => {
  assert.equal(textOfBytes(classicBody([{ name: "info", value: "a\nb\n" }])), "info=a\x13b\x13\n");
});

test("a message cut off anywhere is refused", () => {
  for (const [encoded, decode] of [
    [encodeNetstring(STATUS), decodeNetstring],
    [encodeClassic(STATUS), decodeClassic],
  ] as const)
    for (let length = 0; length < encoded.length; length++)
      assert.equal(decode(encoded.subarray(0, length)).ok, false, `${length} bytes`);
});

test("a message inside a larger buffer is read to its own end and no further", () => {
  for (const [encoded, decode] of [
    [encodeNetstring(STATUS), decodeNetstring],
    [encodeClassic(STATUS), decodeClassic],
  ] as const) {
    const buffer = new Uint8Array(encoded.length + 200).fill(0x2c);
    buffer.set(encoded, 100);
    assert.deepEqual(decode(buffer.subarray(100, 100 + encoded.length)), { ok: true, message: STATUS });
    assert.equal(decode(buffer.subarray(100, 99 + encoded.length)).ok, false);
  }
});

test("limits given by the caller are kept", () => {
  const limits = { bytes: 100, fields: 3 };
  const many = Array.from({ length: 5 }, () => ({ name: "a", value: "" }));
  const long = [{ name: "a", value: "x".repeat(100) }];
  for (const [encode, decode] of [
    [encodeNetstring, decodeNetstring],
    [encodeClassic, decodeClassic],
  ] as const) {
    assert.deepEqual(decode(encode(many), limits), { ok: false, refusal: "too-many-fields" });
    assert.deepEqual(decode(encode(long), limits), { ok: false, refusal: "too-large" });
    assert.equal(decode(encode(many.slice(2)), limits).ok, true);
  }
});

test("base64 is what Node writes, and only that is read", (t) => {
  const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const text = Buffer.from(bytes).toString("base64");
    assert.equal(toBase64(bytes), text);
    assert.deepEqual(fromBase64(text), bytes);
  });
  fc.assert(property, seeded(t));
  const strict = fc.property(fc.base64String({ maxLength: 12 }), fc.string({ maxLength: 2 }), (text, more) => {
    const bytes = fromBase64(text + more);
    assert.ok(bytes === undefined || toBase64(bytes) === text + more);
  });
  fc.assert(strict, seeded(t));
});

test("the crc is that of POSIX cksum without the length", () => {
  // 0x765e7680 is the published check value of CRC-32/CKSUM; cksum(1) appends the length, here the one byte 9.
  assert.equal(crc32(latin1("123456789")), 0x765e7680);
  assert.equal(crc32(latin1("123456789\t")), 930_766_865);
  assert.equal(crc32(latin1("heartbeat\t")), 3_332_386_042);
  assert.equal(crc32(latin1("")), 0xffffffff);
});

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { digests } from "../../src/io/digests.js";
import { sign } from "../../src/wire/auth.js";
import { classicBody, decodeClassic, encodeClassic } from "../../src/wire/classic.js";
import { decodeDatagram, encodeDatagram } from "../../src/wire/codec.js";
import { createKeyring, type Keyring } from "../../src/wire/keys.js";
import { bytesOfVector, key, keysOf, messageOf, type Vector, vectorsOf } from "./support.js";

/** Recordings of the original heartbeat 3.0.6: what it sent must read as it meant, and must be what we would send. */
const files = readdirSync(new URL("../../../test/vectors/wire/", import.meta.url)).filter(
  (name) => name.endsWith(".json") && name !== "README.json",
);

function keyringOf({ auth }: Vector): Keyring {
  assert.ok(auth.index !== undefined && auth.method !== null && auth.key !== null);
  return createKeyring(keysOf(auth.index, key(auth.index, auth.method, auth.key)), digests);
}

function readAndWriteNetstring(vector: Vector): void {
  const bytes = bytesOfVector(vector);
  const keyring = keyringOf(vector);
  const message = messageOf(vector, "without-auth");
  assert.deepEqual(
    decodeDatagram(keyring, bytes),
    { ok: true, message, index: vector.auth.index, authenticated: "configured" },
    vector.note,
  );
  const again = encodeDatagram(keyring, message, "configured", vector.inner_auth !== null);
  assert.equal(Buffer.from(again).toString("hex"), vector.hex, vector.note);
}

function readAndWriteClassic(vector: Vector): void {
  const bytes = bytesOfVector(vector);
  const message = messageOf(vector, "all");
  assert.deepEqual(decodeClassic(bytes), { ok: true, message }, vector.note);
  const ending = bytes.at(-1) === 0 ? "\0" : "";
  assert.equal(Buffer.from(encodeClassic(message, ending)).toString("hex"), vector.hex, vector.note);
  if (vector.inner_auth === null) return;
  const keyring = keyringOf(vector);
  const plain = messageOf(vector, "without-auth");
  assert.equal(sign(keyring.sending, "configured", classicBody(plain)), vector.inner_auth, vector.note);
  assert.deepEqual(decodeDatagram(keyring, bytes), {
    ok: true,
    message: plain,
    index: vector.auth.index,
    authenticated: "configured",
  });
}

test("there are recordings of every method and both encodings", () => {
  const kinds = new Set(files.flatMap(vectorsOf).map((vector) => `${vector.auth.method} ${vector.encoding}`));
  for (const kind of ["crc", "md5", "sha1"].flatMap((method) => [`${method} netstring`, `${method} classic`]))
    assert.ok(kinds.has(kind), kind);
});

for (const file of files) {
  const vectors = vectorsOf(file);
  test(`all ${vectors.length} packets of ${file} are read, verified and written again byte for byte`, () => {
    assert.ok(vectors.length > 0);
    for (const vector of vectors)
      if (vector.encoding === "netstring") readAndWriteNetstring(vector);
      else readAndWriteClassic(vector);
  });
  test(`no packet of ${file} is believed by a node with another secret`, () => {
    const stranger = createKeyring(
      keysOf(2, key(1, "sha1", "wrong"), key(2, "sha1", "wrong too"), key(3, "md5", "wrong")),
      digests,
    );
    const believed = vectors.filter((vector) => decodeDatagram(stranger, bytesOfVector(vector)).ok);
    assert.deepEqual(believed, []);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeName } from "../../src/core/names.js";
import type { PingQuestion } from "../../src/wire/ping.js";
import { bytesOfVector, codecOf, key, STATUS, textOfBytes, vectorsOf } from "./support.js";

const codec = codecOf(2, key(2, "sha1", "aaa"));
const question: PingQuestion = { kind: "ping", node: nodeName("172.30.105.254"), wall: 0x6b030d26, counter: 4711 };

test("the payload of an echo request comes back as the question that was asked", () => {
  for (const kind of ["ping", "ping_group"] as const) {
    const answered = codec.decodePing(codec.encodePing({ ...question, kind }));
    assert.deepEqual(answered, { ok: true, kind, node: question.node, counter: 4711 });
  }
});

test("the payload of an echo request is signed in a way that original peers do not accept either", () => {
  assert.match(textOfBytes(codec.encodePing(question)), /%%%\n78:2 hmac-sha256 [0-9a-f]{64},$/);
});

test("a recorded echo payload is refused where heartbeats are expected", () => {
  assert.deepEqual(codec.decode(codec.encodePing(question)), {
    ok: false,
    refusal: "ping-payload",
    detail: "node 172.30.105.254",
  });
  const recorded = vectorsOf("sha1-msgfmt-classic.json").find(({ transport }) => transport === "icmp8");
  assert.ok(recorded?.auth.key);
  const receiver = codecOf(2, key(2, "sha1", recorded.auth.key));
  const decoded = receiver.decode(bytesOfVector(recorded));
  assert.equal(!decoded.ok && decoded.refusal, "ping-payload");
});

test("a ping payload is known as one whatever the case of its type", () => {
  const shouted = codec.encode(
    [
      { name: "t", value: "ns_ST" },
      { name: "st", value: "ping" },
    ],
    "strong",
  );
  const decoded = codec.decode(shouted);
  assert.equal(!decoded.ok && decoded.refusal, "ping-payload");
});

test("a heartbeat is no answer of a ping node, nor is an unnumbered question", () => {
  const unnumbered = [
    { name: "t", value: "NS_st" },
    { name: "st", value: "ping" },
    { name: "info", value: "ping" },
    { name: "src", value: "172.30.105.254" },
    { name: "ts", value: "1" },
  ];
  for (const message of [STATUS, unnumbered])
    assert.deepEqual(codec.decodePing(codec.encode(message, "strong")), { ok: false, refusal: "not-ping-payload" });
});

test("an echo payload that was changed on its way is refused", () => {
  const payload = codec.encodePing(question);
  const text = textOfBytes(payload);
  payload[text.indexOf("105.254")] = 0x32;
  assert.deepEqual(codec.decodePing(payload), { ok: false, refusal: "bad-digest", detail: "index 2" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { arpRequest, checksum, echoRequest, hear, macBytes, neighbourSolicitation } from "../../src/lab/packets.js";

const MAC = "02:1a:b0:00:00:07";
const ethernet = (type: number, packet: Uint8Array) =>
  Uint8Array.of(...macBytes("02:00:00:00:00:01"), ...macBytes(MAC), type >> 8, type & 255, ...packet);

function ipv4Reply(echo: Uint8Array): Uint8Array {
  const header = Uint8Array.of(0x45, 0, 0, 36, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 9);
  return ethernet(0x0800, Uint8Array.of(...header, 0, ...echo.subarray(1)));
}

test("an echo request has a right checksum, and its reply tells the number, the address and the MAC", () => {
  const echo = echoRequest(4, 77, 70_000);
  assert.equal(checksum(echo), 0);
  const source = Uint8Array.of(10, 0, 0, 1);
  assert.deepEqual(hear(ipv4Reply(echo)), { kind: "echo", source, mac: MAC, id: 77, number: 70_000 });
});

test("an IPv6 echo reply is as good", () => {
  const echo = echoRequest(6, 77, 5);
  const source = Uint8Array.of(0xfd, ...new Uint8Array(14), 1);
  const packet = Uint8Array.of(0x60, 0, 0, 0, 0, 16, 58, 64, ...source, ...source, 129, ...echo.subarray(1));
  assert.deepEqual(hear(ethernet(0x86dd, packet)), { kind: "echo", source, mac: MAC, id: 77, number: 5 });
});

test("other people's pings are not ours", () => {
  const echo = echoRequest(4, 77, 1);
  echo[8] = 0;
  assert.equal(hear(ipv4Reply(echo)), undefined);
});

test("our own ARP question is no claim, the answer is, and an announcement is told apart", () => {
  const question = arpRequest(macBytes(MAC), Uint8Array.of(10, 0, 0, 9), Uint8Array.of(10, 0, 0, 1));
  assert.equal(question.length, 42);
  assert.equal(hear(question), undefined);
  const announcement = arpRequest(macBytes(MAC), Uint8Array.of(10, 0, 0, 1), Uint8Array.of(10, 0, 0, 1));
  assert.deepEqual(hear(announcement), {
    kind: "claim",
    source: Uint8Array.of(10, 0, 0, 1),
    mac: MAC,
    to: "ff:ff:ff:ff:ff:ff",
    unasked: true,
  });
  const reply = Uint8Array.from(question);
  reply[21] = 2;
  assert.deepEqual(hear(reply), {
    kind: "claim",
    source: Uint8Array.of(10, 0, 0, 9),
    mac: MAC,
    to: "ff:ff:ff:ff:ff:ff",
    unasked: false,
  });
});

test("a neighbour solicitation goes to the target's group and carries a right checksum", () => {
  const target = Uint8Array.of(0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56);
  const frame = neighbourSolicitation(macBytes(MAC), target);
  assert.deepEqual([...frame.subarray(0, 6)], [0x33, 0x33, 0xff, 0x12, 0x34, 0x56]);
  const icmp = frame.subarray(54);
  assert.equal(checksum(Uint8Array.of(...frame.subarray(22, 54), 0, 0, 0, icmp.length, 0, 0, 0, 58, ...icmp)), 0);
});

test("bytes cut anywhere are never an answer and never an error", () => {
  const whole = ipv4Reply(echoRequest(4, 77, 1));
  for (let length = 0; length < whole.length; length += 1) assert.equal(hear(whole.subarray(0, length)), undefined);
});

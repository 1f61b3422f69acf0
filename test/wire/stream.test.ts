import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createMessageStream, STREAM_LIMITS } from "../../src/wire/stream.js";
import { bytesOfVector, codecOf, key, latin1, SEED, STATUS, seeded, textOfBytes, vectorsOf } from "./support.js";

const codec = codecOf(2, key(2, "sha1", "aaa"));
const ours = codec.encode(STATUS, "configured");
/** Recordings from the original: both forms of the netstring encoding, and the classic one. */
const recorded = ["sha1-msgfmt-classic.json", "sha1-msgfmt-netstring.json", "classic-authenticated.json"]
  .flatMap(vectorsOf)
  .filter(({ transport }) => transport !== "fifo")
  .map(bytesOfVector);

const concat = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** What comes out when the bytes arrive in portions of these sizes, again and again. */
function throughStream(bytes: Uint8Array, sizes: readonly number[] = [bytes.length]): readonly string[] {
  const stream = createMessageStream();
  const found: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + Math.max(1, sizes[turn % sizes.length] ?? 1);
    found.push(...stream.push(bytes.subarray(at, end)).map(textOfBytes));
    at = end;
  }
  return found;
}

/** A classic datagram may have a NUL behind it, which belongs to no message. */
const bare = (message: Uint8Array): string => textOfBytes(message).replace(/\0$/, "");

describe("messages out of a serial line's bytes", () => {
  test("every recorded message of the original comes out byte for byte, in order, whatever the portions", () => {
    assert.ok(recorded.length > 20);
    const all = concat(...recorded);
    for (const sizes of [[1], [7, 300, 2], [4096], [all.length]])
      assert.deepEqual(throughStream(all, sizes), recorded.map(bare));
  });

  test("a line that is listened to from the middle of a message gives the next one", () => {
    for (const message of [ours, ...recorded.slice(-3)])
      for (let cut = 1; cut < message.length; cut += 13)
        assert.deepEqual(throughStream(concat(message.subarray(cut), message)), [bare(message)]);
  });

  test("a message that loses its end, its middle or its length does not take the next one with it", () => {
    const [before, after] = [concat(ours), concat(ours)];
    for (let at = 4; at < ours.length - 1; at++) {
      const cutShort = throughStream(concat(ours.subarray(0, at), after), [16]);
      assert.equal(cutShort.at(-1), textOfBytes(ours), `cut after ${at} bytes`);
      const wounded = throughStream(concat(ours.subarray(0, at), ours.subarray(at + 1), before, after), [16]);
      assert.deepEqual(wounded.slice(-2), [textOfBytes(ours), textOfBytes(ours)], `byte ${at} lost`);
    }
  });

  test("a broken length that asks for more bytes than will come holds nobody up", () => {
    const greedy = latin1("###\n9999:(0)t=status,");
    assert.deepEqual(throughStream(concat(greedy, ours)), [textOfBytes(ours)]);
    assert.deepEqual(throughStream(concat(latin1(">>>\nt=status\nst="), recorded.at(-1)!)).slice(1), [
      bare(recorded.at(-1)!),
    ]);
  });

  test("what a login prompt or a modem says between messages is passed over and counted", () => {
    const stream = createMessageStream();
    const chatter = latin1("\r\nmaster1 login: ATZ\r\nOK\n>>\n##\n<<<\n%%%\n");
    assert.equal(stream.push(concat(chatter, ours, chatter)).length, 1);
    assert.equal(stream.push(ours).length, 1);
    assert.equal(stream.skipped, 2 * chatter.length);
  });

  test("senseless bytes never throw, never pile up, and never hide the message behind them", (t) => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("###\n", ">>>\n", "<<<\n", "%%%\n", "9:", "16000:", "99999:", "auth=", "a=b\n", ",").map(latin1),
      fc.constant(ours.subarray(0, 100)),
    );
    const line = fc.array(piece, { maxLength: 60 }).map((parts) => concat(...parts));
    fc.assert(
      fc.property(line, fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 }), (bytes, sizes) => {
        const stream = createMessageStream();
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          stream.push(bytes.subarray(at, at + size));
          at += size;
          assert.ok(stream.waiting <= STREAM_LIMITS.bytes);
        }
        // At worst one whole buffer has to go by before the line is understood again.
        const heard = Array.from({ length: 3 }, () => stream.push(ours))
          .flat()
          .map(textOfBytes);
        assert.ok(heard.includes(textOfBytes(ours)), JSON.stringify(textOfBytes(bytes)));
      }),
      seeded(t, 3_000),
    );
  });

  test("a flood of heads costs bounded work", () => {
    const stream = createMessageStream();
    const heads = latin1("###\n16000:".repeat(2_000));
    const started = performance.now();
    for (let at = 0; at < heads.length; at += 8) stream.push(heads.subarray(at, at + 8));
    for (let i = 0; i < 40_000; i += 8) stream.push(latin1("#\n###\n1:"));
    assert.ok(performance.now() - started < 5_000, `${performance.now() - started} ms, SEED=${SEED}`);
    assert.ok(stream.waiting <= STREAM_LIMITS.bytes);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { emptyHistory, half, keep, recall } from "../../src/core/history.js";
import { bytesOf, decimalOf, hexOf, message, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { draw, drawHex } from "../../src/core/random.js";
import { after, between, earliest, instant, milliseconds, seconds, times } from "../../src/core/time.js";
import { unreachable } from "../../src/core/unreachable.js";
import { seeded } from "./rig.js";

const letter = (seq: number) => message({ t: "x", seq: String(seq) });

test("the last 250 messages can always be sent again, and never more than 500 are kept", (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 10 ** 9 }),
    fc.integer({ min: 0, max: 1_300 }),
    (first, count) => {
      let history = emptyHistory;
      for (let seq = first; seq < first + count; seq++) history = keep(history, seq, letter(seq));
      const last = first + count - 1;
      for (let seq = Math.max(first, last - half + 1); seq <= last; seq++)
        assert.deepEqual(recall(history, seq), letter(seq));
      assert.ok(history.old.length + history.young.length <= 2 * half);
      for (const absent of [last + 1, first - 1, last - 2 * half, 0, -1])
        assert.equal(recall(history, absent), undefined);
      // What is recalled at all is the right one.
      for (let seq = last - 2 * half; seq < last; seq += 7) {
        const found = recall(history, seq);
        if (found !== undefined) assert.deepEqual(found, letter(seq));
      }
    },
  );
  fc.assert(property, seeded(t, 60));
});

test("keeping a message leaves the history before as it was", () => {
  const one = keep(emptyHistory, 1, letter(1));
  keep(one, 2, letter(2));
  assert.equal(recall(one, 2), undefined);
  assert.deepEqual(emptyHistory, { old: [], young: [] });
});

test("luck is the same for the same seed, lies in [0, 1) and is spread evenly", () => {
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  const tenths = new Array<number>(10).fill(0);
  let seed = 4711;
  for (let i = 0; i < 10_000; i++) {
    const [luck, next] = draw(seed);
    assert.ok(luck >= 0 && luck < 1);
    tenths[Math.floor(luck * 10)]!++;
    seed = next;
  }
  assert.ok(
    tenths.every((count) => count > 850 && count < 1_150),
    tenths.join(" "),
  );
});

test("random digits are as many as asked for, hexadecimal, and move the seed on", (t) => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 40 }), (seed, digits) => {
      const [text, next] = drawHex(seed, digits);
      assert.match(text, new RegExp(`^[0-9a-f]{${digits}}$`));
      if (digits > 0) assert.notEqual(drawHex(next, digits)[1], next);
    }),
    seeded(t),
  );
});

test("of two fields with one name the first counts; text is not bytes", () => {
  const bytes = Uint8Array.from([1, 2]);
  const twice = [
    { name: "a", value: "1" },
    { name: "a", value: "2" },
    { name: "b", value: bytes },
    { name: "b", value: "text" },
  ];
  assert.deepEqual([textOf(twice, "a"), textOf(twice, "b"), textOf(twice, "c")], ["1", undefined, undefined]);
  assert.deepEqual([bytesOf(twice, "a"), bytesOf(twice, "b"), bytesOf(twice, "c")], [undefined, bytes, undefined]);
});

test("numbers on the wire are read whole or not at all", () => {
  const read = (value: string) => [hexOf(message({ n: value }), "n"), decimalOf(message({ n: value }), "n")];
  assert.deepEqual(read("1f"), [31, undefined]);
  assert.deepEqual(read("1F"), [31, undefined]);
  assert.deepEqual(read("10"), [16, 10]);
  assert.deepEqual(read("0"), [0, 0]);
  for (const bad of ["", " 1", "1 ", "-1", "+1", "0x1", "1.5", "1e3\n", "ffffffffffffff", "٣", "NaN"])
    assert.equal(read(bad)[0], undefined, bad);
  for (const bad of ["", " 1", "1\n", "-1", "1.5", "1e3", "1234567890123456"])
    assert.equal(read(bad)[1], undefined, bad);
  assert.ok(Number.isSafeInteger(hexOf(message({ n: "fffffffffffff" }), "n")));
  assert.deepEqual([hexOf([], "n"), decimalOf([], "n")], [undefined, undefined]);
});

test("node names compare without regard to case", () => assert.equal(nodeName("Alpha.Example"), "alpha.example"));

test("times add up, and the earliest of none is none", () => {
  assert.equal(after(instant(5), seconds(2)), 2_005);
  assert.equal(between(instant(7), instant(5)), -2);
  assert.equal(times(milliseconds(10), 0.5), 5);
  assert.equal(earliest([undefined, instant(3), instant(2), undefined]), 2);
  assert.equal(earliest([undefined]), undefined);
});

test("what must not happen says what it was", () => assert.throws(() => unreachable({ odd: 1 } as never), /odd/));

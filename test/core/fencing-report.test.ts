import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FencingReport, formatFencing, parseFencing } from "../../src/core/fencing-report.js";
import { generation, nodeName } from "../../src/core/names.js";
import { seconds } from "../../src/core/time.js";

const states = ["holding-fire", "resetting", "failed"] as const;

test("what is said about fencing is understood as it was meant", () => {
  const number = fc.nat().map(generation);
  const word = fc
    .tuple(fc.constantFrom(...states), number)
    .map(([state, about]) => ({ state, generation: about, ago: seconds(0) }));
  const age = fc.nat({ max: 100_000 }).map(seconds);
  const done = fc.tuple(number, age).map(([about, ago]) => ({ state: "fenced" as const, generation: about, ago }));
  const name = fc.stringMatching(/^[a-z0-9.-]{1,20}$/).map(nodeName);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.oneof(word, done)), { maxLength: 6 }), (entries) => {
      const report: FencingReport = new Map(entries);
      assert.deepEqual(parseFencing(formatFencing(report)), report);
    }),
  );
});

test("the age of a reset is rounded up: it never looks more recent than it is", () => {
  const report = new Map([
    [nodeName("n3"), { state: "fenced", generation: generation(7), ago: 1_200 as never }],
  ] as const);
  assert.equal(formatFencing(report), "n3/7d2");
});

test("nobody to fence is said too, and words that are none are skipped", () => {
  assert.equal(formatFencing(new Map()), "-");
  assert.equal(parseFencing("-").size, 0);
  assert.deepEqual([...parseFencing("n1/3x n2/4s n3 /5f n4/6d12 n5/-1d").keys()], ["n2", "n4"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { admit, fresh, REPLAY_WINDOW, type ReplayWindow } from "../../src/core/replay.js";

const SEED = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);

/** The same rule, written with a set that forgets nothing. */
class PlainSet {
  readonly seen = new Set<number>();
  highest = -1;
  admits(counter: number): boolean {
    if (!Number.isSafeInteger(counter) || counter < 0) return false;
    if (counter <= this.highest - REPLAY_WINDOW || this.seen.has(counter)) return false;
    this.seen.add(counter);
    this.highest = Math.max(this.highest, counter);
    return true;
  }
}

/** Which of the counters are admitted, one after the other. */
function verdicts(counters: Iterable<number>, start: ReplayWindow = fresh()): boolean[] {
  let window = start;
  return Array.from(counters, (counter) => {
    const next = admit(window, counter);
    window = next ?? window;
    return next !== undefined;
  });
}

const agreesWithSet = (counters: readonly number[]): void => {
  const set = new PlainSet();
  const expected = counters.map((counter) => set.admits(counter));
  assert.deepEqual(verdicts(counters), expected);
};

test("a replay window agrees with a plain set, whatever comes in whatever order", (t) => {
  t.diagnostic(`SEED=${SEED}`);
  // Steps are drawn, not numbers: the interesting ones are around zero, a word (32), the window and the ring (1056).
  const step = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -40, max: 40 }),
    fc.integer({ min: -1100, max: 1100 }),
    fc.constantFrom(
      -1057,
      -1056,
      -1055,
      -1025,
      -1024,
      -1023,
      -32,
      -31,
      31,
      32,
      1023,
      1024,
      1025,
      1055,
      1056,
      1057,
      2 ** 31,
      2 ** 32,
    ),
  );
  const start = fc.constantFrom(0, 1, 31, 1023, 1055, 2 ** 31 - 1, 2 ** 32, 2 ** 52);
  const property = fc.property(start, fc.array(step, { minLength: 1, maxLength: 400 }), (from, steps) => {
    let at = from;
    agreesWithSet(steps.map((by) => (at = Math.max(0, at + by))));
  });
  fc.assert(property, { seed: SEED, numRuns: 2_000 });
});

test("every number of a shuffled session is admitted exactly once", () => {
  const inOrder = Array.from({ length: 5_000 }, (_, n) => n);
  const swapped = inOrder.map((n) => n ^ 0x1ff).filter((n) => n < 5_000);
  assert.ok(verdicts(swapped).every(Boolean));
  assert.ok(
    verdicts([...inOrder, ...inOrder])
      .slice(5_000)
      .every((admitted) => !admitted),
  );
});

test("the last number of the window may still come, the one below it not", () => {
  assert.deepEqual(verdicts([5_000, 5_000 - REPLAY_WINDOW + 1, 5_000 - REPLAY_WINDOW]), [true, true, false]);
});

test("a jump by any multiple of the ring forgets nothing that it must remember", () => {
  for (const jump of [32, 1024, 1056, 1056 * 2, 1056 * 32, 2 ** 31, 2 ** 32, 2 ** 40])
    assert.deepEqual(verdicts([7, 7 + jump, 7 + jump, 8 + jump, 7]), [true, true, false, true, false], String(jump));
});

test("what is no counter is not admitted", () => {
  for (const counter of [-1, -0.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, Number.NEGATIVE_INFINITY])
    assert.equal(admit(fresh(), counter), undefined, String(counter));
  assert.notEqual(admit(fresh(), 0), undefined);
  assert.deepEqual(verdicts([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1]), [
    true,
    false,
    true,
  ]);
});

test("admitting makes a new window and leaves the old one as it was", () => {
  const before = fresh();
  const after = admit(before, 3);
  assert.deepEqual(before, fresh());
  assert.ok(after !== undefined && admit(before, 3) !== undefined && admit(after, 3) === undefined);
});

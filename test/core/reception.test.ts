import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Arrival,
  arrive,
  forget,
  leap,
  mostMissing,
  nothingReceived,
  type Reception,
  takeDue,
} from "../../src/core/reception.js";
import { instant } from "../../src/core/time.js";
import { seeded } from "./rig.js";

const soon = () => instant(100);
const kindsOf = (numbers: readonly number[], start: Reception = nothingReceived): Arrival["kind"][] => {
  let reception = start;
  return numbers.map((seq) => {
    const arrival = arrive(reception, seq, soon);
    reception = arrival.reception;
    return arrival.kind;
  });
};
const after = (...numbers: number[]): Reception =>
  numbers.reduce((reception, seq) => arrive(reception, seq, soon).reception, nothingReceived);

test("the first number may be any; then each table row of the original's rules", () => {
  assert.deepEqual(kindsOf([90, 91, 91, 95, 93, 93, 89, 92, 94, 94]), [
    "new", // nothing received yet
    "new", // last + 1
    "duplicate", // = last
    "new", // > last + 1: 92, 93, 94 are missing
    "recovered",
    "old", // not missing any more
    "old", // never listed
    "recovered",
    "recovered",
    "old",
  ]);
});

test("a gap names what was lost, and the last one recovered completes it", () => {
  const gap = arrive(after(90), 94, soon);
  assert.ok(gap.kind === "new");
  assert.deepEqual(gap.lost, [91, 92, 93]);
  assert.deepEqual([...gap.reception.missing.keys()], [91, 92, 93]);
  const complete = [92, 91, 93].map((_, i, order) => {
    const arrival = arrive(after(90, 94, ...order.slice(0, i)), order[i] ?? 0, soon);
    return arrival.kind === "recovered" && arrival.complete;
  });
  assert.deepEqual(complete, [false, false, true]);
});

test("any order within the leap, with repetitions and losses, agrees with a plain set: each number is handled once", (t) => {
  const property = fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 1, maxLength: 300 }),
    (start, steps) => {
      const handled = new Set<number>();
      let reception = nothingReceived;
      let at = start;
      for (const step of [0, ...steps]) {
        at = Math.max(start, at + step);
        const before = reception;
        const arrival = arrive(reception, at, soon);
        reception = arrival.reception;
        const isNew = arrival.kind === "new" || arrival.kind === "recovered";
        assert.equal(isNew, !handled.has(at), `number ${at}`);
        handled.add(at);
        assert.equal(reception.last, Math.max(before.last, at));
        for (let n = start; n < reception.last; n++)
          assert.equal(reception.missing.has(n), !handled.has(n), `number ${n}`);
      }
    },
  );
  fc.assert(property, seeded(t, 200));
});

test("a single number far ahead is not believed, and what comes after the last one goes on (A9)", () => {
  const forged = 90 + leap + 150;
  assert.deepEqual(kindsOf([90, forged, 91, 92, forged + 1, 93]), [
    "new",
    "suspicious",
    "new",
    "new",
    "suspicious",
    "new",
  ]);
  assert.equal(after(90, forged).last, 90);
  assert.equal(after(90, forged, 91).suspect, undefined);
});

test("a leap is believed when a second number continues it; missing numbers are forgotten then", () => {
  const far = 90 + leap + 1;
  assert.deepEqual(kindsOf([80, 90, far, far + 1, far + 2]), ["new", "new", "suspicious", "restarted", "new"]);
  assert.deepEqual(kindsOf([90, far, far, far - 1]), ["new", "suspicious", "suspicious", "new"]);
  assert.deepEqual(after(80, 90, far, far + 1), { last: far + 1, missing: new Map(), suspect: undefined });
});

test("the border between a gap and a leap", () => {
  assert.deepEqual(kindsOf([90, 90 + leap]), ["new", "new"]);
  assert.deepEqual(kindsOf([90, 90 + leap + 1]), ["new", "suspicious"]);
  const far = 1_000_000;
  assert.deepEqual(kindsOf([90, far, far + leap]), ["new", "suspicious", "restarted"]);
  assert.deepEqual(kindsOf([90, far, far + leap + 1]), ["new", "suspicious", "suspicious"]);
});

test("no more than 500 numbers are missed at a time, the oldest are given up, whatever comes", (t) => {
  const property = fc.property(
    fc.array(
      fc.integer({ min: 1, max: 2 ** 45 }).map((n) => n % 4_000),
      { maxLength: 200 },
    ),
    (numbers) => {
      let reception = after(1);
      for (const seq of numbers) {
        reception = arrive(reception, seq + 1, soon).reception;
        assert.ok(reception.missing.size <= mostMissing);
        for (const missing of reception.missing.keys()) assert.ok(missing < reception.last);
      }
    },
  );
  fc.assert(property, seeded(t, 200));
  const wide = after(1, 250, 500, 750);
  assert.equal(wide.missing.size, mostMissing);
  assert.ok(!wide.missing.has(2) && wide.missing.has(749));
});

test("a number is asked for at its time, then again after the pause, until it is given up", () => {
  const gap = arrive(after(1), 4, (seq) => instant(seq * 100)).reception;
  assert.deepEqual(takeDue(gap, instant(199), instant(0)), [gap, []]);
  const [later, due] = takeDue(gap, instant(200), instant(450));
  assert.deepEqual(due, [2]);
  assert.deepEqual(
    [...later.missing],
    [
      [2, 450],
      [3, 300],
    ],
  );
  // Those that are due within 25 ms leave together, fifty at a time.
  const [, both] = takeDue(arrive(after(1), 4, (seq) => instant(seq * 12)).reception, instant(24), instant(450));
  assert.deepEqual(both, [2, 3]);
  const many = arrive(after(1), 102, soon).reception;
  const [rest, first] = takeDue(many, instant(100), instant(350));
  const [none, second] = takeDue(rest, instant(125), instant(375));
  assert.deepEqual([first.length, second.length, first.at(-1), second[0]], [50, 50, 51, 52]);
  assert.deepEqual(takeDue(none, instant(349), instant(0))[1], []);
  assert.deepEqual([...forget(later, 2).missing.keys()], [3]);
  assert.deepEqual(kindsOf([2], forget(later, 2)), ["old"]);
});

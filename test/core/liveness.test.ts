import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deadlineOf, forgive, heard, isAlive, type Liveness, tick } from "../../src/core/liveness.js";
import { instant, milliseconds, seconds } from "../../src/core/time.js";
import { seeded } from "./rig.js";

const patience = { warntime: seconds(3), deadtime: seconds(10) };
const unseen: Liveness = { kind: "unseen", deadAt: instant(30_000) };
const dead: Liveness = { kind: "dead", since: instant(7) };
const left: Liveness = { kind: "left", since: instant(7), how: "shutdown" };
const late: Liveness = { kind: "late", heardAt: instant(0) };

test("a silent peer is late at warntime and dead at deadtime, to the millisecond", () => {
  const at = (n: number) => tick(heard(instant(0)), instant(n), patience).kind;
  assert.deepEqual([0, 2_999, 3_000, 9_999, 10_000, 10_001].map(at), ["up", "up", "late", "late", "dead", "dead"]);
});

test("a peer that was never heard is dead when initdead is over, to the millisecond", () => {
  const at = (n: number) => tick(unseen, instant(n), patience).kind;
  assert.deepEqual([0, 29_999, 30_000, 99_999].map(at), ["unseen", "unseen", "dead", "dead"]);
});

test("every state at every moment: what silence makes of it", () => {
  const moments = [0, 2_999, 3_000, 9_999, 10_000, 30_000].map(instant);
  const kinds = (liveness: Liveness) => moments.map((at) => tick(liveness, at, patience).kind);
  assert.deepEqual(kinds(late), ["late", "late", "late", "late", "dead", "dead"]);
  assert.deepEqual(kinds(dead), Array(6).fill("dead"));
  assert.deepEqual(kinds(left), Array(6).fill("left"));
});

test("a death is dated by the moment it was noticed; a state that does not change is the same value", () => {
  assert.deepEqual(tick(heard(instant(5)), instant(20_000), patience), { kind: "dead", since: 20_000 });
  for (const state of [unseen, heard(instant(0)), late, dead, left])
    assert.equal(tick(state, instant(0), patience), state);
});

test("where warntime is not below deadtime, nobody is late before he is dead", () => {
  const hasty = { warntime: seconds(10), deadtime: seconds(10) };
  assert.equal(deadlineOf(heard(instant(0)), hasty), 10_000);
  assert.equal(tick(heard(instant(0)), instant(10_000), hasty).kind, "dead");
});

test("alive are up and late, nobody else", () => {
  assert.deepEqual([unseen, heard(instant(0)), late, dead, left].map(isAlive), [false, true, true, false, false]);
});

test("the deadline is the first instant at which something changes, also where instants have fractions", (t) => {
  const fraction = fc.double({ min: 0, max: 1e9, noNaN: true });
  const time = fc.double({ min: 0.001, max: 1e6, noNaN: true });
  const property = fc.property(fraction, time, time, fc.boolean(), (start, warn, more, isLate) => {
    const limits = { warntime: milliseconds(warn), deadtime: milliseconds(warn + more) };
    const state: Liveness = isLate ? { kind: "late", heardAt: instant(start) } : heard(instant(start));
    const at = deadlineOf(state, limits);
    assert.ok(at !== undefined);
    assert.notEqual(tick(state, at, limits).kind, state.kind);
    if (at > start) assert.equal(tick(state, instant(start), limits), state);
  });
  fc.assert(property, seeded(t, 2_000));
});

test("silence while this node slept is forgiven, but nobody is heard in the future", () => {
  assert.deepEqual(forgive(heard(instant(1_000)), milliseconds(500), instant(9_000)), { kind: "up", heardAt: 1_500 });
  assert.deepEqual(forgive(late, milliseconds(500), instant(9_000)), { kind: "late", heardAt: 500 });
  assert.deepEqual(forgive(heard(instant(1_000)), milliseconds(9_500), instant(9_000)), { kind: "up", heardAt: 9_000 });
  for (const state of [unseen, dead, left]) assert.equal(forgive(state, milliseconds(500), instant(9_000)), state);
});

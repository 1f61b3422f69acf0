import assert from "node:assert/strict";
import { test } from "node:test";
import { type Change, type Gap, Ledger } from "../../src/lab/ledger.js";

function ledgerWith(patience = 200) {
  const gaps: Gap[] = [];
  const changes: Change[] = [];
  const ledger = new Ledger("10.0.0.1", patience, {
    gap: (gap) => gaps.push(gap),
    change: (change) => changes.push(change),
  });
  return { ledger, gaps, changes };
}

/** Asks once a millisecond; `by` says who answers the question of that instant, half a millisecond later. */
function play(ledger: Ledger, until: number, by: (at: number) => string | undefined) {
  for (let at = 0; at < until; at += 1) {
    const who = by(at);
    const number = ledger.ask(at);
    if (who) ledger.answer(number, who, at + 0.5);
    ledger.settle(at + 0.6);
  }
  ledger.settle(until + 1000);
}

test("a gap reaches from the last answered question to the next answered one and names both holders", () => {
  const { ledger, gaps, changes } = ledgerWith();
  play(ledger, 1000, (at) => (at < 300 ? "alpha" : at < 550 ? undefined : "bravo"));
  assert.deepEqual(gaps, [
    { address: "10.0.0.1", start: 299, length: 251, lost: 250, before: "alpha", after: "bravo", asleep: 0 },
  ]);
  assert.deepEqual(
    changes.map(({ at, from, to }) => [at, from, to]),
    [
      [0, undefined, "alpha"],
      [550, "alpha", "bravo"],
    ],
  );
});

test("a hand-over without a lost question is a change and no gap", () => {
  const { ledger, gaps, changes } = ledgerWith();
  play(ledger, 100, (at) => (at < 50 ? "alpha" : "bravo"));
  assert.equal(gaps.length, 0);
  assert.equal(changes.length, 2);
});

test("silence before the first answer is no gap", () => {
  const { ledger, gaps } = ledgerWith();
  play(ledger, 1000, (at) => (at < 700 ? undefined : "alpha"));
  assert.equal(gaps.length, 0);
});

test("silence that has not ended is told as silent since the last answered question", () => {
  const { ledger } = ledgerWith();
  play(ledger, 1000, (at) => (at < 700 ? "alpha" : undefined));
  assert.equal(ledger.tally().silentSince, 699);
});

test("an answer that comes after the patience is late and does not close a gap", () => {
  const { ledger, gaps } = ledgerWith(100);
  ledger.answer(ledger.ask(0), "alpha", 0.5);
  const slow = ledger.ask(1);
  ledger.settle(150);
  ledger.answer(slow, "alpha", 151);
  ledger.answer(ledger.ask(200), "alpha", 200.5);
  ledger.settle(201);
  assert.equal(ledger.tally().late, 1);
  assert.deepEqual(
    gaps.map(({ length, lost }) => [length, lost]),
    [[200, 1]],
  );
});

test("time that the client slept through is no gap by itself, and is told beside a real one", () => {
  const { ledger, gaps } = ledgerWith();
  ledger.answer(ledger.ask(0), "alpha", 0.5);
  ledger.overslept(1, 51);
  ledger.answer(ledger.ask(51), "alpha", 51.5);
  ledger.settle(52);
  assert.equal(gaps.length, 0);
  ledger.overslept(52, 72);
  ledger.ask(72);
  ledger.answer(ledger.ask(82), "alpha", 82.5);
  ledger.settle(500);
  assert.deepEqual(
    gaps.map(({ length, asleep }) => [length, asleep]),
    [[31, 20]],
  );
});

test("forged and repeated answers change nothing", () => {
  const { ledger, changes } = ledgerWith();
  const number = ledger.ask(0);
  ledger.answer(4711, "mallory", 0);
  ledger.answer(number, "alpha", 0.5);
  ledger.answer(number, "mallory", 0.6);
  ledger.settle(1);
  assert.deepEqual(
    changes.map((change) => change.to),
    ["alpha"],
  );
});

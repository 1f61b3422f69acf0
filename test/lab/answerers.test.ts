import assert from "node:assert/strict";
import { test } from "node:test";
import { Answerers, type TwoHolders } from "../../src/lab/answerers.js";

/** Asks once a millisecond; `by` says who answers the question of that instant. Returns what was found and over. */
function play(
  until: number,
  by: (at: number) => readonly string[],
  announcements: Readonly<Record<number, string>> = {},
) {
  const found: TwoHolders[] = [];
  const begun: number[] = [];
  const answerers = new Answerers("10.0.0.1", (one, over) => (over ? found.push(one) : begun.push(one.from)));
  for (let at = 0; at < until; at += 1) {
    const number = answerers.ask(at);
    for (const who of by(at)) answerers.answer(number, who);
    const announcer = announcements[at];
    if (announcer) answerers.announce(announcer, at);
  }
  answerers.finish();
  return { found, begun, answerers };
}

test("two that answer one question are two holders, from the first such question to the last", () => {
  const { found, begun } = play(300, (at) => (at < 100 ? ["a"] : at < 140 ? ["b", "a"] : ["b"]));
  const what = { address: "10.0.0.1", macs: ["a", "b"], how: "together" as const };
  assert.deepEqual(found, [{ ...what, from: 100, to: 139, questions: 40 }]);
  assert.deepEqual(begun, [100]);
});

test("a hand-over, with or without a gap, is no finding, and neither is an announced return", () => {
  const { found, answerers } = play(
    5_000,
    (at) => (at < 1_000 ? ["a"] : at < 1_200 ? [] : at < 3_000 ? ["b"] : ["a"]),
    { 3002: "a" },
  );
  assert.deepEqual(found, []);
  assert.deepEqual(answerers.since(4_900), ["a"]);
});

test("a former holder that answers again, and never announces it, is told with its length", () => {
  const { found } = play(5_000, (at) => (at >= 3_000 && at < 3_010 ? ["a"] : at < 1_000 ? ["a"] : ["b"]), { 900: "a" });
  const what = { address: "10.0.0.1", macs: ["a", "b"], how: "unannounced" as const, questions: 1 };
  assert.deepEqual(found, [
    { ...what, from: 3_000, to: 3_009 },
    { ...what, from: 3_010, to: 4_010 },
  ]);
});

test("two that answer by turns within one and the same question are not told a second time as returns", () => {
  const { found } = play(3_000, (at) => (at < 1_000 ? ["a"] : at % 2 === 0 ? ["a", "b"] : ["b", "a"]));
  assert.deepEqual(
    found.map((one) => one.how),
    ["together"],
  );
});

test("an answer that comes when nobody waits for it any more changes nothing", () => {
  const answerers = new Answerers("10.0.0.1", () => assert.fail("nothing was found"));
  const first = answerers.ask(0);
  answerers.answer(first, "a");
  for (let at = 1; at < 240; at += 1) answerers.ask(at);
  answerers.answer(first, "b");
  answerers.finish();
  assert.deepEqual(answerers.since(0), ["a"]);
});

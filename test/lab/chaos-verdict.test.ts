import assert from "node:assert/strict";
import { test } from "node:test";
import { drawRound, type Fault, KINDS, severs } from "../../src/lab/chaos/menu.js";
import { judge, type Rules, type Seen } from "../../src/lab/chaos/verdict.js";

const rules: Rules = { arbiter: false, links: ["ens33", "ens38"], bound: 500 };
const fault = (kind: Fault["kind"], more: Partial<Fault> = {}): Fault => ({
  kind,
  node: "master1",
  at: 0,
  lasts: 400,
  ...more,
});
const done = (one: Fault) => ({ fault: one, began: 1_000 + one.at, ended: 1_000 + one.at + one.lasts });
const seen = (faults: readonly Fault[], more: Partial<Seen> = {}): Seen => ({
  done: faults.map(done),
  settled: 3_000,
  twoHolders: [],
  gaps: [],
  changes: [],
  ...more,
});
const gap = (start: number, length: number) => ({
  address: "a",
  start,
  length,
  lost: length,
  before: "master1",
  after: "master2",
  asleep: 0,
});
const two = {
  address: "a",
  from: 1_100,
  to: 1_109,
  macs: ["master1", "master2"],
  questions: 10,
  how: "together" as const,
};

test("the same seed draws the same rounds, and within a few hundred every kind, alone and in company", () => {
  const rounds = Array.from({ length: 400 }, (_, n) => drawRound(7, n, KINDS));
  assert.deepEqual(
    rounds,
    Array.from({ length: 400 }, (_, n) => drawRound(7, n, KINDS)),
  );
  assert.notDeepEqual(
    rounds,
    Array.from({ length: 400 }, (_, n) => drawRound(8, n, KINDS)),
  );
  for (const length of [1, 2])
    assert.deepEqual(
      new Set(rounds.filter((faults) => faults.length === length).flatMap((faults) => faults.map((one) => one.kind))),
      new Set(KINDS),
    );
  for (const one of rounds.flat()) assert.ok(one.at >= 0 && one.at <= 600 && one.lasts <= 1_000, JSON.stringify(one));
});

test("what cannot be done to a product is not drawn", () => {
  for (let n = 0; n < 100; n += 1)
    for (const { kind } of drawRound(1, n, ["crash", "loss"])) assert.ok(kind === "crash" || kind === "loss");
});

test("a cut severs when one node cannot be heard on any link, by one fault or by two that overlap", () => {
  const { links } = rules;
  assert.equal(severs([fault("cut-every-link")], links), true);
  assert.equal(severs([fault("isolate", { direction: "out" })], links), true);
  assert.equal(severs([fault("cut-heartbeat")], links), false);
  assert.equal(severs([fault("cut-between")], ["ens38"]), true);
  const second = { node: "master2", at: 200 } as const;
  assert.equal(severs([fault("cut-heartbeat"), fault("cut-service", second)], links), true);
  assert.equal(severs([fault("cut-heartbeat"), fault("cut-service", { ...second, at: 900 })], links), false);
  const towards1 = fault("cut-heartbeat", { direction: "in" });
  assert.equal(severs([towards1, fault("cut-between", { direction: "out" })], links), false);
  assert.equal(severs([fault("crash"), fault("loss", { percent: 40 })], links), false);
});

test("two answerers are a problem, except without an arbiter while every link is cut", () => {
  const twoHolders = [two];
  assert.equal(judge(seen([fault("stop-all")], { twoHolders }), rules).problems.length, 1);
  const severed = judge(seen([fault("cut-every-link")], { twoHolders }), rules);
  assert.deepEqual([severed.problems, severed.two[0]?.lasted, severed.two[0]?.after], [[], 10, 100]);
  assert.equal(judge(seen([fault("cut-every-link")], { twoHolders }), { ...rules, arbiter: true }).problems.length, 1);
});

test("a silence is a problem when one and the same healthy node let it last longer than the bound", () => {
  const problems = (faults: readonly Fault[], gaps: Seen["gaps"]) => judge(seen(faults, { gaps }), rules).problems;
  assert.deepEqual(problems([fault("crash")], [gap(1_000, 400)]), []);
  assert.match(problems([fault("crash")], [gap(1_000, 600)]).join(), /for 600 ms, and master2 could/);
  // Both are down: nobody could.
  assert.deepEqual(problems([fault("crash"), fault("kill-all", { node: "master2" })], [gap(1_000, 1_900)]), []);
  // The other one was only stopped for a while, and has had long enough since.
  const stopped = fault("stop-all", { node: "master2" });
  assert.match(problems([fault("crash"), stopped], [gap(1_000, 1_900)]).join(), /master2 could/);
  assert.deepEqual(problems([fault("crash"), stopped], [{ ...gap(1_000, 1_900), asleep: 900 }]), []);
});

test("a move is told by the last answer of the one and the first of the other", () => {
  const changes = [{ address: "a", at: 1_150, from: "master1", to: "master2" }];
  const [first] = judge(seen([fault("kill-all")], { changes, gaps: [gap(1_090, 60)] }), rules).moves;
  assert.deepEqual(first, { address: "a", from: "master1", to: "master2", last: 90, first: 150 });
  const [second] = judge(seen([fault("kill-all")], { changes }), rules).moves;
  assert.deepEqual([second?.last, second?.first], [150, 150]);
});

test("with an arbiter two are never excused; a takeover that waits for its witness is", () => {
  const cut = [fault("cut-every-link"), fault("witness-down")];
  const withArbiter = { ...rules, arbiter: true };
  assert.equal(judge(seen(cut, { twoHolders: [two] }), rules).problems.length, 0);
  assert.equal(judge(seen(cut, { twoHolders: [two] }), withArbiter).problems.length, 1);
  const crash = fault("crash");
  const gaps = [gap(1_000, 900)];
  const away = (kind: Fault["kind"], node: Fault["node"]) => fault(kind, { node, lasts: 700 });
  assert.equal(judge(seen([crash], { gaps }), withArbiter).problems.length, 1);
  assert.equal(judge(seen([crash, away("witness-stop", "master1")], { gaps }), withArbiter).problems.length, 0);
  assert.equal(judge(seen([crash, away("cut-witness", "master2")], { gaps }), withArbiter).problems.length, 0);
  assert.equal(judge(seen([crash, away("cut-witness", "master1")], { gaps }), withArbiter).problems.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResourceFailure } from "../../src/core/event.js";
import { operationId } from "../../src/core/names.js";
import { type Member, pair, World } from "./rig.js";

/** One node alone, active after initdead; its peer is dead. */
function alone(
  groups: readonly string[],
  prepare: (alpha: Member) => void = () => {},
): { world: World; alpha: Member } {
  const world = new World();
  const alpha = world.start("alpha", { groups });
  prepare(alpha);
  world.run(10_000);
  return { world, alpha };
}

const failed = (why: ResourceFailure = "exit-code") => ({ kind: "failed", why, code: 1 }) as const;

/** The calls of scripts and addresses so far, `0 status` for the first resource of the group. */
const calls = (member: Member, from = 0): string[] =>
  member.history
    .slice(from)
    .flatMap(({ effect }) => (effect.type === "operateResource" ? [`${effect.index} ${effect.action}`] : []));

test("a group starts from left to right, every script asked for its status first, addresses at once", () => {
  const { alpha } = alone(["alpha: vip1 svc1 svc2"]);
  assert.deepEqual(calls(alpha), ["0 start", "1 status", "1 start", "2 status", "2 start"]);
  assert.equal(alpha.holding("vip1"), "held");
});

test("a script that runs already is not started again", () => {
  const { alpha } = alone(["alpha: vip1 svc1 svc2"], (node) => node.running.add("svc1"));
  assert.deepEqual(calls(alpha), ["0 start", "1 status", "2 status", "2 start"]);
});

test("a status that fails for any reason but absence is followed by a start", () => {
  for (const why of ["exit-code", "timed-out", "killed", "refused", "no-answer"] as const) {
    const { alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 status", failed(why)));
    assert.deepEqual(calls(alpha), ["0 start", "1 status", "1 start"], why);
    assert.equal(alpha.holding("vip1"), "held");
  }
});

test("a group stops from right to left, without asking for a status", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1 svc2"]);
  const before = alpha.history.length;
  alpha.feel({ type: "stopRequested" });
  world.run(10);
  assert.deepEqual(calls(alpha, before), ["2 stop", "1 stop", "0 stop"]);
  assert.equal(alpha.holding("vip1"), "idle");
  assert.deepEqual([...alpha.running], []);
});

test("the next resource waits for the one before it", () => {
  const { world, alpha } = alone(["alpha: svc1 svc2"], (node) =>
    node.behaviours.set("svc1 start", { after: 700, outcome: { kind: "succeeded" } }),
  );
  assert.deepEqual(calls(alpha), ["0 status", "0 start"]);
  assert.equal(alpha.holding("svc1"), "acquiring");
  world.run(699);
  assert.equal(calls(alpha).length, 2);
  world.run(1);
  assert.deepEqual(calls(alpha).slice(2), ["1 status", "1 start"]);
});

test("groups do not wait for each other", () => {
  const { world, alpha } = alone(["alpha: a1 b1", "alpha: a2 b2", "bravo: a3 b3"], (node) => {
    for (const text of ["a1", "a2", "a3"])
      node.behaviours.set(`${text} start`, { after: 3_000, outcome: { kind: "succeeded" } });
  });
  world.run(3_000);
  assert.deepEqual(
    ["a1", "a2", "a3"].map((name) => alpha.holding(name)),
    ["held", "held", "held"],
  );
});

test("a start that fails at any place stops what was started, from there to the left, and is not tried again here", () => {
  for (const place of [0, 1, 2, 3]) {
    const { world, alpha } = alone(["alpha: svc0 svc1 svc2 svc3"], (node) =>
      node.behaviours.set(`svc${place} start`, failed()),
    );
    const stops = calls(alpha).filter((call) => call.endsWith("stop"));
    assert.deepEqual(
      stops,
      Array.from({ length: place + 1 }, (_, i) => `${place - i} stop`),
    );
    assert.deepEqual([alpha.holding("svc0"), alpha.group("svc0").failedHere?.resource], ["idle", `svc${place}`]);
    const before = calls(alpha).length;
    world.run(120_000);
    assert.equal(calls(alpha).length, before, "tried again by itself");
    assert.deepEqual([...alpha.running], []);
  }
});

test("a script that is not there is not called again; what is left of it is stopped", () => {
  for (const why of ["not-found", "not-executable"] as const)
    for (const place of [0, 1, 2]) {
      const { alpha } = alone(["alpha: svc0 svc1 svc2"], (node) =>
        node.behaviours.set(`svc${place} status`, failed(why)),
      );
      assert.deepEqual(
        calls(alpha).filter((call) => call.startsWith(`${place} `)),
        [`${place} status`],
      );
      const stops = calls(alpha).filter((call) => call.endsWith("stop"));
      assert.deepEqual(
        stops,
        Array.from({ length: place }, (_, i) => `${place - 1 - i} stop`),
      );
      assert.equal(alpha.holding("svc0"), "idle");
    }
});

test("the words of a failed start are the original's", () => {
  const { alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 start", failed()));
  const log = alpha.takeLog();
  assert.ok(log.includes("Return code 1 from svc1 start"));
  assert.ok(log.includes("Giving up resources due to failure of svc1"));
  assert.ok(
    log.includes("Releasing resource group: alpha vip1 svc1") ||
      log.includes("Acquiring resource group: alpha vip1 svc1"),
  );
});

test("a group that failed here moves to the other node at once", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups: ["alpha: vip1 svc1"] });
  const bravo = world.start("bravo", { groups: ["alpha: vip1 svc1"] });
  alpha.behaviours.set("svc1 start", failed());
  world.run(1_000);
  assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  assert.deepEqual([[...alpha.running], [...bravo.running]], [[], ["vip1", "svc1"]]);
});

test("a group that fails everywhere rests, with its failure shown, and nobody flaps", () => {
  const world = new World();
  for (const name of ["alpha", "bravo"])
    world.start(name, { groups: ["alpha: vip1 svc1"] }).behaviours.set("svc1 start", failed());
  world.run(5_000);
  const before = [...world.members.values()].map((member) => calls(member).length);
  assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "idle" });
  world.run(60_000);
  assert.deepEqual(
    [...world.members.values()].map((member) => calls(member).length),
    before,
  );
  for (const member of world.members.values()) assert.equal(member.group("vip1").failedHere?.resource, "svc1");
});

test("a stop that fails is tried eleven times, a second apart; then the answer whether it runs decides", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 stop", failed()));
  const before = alpha.history.length;
  const start = world.now;
  alpha.feel({ type: "stopRequested" });
  world.run(60_000);
  const stops = alpha.history
    .slice(before)
    .filter(({ effect }) => effect.type === "operateResource" && effect.action === "stop");
  assert.deepEqual(
    stops.map(({ at }) => at - start),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((s) => s * 1_000),
  );
  assert.equal(calls(alpha).at(-1), "1 monitor");
});

test("after the last stop: what is stopped only lied, what still runs or does not say blocks the group", () => {
  const outcomes = [
    [{ kind: "stopped" }, "idle"],
    [failed("not-found"), "idle"],
    [failed("not-executable"), "idle"],
    [{ kind: "running" }, "stuck"],
    [{ kind: "unknown" }, "stuck"],
    [failed("timed-out"), "stuck"],
    [failed("exit-code"), "stuck"],
    [failed("no-answer"), "stuck"],
  ] as const;
  for (const [status, expected] of outcomes) {
    const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1"] });
    alpha.behaviours.set("svc1 stop", failed());
    alpha.behaviours.set("svc1 status", status);
    alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
    world.run(30_000);
    const detail = JSON.stringify(status);
    assert.equal(alpha.holding("vip1"), expected, detail);
    assert.ok(!alpha.running.has("vip1"), "the address is gone in any case");
    assert.equal(bravo.holding("vip1"), expected === "stuck" ? "idle" : "held", detail);
    world.run(30_000);
    assert.equal(bravo.holding("vip1"), expected === "stuck" ? "idle" : "held", detail);
  }
});

test("a stuck group is not taken by the peer even when its node leaves or dies, unless it starts anew", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1"] });
  alpha.behaviours.set("svc1 stop", failed());
  alpha.feel({ type: "stopRequested" });
  world.run(60_000);
  assert.ok(world.ended.has(alpha.name));
  assert.equal(bravo.holding("vip1"), "idle");
  assert.match(bravo.group("vip1").lastVerdict, /^release-failed/);
});

test("a stop of a missing script is not repeated eleven times", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 stop", failed("not-found")));
  const before = alpha.history.length;
  alpha.feel({ type: "stopRequested" });
  world.run(100);
  assert.deepEqual(calls(alpha, before), ["1 stop", "1 monitor"]);
});

test("a stop that succeeds at the third try goes on", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 stop", failed()));
  const before = alpha.history.length;
  alpha.feel({ type: "stopRequested" });
  world.run(1_500);
  alpha.behaviours.delete("svc1 stop");
  world.run(1_000);
  assert.deepEqual(calls(alpha, before), ["1 stop", "1 stop", "1 stop", "0 stop"]);
  assert.equal(alpha.holding("vip1"), "idle");
});

test("an operation without any answer is given up five seconds after its time limit, and its process is ended", () => {
  const limits = [
    ["svc1 status", "status", 20_000],
    ["svc1 start", "start", 60_000],
  ] as const;
  for (const [behaviour, action, limit] of limits) {
    const { world, alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set(behaviour, "hangs"));
    const [hanging] = alpha.take("operateResource").slice(-1);
    assert.deepEqual([hanging?.action, hanging?.timeout], [action, limit]);
    world.run(limit + 4_999);
    assert.deepEqual(alpha.take("abandonOperation"), []);
    world.run(1);
    assert.deepEqual(
      alpha.take("abandonOperation").map(({ operation }) => operation),
      [hanging?.operation],
    );
    world.run(1);
    assert.equal(alpha.holding("vip1"), action === "start" ? "idle" : "held");
  }
});

test("an answer that comes after the operation was given up is dropped", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1"], (node) => node.behaviours.set("svc1 start", "hangs"));
  const [hanging] = alpha.take("operateResource").slice(-1);
  world.run(66_000);
  const before = alpha.group("vip1");
  assert.equal(before.holding.kind, "idle");
  alpha.feel({ type: "resourceFinished", operation: hanging!.operation, outcome: { kind: "succeeded" } });
  alpha.feel({ type: "resourceFinished", operation: operationId(9_999), outcome: { kind: "succeeded" } });
  assert.deepEqual(alpha.group("vip1"), before);
});

test("an acquisition that is cancelled ends with the operation in hand, then everything started is stopped", () => {
  const { world, alpha } = alone(["alpha: vip1 svc1 svc2"], (node) =>
    node.behaviours.set("svc1 start", { after: 800, outcome: { kind: "succeeded" } }),
  );
  alpha.feel({ type: "stopRequested" });
  const before = alpha.history.length;
  world.run(799);
  assert.deepEqual(calls(alpha, before), []);
  assert.equal(alpha.holding("vip1"), "acquiring");
  world.run(1);
  assert.deepEqual(calls(alpha, before), ["1 stop", "0 stop"]);
  world.run(10);
  assert.deepEqual([...alpha.running], []);
});

test("a cancelled acquisition whose operation fails is stopped as well, and whose operation hangs is given up", () => {
  for (const behaviour of [{ after: 800, outcome: failed() }, "hangs"] as const) {
    const { world, alpha } = alone(["alpha: vip1 svc1 svc2"], (node) => node.behaviours.set("svc1 start", behaviour));
    alpha.feel({ type: "stopRequested" });
    const before = alpha.history.length;
    world.run(66_000);
    assert.deepEqual(calls(alpha, before), ["1 stop", "0 stop"]);
  }
});

test("addresses are announced when they are on, often at first, then at the interval of the configuration", () => {
  const { world, alpha } = alone(["alpha: vip1"]);
  const start = world.now;
  world.run(20_000);
  const rounds = alpha.history.filter(({ effect }) => effect.type === "announceGroup").map(({ at }) => at - start);
  assert.deepEqual(rounds.slice(0, 9), [0, 20, 100, 300, 800, 1_800, 3_800, 8_800, 13_800]);
});

test("the address is announced before the scripts behind it are ready, and no group without addresses is announced", () => {
  const { alpha } = alone(["alpha: vip1 svc1", "alpha: svc2"], (node) => node.behaviours.set("svc1 start", "hangs"));
  const announced = alpha.take("announceGroup").map(({ group }) => group);
  assert.ok(announced.includes(alpha.group("vip1").settings.name));
  assert.ok(announced.every((group) => group === "vip1"));
});

test("nothing is announced after the release began, however the group goes", () => {
  const goodbyes: readonly ((alpha: Member, bravo: Member, world: World) => void)[] = [
    (alpha) => alpha.feel({ type: "stopRequested" }),
    (alpha) => alpha.feel({ type: "standbyRequested", what: "all", request: 1 }),
    (alpha, _, world) => {
      alpha.asleep = true;
      world.run(20_000);
      alpha.asleep = false;
    },
  ];
  for (const goodbye of goodbyes) {
    const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1"] });
    alpha.behaviours.set("svc1 stop", { after: 2_500, outcome: { kind: "succeeded" } });
    goodbye(alpha, bravo, world);
    let asked = alpha.history.length;
    world.run(100);
    asked = alpha.history.findIndex(
      ({ effect }, i) =>
        i >= asked - 20 &&
        (effect.type === "withdrawAddresses" || (effect.type === "operateResource" && effect.action === "stop")),
    );
    assert.ok(asked > 0);
    world.run(60_000);
    const later = alpha.history.slice(asked).filter(({ effect }) => effect.type === "announceGroup");
    assert.deepEqual(later, []);
    assert.deepEqual([alpha.running.has("vip1"), bravo.holding("vip1")], [false, "held"]);
  }
});

test("a restarted acquisition after a failure elsewhere announces again from the beginning", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1"] });
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(1_000);
  const start = bravo.history.find(({ effect }) => effect.type === "announceGroup")?.at ?? 0;
  const rounds = bravo.history.filter(({ effect }) => effect.type === "announceGroup").map(({ at }) => at - start);
  assert.deepEqual(rounds.slice(0, 4), [0, 20, 100, 300]);
});

test("operations are numbered, never twice", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2 svc2"] });
  for (let i = 0; i < 4; i++) {
    (i % 2 === 0 ? alpha : bravo).feel({ type: "standbyRequested", what: "all", request: i });
    world.run(3_000);
  }
  for (const member of [alpha, bravo]) {
    const numbers = member.history.flatMap(({ effect }) =>
      effect.type === "operateResource" ? [effect.operation] : [],
    );
    assert.ok(numbers.length > 4);
    assert.equal(new Set(numbers).size, numbers.length);
  }
});

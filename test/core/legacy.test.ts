import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, textOf } from "../../src/core/message.js";
import { type Member, Original, pair, type Wanted, World } from "./rig.js";

const wanted: Wanted = { autoFailback: "legacy" };

/** What was said about resources: `ip-request vip1`, `ip-request-resp vip2 yes`. */
const words = (messages: readonly Message[]): string[] =>
  messages.flatMap((m) => {
    const type = textOf(m, "t") ?? "";
    if (["status", "NS_ackmsg", "NS_rexmit", "repnodes"].includes(type)) return [];
    return [[type, textOf(m, "ipaddr"), textOf(m, "weown")].filter((word) => word !== undefined).join(" ")];
  });
const said = (member: Member): string[] => words(member.takeSent());

/** An original that is active when ours starts. */
function late(more: Wanted = {}) {
  const world = new World();
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  const alpha = world.start("alpha", { ...wanted, ...more });
  bravo.beat();
  world.run(500);
  return { world, alpha, bravo };
}

const answer = (bravo: Original, weown: string): void =>
  void bravo.say({ t: "ip-request-resp", dest: "alpha", ipaddr: "vip1", weown, ok: "OK" });

test("an original that comes up beside ours holds nothing of ours: no question, no transition, no word about resources", () => {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  const bravo = new Original(world, "bravo");
  for (const st of ["init", "up", "up"]) bravo.say({ t: "status", st, dt: "1b58", protocol: "1" });
  bravo.beat();
  world.run(300);
  bravo.status = "active";
  world.run(5_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2"), said(alpha)], ["held", "idle", []]);
});

test("an original that was there first is asked for what is ours; its yes and its no both make it free", () => {
  for (const weown of ["yes", "no"]) {
    const { world, alpha, bravo } = late();
    assert.deepEqual([said(alpha), alpha.holding("vip1")], [["ip-request vip1"], "idle"]);
    answer(bravo, weown);
    world.run(100);
    assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
    assert.ok(alpha.takeLog().includes(`received ip-request-resp vip1 OK ${weown}`));
  }
});

test("an original whose first word is no status may hold what is ours: nothing is taken before it has told, nor asked", () => {
  for (const st of ["active", "init"]) {
    const world = new World();
    const bravo = new Original(world, "bravo");
    bravo.status = st;
    const alpha = world.start("alpha", wanted);
    bravo.say({ t: "NS_ackmsg", dest: "alpha", ackseq: "1" });
    bravo.say({ t: "reqnodes", dest: "alpha" });
    world.run(900);
    assert.deepEqual([alpha.state.phase.kind, alpha.holding("vip1"), said(alpha)], ["active", "idle", []]);
    bravo.beat();
    world.run(100);
    const expected = st === "active" ? ["idle", ["ip-request vip1"]] : ["held", []];
    assert.deepEqual([alpha.holding("vip1"), said(alpha)], expected, st);
  }
});

test("an original that came up beside ours and answered before its first status is not asked for anything, as it holds nothing", () => {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  world.run(11_000);
  assert.equal(alpha.holding("vip1"), "held");
  const bravo = new Original(world, "bravo");
  bravo.say({ t: "NS_ackmsg", dest: "alpha", ackseq: "1" });
  bravo.beat();
  world.run(3_000);
  assert.deepEqual([alpha.holding("vip1"), said(alpha)], ["held", []]);
});

test("without an answer ours waits, asks again after five keepalives, then ever more seldom, and takes everything when the original is dead", () => {
  const { world, alpha, bravo } = late();
  // A busy original needs minutes for the first; what is asked meanwhile it works off afterwards, one by one.
  const asked = [6_000, 10_000, 20_000, 40_000, 80_000, 160_000].map((pause) => {
    world.run(pause);
    return said(alpha).length;
  });
  assert.deepEqual([asked, alpha.holding("vip1")], [[2, 1, 1, 1, 1, 1], "idle"]);
  bravo.silent = true;
  world.run(8_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("an original that returns gets its group when it asks, after the release; what could not be stopped is not answered (A7)", () => {
  const rows = [
    ["svc2", { kind: "succeeded" }, ["ip-request-resp svc2 yes"], "idle"],
    ["svc2", { kind: "failed", why: "exit-code", code: 1 }, [], "stuck"],
  ] as const;
  for (const [name, outcome, answers, holding] of rows) {
    const world = new World();
    const alpha = world.start("alpha", { ...wanted, groups: ["alpha: vip1", "bravo: svc2"] });
    world.run(15_000);
    assert.equal(alpha.holding(name), "held");
    alpha.behaviours.set("svc2 stop", { after: 2_000, outcome });
    if (outcome.kind === "failed") alpha.behaviours.set("svc2 status", { kind: "running" });
    const bravo = new Original(world, "bravo");
    for (const st of ["init", "up", "active"]) bravo.say({ t: "status", st, dt: "1b58", protocol: "1" });
    bravo.status = "active";
    bravo.beat();
    world.run(500);
    said(alpha);
    bravo.say({ t: "ip-request", ipaddr: name });
    world.run(1_900);
    assert.deepEqual(said(alpha), [], "the release is not over");
    world.run(60_000);
    assert.deepEqual([said(alpha), alpha.holding(name)], [answers, holding]);
  }
});

test("asked for what it does not have, ours says so; asked by somebody else than the owner, it keeps it", () => {
  const { world, alpha, bravo } = late();
  answer(bravo, "yes");
  world.run(100);
  said(alpha);
  bravo.say({ t: "ip-request", ipaddr: "vip2" });
  bravo.say({ t: "ip-request", ipaddr: "vip1" });
  bravo.say({ t: "ip-request", ipaddr: "vip9" });
  world.run(1_000);
  assert.deepEqual(said(alpha), ["ip-request-resp vip2 no"]);
  assert.deepEqual([alpha.holding("vip1"), alpha.counter("bad-ip-request")], ["held", 2]);
});

test("ours that slept while an original may have taken over asks before it holds its own again, and leaves the other's alone", () => {
  const { world, alpha, bravo } = late();
  answer(bravo, "yes");
  world.run(3_000);
  said(alpha);
  alpha.asleep = true;
  world.run(20_000);
  alpha.asleep = false;
  world.run(7_000);
  assert.deepEqual([alpha.holding("vip1"), said(alpha).includes("ip-request vip1")], ["doubted", true]);
  answer(bravo, "yes");
  world.run(100);
  assert.equal(alpha.holding("vip1"), "held");
});

test("an original that stood still may have taken what ours holds without a word: it is asked, which makes it let go, and ours holds on", () => {
  // Until its silence is a death here, and until it is all but one: over there it may have been one.
  for (const silence of [8_000, 4_500]) {
    const { world, alpha, bravo } = late();
    answer(bravo, "yes");
    world.run(3_000);
    said(alpha);
    bravo.silent = true;
    world.run(silence);
    assert.deepEqual(said(alpha), []);
    bravo.silent = false;
    world.run(1_500);
    assert.deepEqual([alpha.holding("vip1"), said(alpha)], ["held", ["ip-request vip1"]], String(silence));
    answer(bravo, "yes");
    world.run(20_000);
    assert.deepEqual([alpha.holding("vip1"), said(alpha)], ["held", []], String(silence));
  }
});

test("what ours took from an original that stood still goes back when it answers over there; nobody says so in legacy mode", () => {
  const { world, alpha, bravo } = late({ arbitration: { askAddress: true } });
  answer(bravo, "yes");
  world.run(3_000);
  bravo.silent = true;
  world.run(8_000);
  assert.equal(alpha.holding("vip2"), "held");
  bravo.silent = false;
  world.run(20_000);
  assert.equal(alpha.holding("vip2"), "held");
  for (let passed = 0; passed < 5_000; passed += 50) {
    world.run(50);
    for (const { group } of alpha.take("askForAddresses"))
      if (group === "vip2") alpha.feel({ type: "addressAnswered", group, by: "bravo's card" });
  }
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("two of ours: the owner that returns asks, the holder grants, and exactly one has it all the time", () => {
  const { world, alpha, bravo } = pair(wanted);
  world.kill(alpha);
  world.run(8_000);
  assert.equal(bravo.holding("vip1"), "held");
  const again = world.start("alpha", wanted, 2);
  world.run(1_000);
  assert.deepEqual([again.holding("vip1"), bravo.holding("vip1"), bravo.holding("vip2")], ["held", "idle", "held"]);
  assert.ok(said(again).includes("ip-request vip1"));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Share } from "../../src/core/event.js";
import { decimalOf, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { type Member, pair, textsOf, type Wanted, World } from "./rig.js";

const holders = (world: World, ...names: string[]): string[] =>
  names.map((name) =>
    Object.entries(world.holdings(name))
      .filter(([, holding]) => holding === "held")
      .map(([node]) => node)
      .join("+"),
  );
const asks = (world: World, from = 0): string[] =>
  textsOf(
    world.sent.slice(from).flatMap(({ message: m }) => (textOf(m, "t") === "ask_resources" ? [m] : [])),
    "src",
    "rsc_hold",
    "info",
  );
const standby = (member: Member, what: Share, request = 1) => member.feel({ type: "standbyRequested", what, request });
const takeover = (member: Member, what: Share, request = 1) =>
  member.feel({ type: "takeoverRequested", what, request });
const outcomes = (world: World): string[] => world.answers.map(({ outcome }) => outcome);
const lastText = (world: World): string => world.answers.at(-1)?.text ?? "";

/** alpha holds everything although vip2 belongs to bravo. */
function lopsided(wanted: Wanted = {}): ReturnType<typeof pair> {
  const both = pair(wanted);
  standby(both.bravo, "all", 99);
  both.world.run(2_000);
  assert.deepEqual(holders(both.world, "vip1", "vip2"), ["alpha", "alpha"]);
  both.world.answers.length = 0;
  return both;
}

test("standby, each share: exactly the groups meant move, by the four messages, and the operator hears of it", () => {
  const rows: readonly (readonly [Share, string, string, string])[] = [
    ["all", "bravo", "bravo", "all"],
    ["local", "bravo", "alpha", "local"],
    ["foreign", "alpha", "bravo", "foreign"],
    ["failback", "alpha", "bravo", "foreign"],
  ];
  for (const [share, vip1, vip2, word] of rows) {
    const { world, alpha } = lopsided();
    const from = world.sent.length;
    standby(alpha, share);
    world.run(2_000);
    assert.deepEqual(holders(world, "vip1", "vip2"), [vip1, vip2], share);
    assert.deepEqual(asks(world, from), [
      `alpha ${word} me`,
      `bravo ${word} other`,
      `alpha ${word} done`,
      `bravo ${word} done`,
    ]);
    assert.deepEqual(outcomes(world), ["running", "completed"]);
    assert.equal(lastText(world), `bravo has taken over ${word} resources`);
  }
});

test("a hand-over of addresses takes milliseconds: at no time do both have it, and the gap is less than five", () => {
  const { world, alpha, bravo } = pair();
  const start = world.now;
  standby(alpha, "local");
  let gap = 0;
  for (let i = 0; i < 50; i++) {
    world.run(1);
    assert.ok(!(alpha.running.has("vip1") && bravo.running.has("vip1")), `at ${world.now - start} ms`);
    if (!alpha.running.has("vip1") && !bravo.running.has("vip1")) gap++;
  }
  assert.ok(bravo.running.has("vip1"));
  assert.ok(gap < 5, `${gap} ms`);
});

test("a group starts at the peer as soon as it is released here, not when the last one is", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1", "alpha: vip3 svc3", "bravo: vip2"] });
  alpha.behaviours.set("svc3 stop", { after: 5_000, outcome: { kind: "succeeded" } });
  standby(alpha, "local");
  world.run(100);
  assert.deepEqual([bravo.holding("vip1"), bravo.holding("vip3")], ["held", "idle"]);
  world.run(6_000);
  assert.deepEqual([bravo.holding("vip1"), bravo.holding("vip3")], ["held", "held"]);
  assert.deepEqual(outcomes(world), ["running", "completed"]);
});

test("a release that takes longer than any answer limit is waited for (slow stops)", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { after: 55_000, outcome: { kind: "succeeded" } });
  standby(alpha, "local");
  world.run(54_000);
  assert.deepEqual(outcomes(world), ["running"]);
  world.run(3_000);
  assert.deepEqual([holders(world, "vip1"), outcomes(world)], [["bravo"], ["running", "completed"]]);
});

test("every wish that cannot be granted is refused in words that tell why (B14)", () => {
  const rows: readonly (readonly [RegExp, () => World])[] = [
    [
      /no other node is up/,
      () => {
        const { world, alpha, bravo } = pair();
        world.kill(bravo);
        world.run(8_000);
        standby(alpha, "all");
        return world;
      },
    ],
    [
      /still starting/,
      () => {
        const world = new World();
        standby(world.start("alpha"), "all");
        return world;
      },
    ],
    [
      /still starting/,
      () => {
        const world = new World();
        takeover(world.start("alpha"), "all");
        return world;
      },
    ],
    [
      /shutting down/,
      () => {
        const { world, alpha } = pair({ groups: ["alpha: svc1"] });
        alpha.behaviours.set("svc1 stop", "hangs");
        alpha.feel({ type: "stopRequested" });
        standby(alpha, "all");
        return world;
      },
    ],
    [
      /another hand-over is in progress/,
      () => {
        const { world, alpha } = pair({ groups: ["alpha: svc1"] });
        alpha.behaviours.set("svc1 stop", "hangs");
        standby(alpha, "all", 7);
        world.run(10);
        world.answers.length = 0;
        standby(alpha, "all");
        return world;
      },
    ],
    [
      /resources in flux \(svc1\)/,
      () => {
        const world = new World();
        const alpha = world.start("alpha", { groups: ["alpha: svc1"] });
        alpha.behaviours.set("svc1 start", "hangs");
        world.run(11_000);
        standby(alpha, "all");
        return world;
      },
    ],
    [
      /legacy/,
      () => {
        const { world, alpha } = pair({ autoFailback: "legacy" });
        standby(alpha, "all");
        return world;
      },
    ],
    [
      /legacy/,
      () => {
        const { world, alpha } = pair({ autoFailback: "legacy" });
        takeover(alpha, "all");
        return world;
      },
    ],
    [
      /bravo refused: it holds no local resources of alpha/,
      () => {
        const { world, alpha } = pair();
        takeover(alpha, "local");
        world.run(10);
        return world;
      },
    ],
  ];
  for (const [text, situation] of rows) {
    const world = situation();
    assert.deepEqual(outcomes(world), ["refused"], String(text));
    assert.match(lastText(world), text);
  }
});

test("what is nowhere to be moved is no failure: the wish is fulfilled already", () => {
  const { world, alpha } = pair();
  standby(alpha, "foreign");
  assert.deepEqual(outcomes(world), ["completed"]);
  assert.match(lastText(world), /holds no foreign resources/);
});

test("a peer in flux for longer refuses with its reason, which reaches the operator here; nothing was released", () => {
  const world = new World();
  const wanted = { groups: ["alpha: vip1", "bravo: vip2 svc2"] };
  const alpha = world.start("alpha", wanted);
  world.start("bravo", wanted).behaviours.set("svc2 start", "hangs");
  world.run(1_000);
  standby(alpha, "local");
  world.run(2_900);
  assert.deepEqual(outcomes(world), []);
  world.run(200);
  assert.deepEqual(outcomes(world), ["refused"]);
  assert.equal(lastText(world), "bravo refused: local resources in flux (vip2)");
  assert.ok(!alpha.history.some(({ effect }) => effect.type === "operateResource" && effect.action === "stop"));
  assert.equal(alpha.state.exchange.kind, "none");
});

test("a peer in flux for a moment takes what it is offered as soon as it can: the wish is not lost", () => {
  const world = new World();
  const wanted = { groups: ["alpha: vip1", "bravo: vip2 svc2"] };
  const alpha = world.start("alpha", wanted);
  world.start("bravo", wanted).behaviours.set("svc2 start", { after: 2_500, outcome: { kind: "succeeded" } });
  world.run(1_000);
  standby(alpha, "local");
  world.run(500);
  assert.deepEqual([outcomes(world), holders(world, "vip1")], [[], ["alpha"]]);
  world.run(3_000);
  assert.deepEqual([outcomes(world), holders(world, "vip1")], [["running", "completed"], ["bravo"]]);
});

test("takeover, each share: the mirrored groups come here, and the operator here hears of it", () => {
  const rows: readonly (readonly [Share, string, string])[] = [
    ["all", "bravo", "bravo"],
    ["local", "alpha", "bravo"],
    ["foreign", "bravo", "alpha"],
  ];
  for (const [share, vip1, vip2] of rows) {
    const { world, bravo } = lopsided();
    takeover(bravo, share);
    world.run(2_000);
    assert.deepEqual(holders(world, "vip1", "vip2"), [vip1, vip2], share);
    assert.deepEqual(outcomes(world), ["running", "completed"]);
    assert.equal(world.answers.at(-1)?.node, "bravo");
  }
});

test("a takeover without a living peer has nothing to ask for", () => {
  const { world, alpha, bravo } = pair();
  world.kill(bravo);
  world.run(8_000);
  takeover(alpha, "all");
  assert.deepEqual(outcomes(world), ["completed"]);
});

test("a takeover that nobody answers ends after ten seconds", () => {
  const { world, alpha } = pair();
  world.passes = (_, __, m) => textOf(m, "t") === "status";
  takeover(alpha, "foreign");
  world.run(9_990);
  assert.deepEqual(outcomes(world), []);
  world.run(20);
  assert.deepEqual(outcomes(world), ["refused"]);
});

test("a peer that cannot start what it was given is told of, and the group comes back", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  bravo.behaviours.set("svc1 start", { kind: "failed", why: "exit-code", code: 1 });
  standby(alpha, "local");
  world.run(5_000);
  assert.deepEqual(outcomes(world), ["running", "failed"]);
  assert.match(lastText(world), /vip1/);
  assert.deepEqual(holders(world, "vip1"), ["alpha"]);
});

test("a group that cannot be stopped here is told of, and stays blocked", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "alpha: vip3", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { kind: "failed", why: "exit-code", code: 1 });
  standby(alpha, "local");
  world.run(30_000);
  assert.deepEqual(outcomes(world), ["running", "failed"]);
  assert.match(lastText(world), /vip1/);
  assert.deepEqual([alpha.holding("vip1"), holders(world, "vip1", "vip3")], ["stuck", ["", "bravo"]]);
});

test("the request carries its number in every message and heartbeat until it ends, and never the same twice", () => {
  const { world, alpha, bravo } = pair();
  const numbers: (number | undefined)[] = [];
  for (let i = 0; i < 3; i++) {
    const from = world.sent.length;
    standby(i % 2 === 0 ? alpha : bravo, "all", i);
    world.run(2_000);
    const messages = world.sent.slice(from).map(({ message: m }) => m);
    const ids = messages.flatMap((m) => (textOf(m, "t") === "ask_resources" ? [decimalOf(m, "hbi")] : []));
    assert.equal(ids.length, 4);
    assert.equal(new Set(ids).size, 1);
    const marked = messages.flatMap((m) => decimalOf(m, "hbo") ?? []);
    assert.ok(marked.length > 0 && marked.every((id) => id === ids[0]));
    assert.equal(textOf(messages.at(-1) ?? [], "hbo"), undefined);
    numbers.push(ids[0]);
  }
  assert.equal(
    numbers.every((n) => n !== undefined),
    true,
  );
  assert.ok(numbers[0] !== numbers[2]);
});

test("a cancelled request is forgotten by both: a late answer moves nothing, and the next request is free (B9)", () => {
  const { world, alpha, bravo } = pair({ timing: { deadtime: 30_000 as never, initdead: 60_000 as never } });
  bravo.asleep = true;
  standby(alpha, "all");
  world.run(11_000);
  assert.deepEqual(outcomes(world), ["failed"]);
  bravo.asleep = false;
  world.run(500);
  assert.deepEqual([alpha.holding("vip1"), alpha.state.exchange.kind], ["held", "none"]);
  world.run(11_000);
  assert.equal(bravo.state.exchange.kind, "none");
  world.answers.length = 0;
  standby(alpha, "all");
  world.run(2_000);
  assert.deepEqual([outcomes(world), holders(world, "vip1")], [["running", "completed"], ["bravo"]]);
});

test("stray messages, wrong numbers and wrong senders move nothing", () => {
  const { world, alpha, bravo } = pair();
  standby(alpha, "local");
  const genuine = world.sent.length;
  world.run(0);
  const id = alpha.state.exchange.kind === "asking" ? alpha.state.exchange.id : -1;
  world.passes = (_, __, m) => textOf(m, "t") !== "ask_resources" || textOf(m, "info") !== "other";
  world.run(3);
  const other = world.sent.slice(genuine).find(({ message: m }) => textOf(m, "info") === "other")?.message ?? [];
  const before = alpha.counter("stray-standby-message");
  const numbered = (n: number, by: number) =>
    other.map(({ name, value }) => {
      if (name === "hbi") return { name, value: String(n) };
      return { name, value: name === "seq" || name === "hbn" ? next(by, name) : value };
    });
  const next = (by: number, name: string) => (Number.parseInt(textOf(other, name) ?? "", 16) + by).toString(16);
  alpha.hear(numbered(id + 5, 20));
  assert.equal(alpha.counter("stray-standby-message"), before + 1);
  assert.equal(alpha.state.exchange.kind, "asking");
  alpha.hear(numbered(id, 21));
  assert.notEqual(alpha.state.exchange.kind, "asking");
  assert.ok(bravo.alive);
});

test("both operators at the same moment: one request wins, the other is refused, and it settles at once", () => {
  for (const share of ["all", "local", "foreign"] as const) {
    const { world, alpha, bravo } = pair();
    standby(alpha, share, 1);
    standby(bravo, share, 2);
    const from = world.sent.length;
    world.run(5_000);
    const both = new Set(outcomes(world));
    assert.ok(both.has("completed"), `${share}: ${[...both]}`);
    assert.deepEqual([alpha.state.exchange.kind, bravo.state.exchange.kind], ["none", "none"]);
    assert.ok(world.sent.length - from < 60, `${world.sent.length - from} messages`);
    for (const name of ["vip1", "vip2"])
      assert.equal(holders(world, name)[0]?.includes("+"), false, `${share} ${name}`);
    assert.ok(holders(world, "vip1", "vip2").every(Boolean), share);
  }
});

test("two nodes that hold each other's groups send them home one after the other, without a storm of refusals", () => {
  const wanted: Wanted = { autoFailback: "on", groups: ["alpha: vip1", "bravo: vip2"] };
  const { world, alpha, bravo } = pair(wanted);
  // After a cut each has the other's with the larger term.
  world.passes = () => false;
  world.run(8_000);
  world.passes = () => true;
  const from = world.sent.length;
  world.run(15_000);
  assert.deepEqual(holders(world, "vip1", "vip2"), ["alpha", "bravo"]);
  assert.ok(world.sent.length - from < 150, `${world.sent.length - from} messages`);
  assert.ok(alpha.alive && bravo.alive);
});

test("a failback that would be refused waits: no request while the owner starts something else", () => {
  const groups = ["alpha: vip1", "bravo: vip2", "bravo: vip3 svc3"];
  const { world, bravo } = pair({ autoFailback: "on", groups });
  world.kill(bravo);
  world.run(7_000);
  const again = world.start("bravo", { autoFailback: "on", groups }, 2);
  again.behaviours.set("svc3 start", { after: 20_000, outcome: { kind: "succeeded" } });
  const from = world.sent.length;
  world.run(40_000);
  assert.deepEqual(holders(world, "vip2", "vip3"), ["bravo", "bravo"]);
  const refusals = asks(world, from).filter((line) => line.endsWith("refused"));
  assert.ok(refusals.length <= 2, refusals.join("\n"));
});

test("R dies while it releases: the other takes everything at its deadtime; P dies while it starts: R takes back (B15)", () => {
  const dying = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  dying.alpha.behaviours.set("svc1 stop", "hangs");
  standby(dying.alpha, "local");
  dying.world.run(100);
  dying.world.kill(dying.alpha);
  dying.world.run(7_000);
  assert.deepEqual(
    [holders(dying.world, "vip1", "vip2"), dying.bravo.state.exchange.kind],
    [["bravo", "bravo"], "none"],
  );

  const starting = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  starting.bravo.behaviours.set("svc1 start", "hangs");
  standby(starting.alpha, "local");
  starting.world.run(100);
  starting.world.kill(starting.bravo);
  starting.world.run(7_000);
  assert.deepEqual(holders(starting.world, "vip1", "vip2"), ["alpha", "alpha"]);
  assert.deepEqual([outcomes(starting.world), starting.alpha.state.exchange.kind], [["running", "failed"], "none"]);
});

test("a stop in the middle of a hand-over tells the operator who waited, and everything is handed over all the same", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { after: 3_000, outcome: { kind: "succeeded" } });
  standby(alpha, "local");
  world.run(100);
  alpha.feel({ type: "stopRequested" });
  assert.deepEqual(outcomes(world), ["running", "failed"]);
  assert.match(lastText(world), /shutting down/);
  world.run(6_000);
  assert.ok(world.ended.has(alpha.name));
  assert.deepEqual(holders(world, "vip1", "vip2"), ["bravo", "bravo"]);
});

test("hand-overs survive the loss of any single message", () => {
  for (let lost = 0; lost < 14; lost++) {
    const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
    let counted = 0;
    world.passes = () => counted++ !== lost;
    standby(alpha, "local");
    world.run(15_000);
    assert.deepEqual(holders(world, "vip1", "vip2"), ["bravo", "bravo"], `message ${lost}`);
    assert.deepEqual(outcomes(world), ["running", "completed"], `message ${lost}`);
  }
});

test("with three nodes a takeover brings the groups to the node that asked", () => {
  const world = new World();
  const wanted = { nodes: ["alpha", "bravo", "charlie"], groups: ["alpha: vip1", "bravo: vip2"] };
  for (const name of wanted.nodes) world.start(name, wanted);
  world.run(2_000);
  const charlie = world.members.get(nodeName("charlie"))!;
  takeover(charlie, "foreign");
  world.run(20_000);
  assert.equal(charlie.holding("vip1") === "held" || charlie.holding("vip2") === "held", true);
  assert.equal(world.answers.at(-1)?.outcome, "completed", lastText(world));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { instant } from "../../src/core/time.js";
import { type Member, pair, textsOf, type Wanted, World } from "./rig.js";

const groups = ["alpha: vip1", "bravo: vip2"];
const holders = (world: World, name: string): string[] =>
  Object.entries(world.holdings(name)).flatMap(([node, holding]) => (holding === "held" ? [node] : []));

/** Three nodes, the third one listed last. */
function three(wanted: Wanted = {}): { world: World; alpha: Member; bravo: Member; charlie: Member } {
  const world = new World();
  const all = {
    nodes: ["alpha", "bravo", "charlie"],
    groups: ["alpha: vip1", "bravo: vip2", "charlie: vip3"],
    ...wanted,
  };
  const [alpha, bravo, charlie] = ["alpha", "bravo", "charlie"].map((name) => world.start(name, all));
  world.run(3_000);
  return { world, alpha: alpha!, bravo: bravo!, charlie: charlie! };
}

test("two healthy nodes hold their groups within a second of their start (B4)", () => {
  const world = new World();
  world.start("alpha", { groups });
  world.start("bravo", { groups });
  world.run(100);
  assert.deepEqual([holders(world, "vip1"), holders(world, "vip2")], [["alpha"], ["bravo"]]);
});

test("a node alone waits for initdead, then takes everything", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups });
  world.run(9_999);
  assert.deepEqual([alpha.holding("vip1"), alpha.state.phase.kind], ["idle", "up"]);
  alpha.takeLog();
  world.run(1);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  const log = alpha.takeLog();
  for (const line of [
    "node bravo: is dead",
    "Comm_now_up(): updating status to active",
    "Local status now set to: 'active'",
    "Initial resource acquisition complete (T_RESOURCES(us))",
  ])
    assert.equal(log.filter((said) => said === line).length, 1, line);
});

test("a dead node's groups are held by the peer one deadtime after its last heartbeat", () => {
  const { world, alpha, bravo } = pair({ groups });
  world.kill(bravo);
  const heard = alpha.peer("bravo").liveness;
  assert.ok("heardAt" in heard);
  world.run(heard.heardAt + 4_999 - world.now);
  assert.deepEqual(holders(world, "vip2"), []);
  world.run(1);
  assert.deepEqual(holders(world, "vip2"), ["alpha"]);
});

test("after a cut exactly one keeps each group, the one with the larger term, without interruption; it announces again (A4)", () => {
  const { world, alpha, bravo } = pair({ groups });
  world.passes = () => false;
  world.run(8_000);
  assert.deepEqual(
    [holders(world, "vip1"), holders(world, "vip2")],
    [
      ["alpha", "bravo"],
      ["alpha", "bravo"],
    ],
  );
  world.passes = () => true;
  const before = { alpha: alpha.history.length, bravo: bravo.history.length };
  world.run(2_000);
  // Each took the other's group with a term of its own, above the one under which the owner held it.
  assert.deepEqual([holders(world, "vip1"), holders(world, "vip2")], [["bravo"], ["alpha"]]);
  const stops = (member: Member, from: number) =>
    member.history
      .slice(from)
      .flatMap(({ effect }) => (effect.type === "operateResource" ? [`${effect.group} ${effect.action}`] : []));
  assert.deepEqual([stops(alpha, before.alpha), stops(bravo, before.bravo)], [["vip1 stop"], ["vip2 stop"]]);
  for (const [member, group, from] of [
    [alpha, "vip2", before.alpha],
    [bravo, "vip1", before.bravo],
  ] as const)
    assert.ok(
      member.history.slice(from).some(({ effect }) => effect.type === "announceGroup" && effect.group === group),
      group,
    );
});

test("of equal terms the preferred node keeps the group", () => {
  for (const owner of ["alpha", "bravo"]) {
    const world = new World();
    const wanted = { groups: [`${owner}: vip1`] };
    world.passes = () => false;
    world.start("alpha", wanted);
    world.start("bravo", wanted);
    world.run(12_000);
    assert.deepEqual(holders(world, "vip1"), ["alpha", "bravo"]);
    world.passes = () => true;
    world.run(3_000);
    assert.deepEqual(holders(world, "vip1"), [owner]);
  }
});

test("of three that hold a group only the one with the largest claim keeps it", () => {
  const world = new World();
  const wanted = { nodes: ["alpha", "bravo", "charlie"], groups: ["charlie: vip1"] };
  world.passes = () => false;
  for (const name of wanted.nodes) world.start(name, wanted);
  world.run(12_000);
  assert.deepEqual(holders(world, "vip1"), ["alpha", "bravo", "charlie"]);
  world.passes = () => true;
  world.run(3_000);
  assert.deepEqual(holders(world, "vip1"), ["charlie"]);
});

test("one of three that has both a weaker and a stronger rival gives way at once", () => {
  const { world, bravo } = three({ groups: ["alpha: vip1"] });
  // charlie is cut off alone; then alpha dies and bravo takes over; terms now: bravo 2, charlie 2; bravo comes first in ha.cf.
  world.passes = (from, to) => from !== "charlie" && to !== "charlie";
  world.run(7_000);
  assert.deepEqual(holders(world, "vip1").includes("charlie"), true);
  world.kill(world.members.get(nodeName("alpha"))!);
  world.run(7_000);
  assert.equal(bravo.holding("vip1"), "held");
  world.passes = () => true;
  world.run(3_000);
  assert.deepEqual(holders(world, "vip1"), ["bravo"]);
});

test("with three nodes a dead one's group goes to the next in the order of ha.cf, to one only", () => {
  for (const [dead, expected] of [
    ["alpha", "bravo"],
    ["bravo", "charlie"],
    ["charlie", "alpha"],
  ] as const) {
    const { world } = three();
    world.kill(world.members.get(nodeName(dead))!);
    world.run(7_000);
    const vip = { alpha: "vip1", bravo: "vip2", charlie: "vip3" }[dead];
    assert.deepEqual(holders(world, vip), [expected]);
  }
});

test("failback on: the owner gets its group back in one exchange, once; off: it does not", () => {
  for (const autoFailback of ["on", "off"] as const) {
    const { world, alpha, bravo } = pair({ groups, autoFailback });
    world.kill(bravo);
    world.run(7_000);
    assert.deepEqual(holders(world, "vip2"), ["alpha"]);
    const before = world.sent.length;
    world.start("bravo", { groups, autoFailback }, 2);
    world.run(10_000);
    assert.deepEqual(holders(world, "vip2"), [autoFailback === "on" ? "bravo" : "alpha"]);
    const asked = world.sent.slice(before).filter(({ message: m }) => textOf(m, "t") === "ask_resources");
    assert.deepEqual(
      textsOf(
        asked.map(({ message: m }) => m),
        "src",
        "info",
      ),
      autoFailback === "on" ? ["alpha me", "bravo other", "alpha done", "bravo done"] : [],
    );
    assert.equal(alpha.holding("vip1"), "held");
  }
});

test("with auto_failback on a group that an operator moved away stays away until its owner starts anew", () => {
  const { world, alpha, bravo } = pair({ groups, autoFailback: "on" });
  alpha.feel({ type: "standbyRequested", what: "local", request: 1 });
  world.run(20_000);
  assert.deepEqual(holders(world, "vip1"), ["bravo"]);
  world.kill(alpha);
  world.run(7_000);
  world.start("alpha", { groups, autoFailback: "on" }, 2);
  world.run(5_000);
  assert.deepEqual([holders(world, "vip1"), bravo.holding("vip2")], [["alpha"], "held"]);
});

test("a stop hands everything over: the peer holds it within milliseconds, then the process ends with success", () => {
  const { world, alpha, bravo } = pair({ groups });
  const start = world.now;
  alpha.feel({ type: "stopRequested" });
  world.run(50);
  assert.deepEqual(holders(world, "vip1"), ["bravo"]);
  const taken = bravo.history.find(({ at, effect }) => at >= start && effect.type === "announceGroup")?.at ?? 0;
  assert.ok(taken - start <= 5, `${taken - start} ms`);
  world.run(1_500);
  assert.ok(world.ended.has(alpha.name));
  assert.equal(bravo.peer("alpha").liveness.kind, "left");
  assert.ok(alpha.takeLog().includes("alpha Heartbeat shutdown complete."));
});

test("a node that nobody can inherit from says goodbye all the same and ends within two seconds", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups });
  world.run(12_000);
  alpha.feel({ type: "stopRequested" });
  world.run(2_000);
  assert.ok(world.ended.has(alpha.name));
  assert.deepEqual([...alpha.running], []);
});

test("a stop before the cluster is up ends at once, and a second stop request changes nothing", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups });
  world.run(500);
  alpha.feel({ type: "stopRequested" });
  alpha.takeLog();
  if (!world.ended.has(alpha.name)) alpha.feel({ type: "stopRequested" });
  world.run(1_500);
  assert.ok(world.ended.has(alpha.name));
});

test("both nodes stopped at the same moment leave nothing running", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2 svc2"] });
  alpha.feel({ type: "stopRequested" });
  bravo.feel({ type: "stopRequested" });
  world.run(5_000);
  assert.deepEqual([[...alpha.running], [...bravo.running], world.ended.size], [[], [], 2]);
});

test("a grant whose receiver dies or restarts before it uses it comes back", () => {
  for (const restarts of [false, true]) {
    const { world, alpha, bravo } = pair({ groups });
    alpha.feel({ type: "standbyRequested", what: "local", request: 1 });
    world.run(1);
    world.run(1);
    // bravo has answered; its taking never happens.
    bravo.asleep = true;
    world.run(5);
    assert.equal(alpha.holding("vip1"), "granted");
    world.kill(bravo);
    if (restarts) world.start("bravo", { groups }, 2);
    world.run(8_000);
    assert.deepEqual(holders(world, "vip1"), ["alpha"], restarts ? "restarted" : "dead");
  }
});

test("different resource groups on the nodes are said once, not at every heartbeat (B12)", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups, digest: "d1" });
  world.start("bravo", { groups, digest: "d2" });
  world.run(10_000);
  assert.deepEqual(
    alpha.takeLog().filter((line) => /differ/.test(line)),
    ["The resource groups of bravo differ from ours: compare /etc/ha.d/haresources on both nodes."],
  );
});

test("a ping node that answers is up, and dead when it was silent for deadping", () => {
  const world = new World();
  world.answering.add("10.0.0.254");
  const alpha = world.start("alpha", { pings: ["10.0.0.254"] });
  world.run(3_000);
  const ping = () => alpha.state.pings.get(nodeName("10.0.0.254"))?.kind;
  assert.equal(ping(), "up");
  assert.ok(alpha.takeLog().includes("Status update for node 10.0.0.254: status ping"));
  world.answering.clear();
  world.run(7_000);
  assert.equal(ping(), "dead");
  assert.deepEqual(
    alpha.takeLog().filter((line) => /10\.0/.test(line)),
    ["node 10.0.0.254: is dead", "Link 10.0.0.254:10.0.0.254 dead."],
  );
  alpha.feel({ type: "pingAnswered", node: nodeName("10.9.9.9"), askedAt: instant(world.now) });
  assert.equal(alpha.state.pings.size, 1);
});

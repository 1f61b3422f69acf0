import assert from "node:assert/strict";
import { test } from "node:test";
import { runsIpfail } from "../../src/core/ipfail.js";
import { type Message, textOf } from "../../src/core/message.js";
import { nodeName } from "../../src/core/names.js";
import { type Member, Original, pair, type Wanted, World } from "./rig.js";

const gateway = "10.0.0.254";
const wanted: Wanted = { pings: [gateway], ipfail: "built-in" };

/** What one ipfail said to the other, and what became of it: `num_ping_nodes 1`, `ask_resources all me`. */
const words = (messages: readonly Message[]): string[] =>
  messages.flatMap((m) => {
    if (textOf(m, "t") === "ask_resources") return [`ask_resources ${textOf(m, "rsc_hold")} ${textOf(m, "info")}`];
    if (textOf(m, "to_id") !== "ipfail") return [];
    const number = textOf(m, "num_ping");
    return [`${textOf(m, "t")}${number === undefined ? "" : ` ${number}`}`];
  });
const said = (member: Member): string[] => words(member.takeSent());

/** Ours and an original that runs its ipfail; both reach the ping node, each holds its own. */
function beside(more: Wanted = {}) {
  const world = new World();
  world.answering.add(gateway);
  const alpha = world.start("alpha", { ...wanted, ...more });
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  bravo.beat();
  world.run(500);
  bravo.resource("local", { isstable: "1" });
  world.run(3_000);
  const ipfail = (t: string, rest: Readonly<Record<string, string>> = {}): void => {
    bravo.say({ t, ...rest, dest: "alpha", from_id: "ipfail", to_id: "ipfail", client_gen: "0" });
    world.run(5);
  };
  return { world, alpha, bravo, ipfail };
}

test("an original's ipfail is told our number at the start, when it signs on, and when it changes (ipfail.md 3)", () => {
  const { world, alpha, ipfail } = beside();
  assert.deepEqual(said(alpha).slice(0, 2), ["hbapi-clstat", "num_ping_nodes 1"]);
  ipfail("hbapi-clstat", { st: "join", info: "signon" });
  assert.deepEqual(said(alpha), ["num_ping_nodes 1"]);
  world.cutOff.add(nodeName("alpha"));
  world.run(6_000);
  assert.deepEqual(said(alpha), ["num_ping_nodes 0"]);
  world.cutOff.clear();
  world.run(2_000);
  assert.deepEqual(said(alpha), ["num_ping_nodes 1"]);
});

test("its number is compared and answered as the original does (ipfail.md 4)", () => {
  const rows = [
    ["0", ["you_are_dead"], "Telling other node that we have more visible ping nodes."],
    ["1", ["abort_giveup"], "Ping node count is balanced."],
    ["2", [], "Giving up because we have less visible ping nodes."],
  ] as const;
  for (const [number, answers, line] of rows) {
    const { alpha, ipfail } = beside();
    said(alpha);
    alpha.takeLog();
    ipfail("num_ping_nodes", { num_ping: number });
    assert.deepEqual(said(alpha), answers);
    assert.ok(alpha.takeLog().includes(line), line);
  }
});

test("told by an original that we reach fewer, we give everything up after two keepalives; an abort in between cancels it", () => {
  for (const aborted of [false, true]) {
    const { world, alpha, ipfail } = beside();
    said(alpha);
    ipfail("you_are_dead");
    world.run(1_900);
    if (aborted) ipfail("abort_giveup");
    world.run(200);
    assert.deepEqual(said(alpha), aborted ? [] : ["ask_resources all me"]);
    assert.equal(alpha.takeLog().includes("Aborted delayed giveup (1)"), aborted);
  }
});

test("what an original's ipfail gave us goes home only after its number is level again for twice deadping", () => {
  const { world, alpha, bravo, ipfail } = beside({ autoFailback: "on" });
  ipfail("num_ping_nodes", { num_ping: "0" });
  bravo.say({ t: "ask_resources", rsc_hold: "all", info: "me", from_id: "ipfail" });
  world.run(5);
  bravo.resource("none", { isstable: "0", info: "standby" });
  bravo.ask("all", "done");
  world.run(5);
  bravo.resource("none", { isstable: "1" });
  said(alpha);
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2"), said(alpha)], ["held", "held", []]);
  ipfail("num_ping_nodes", { num_ping: "1" });
  world.run(9_900);
  assert.deepEqual(said(alpha), ["abort_giveup"]);
  world.run(1_100);
  assert.deepEqual(said(alpha), ["ask_resources foreign me"]);
});

test("a number that is told in the middle of a hand-over is told again after it: an original's ipfail decides nothing meanwhile", () => {
  const { world, alpha, bravo, ipfail } = beside({ autoFailback: "on" });
  world.cutOff.add(nodeName("alpha"));
  world.run(6_000);
  ipfail("you_are_dead");
  world.run(2_100);
  bravo.ask("all", "other");
  world.run(5);
  world.cutOff.clear();
  said(alpha);
  world.run(3_000);
  ipfail("abort_giveup");
  assert.deepEqual(said(alpha), ["num_ping_nodes 1"]);
  bravo.resource("all", { isstable: "1" });
  bravo.ask("all", "done");
  world.run(6_500);
  assert.deepEqual(said(alpha), [], "told twice while it makes up its mind, it would change it");
  world.run(10_000);
  assert.deepEqual(said(alpha), ["num_ping_nodes 1"]);
});

test("an original that reaches fewer and does not give up is told so again, three times; one that begins to is not", () => {
  for (const begins of [false, true]) {
    const { world, alpha, bravo, ipfail } = beside({ autoFailback: "on" });
    said(alpha);
    ipfail("num_ping_nodes", { num_ping: "0" });
    world.run(6_000);
    assert.deepEqual(said(alpha), ["you_are_dead"]);
    if (begins) bravo.say({ t: "ask_resources", rsc_hold: "all", info: "me", from_id: "ipfail" });
    world.run(5);
    said(alpha);
    world.run(60_000);
    const times = said(alpha).filter((text) => text === "num_ping_nodes 1").length;
    assert.equal(times, begins ? 0 : 3);
  }
});

test("no group is handed to a node that reaches fewer ping nodes, not even when an operator asks for it", () => {
  const { world, alpha, bravo } = pair({ ...wanted, autoFailback: "off" });
  world.answering.add(gateway);
  world.cutOff.add(nodeName("bravo"));
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip2"), bravo.holding("vip2")], ["held", "idle"]);
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  assert.deepEqual(
    world.answers.map(({ outcome, text }) => `${outcome}: ${text}`),
    ["refused: bravo reaches fewer ping nodes than this node"],
  );
});

test("a ping node is lost by one of ours: everything moves within deadping and a keepalive and a quarter, in one hand-over", () => {
  const { world, alpha, bravo } = pair({ ...wanted, groups: ["alpha: vip1", "alpha: vip3", "bravo: vip2"] });
  world.answering.add(gateway);
  world.run(5_000);
  said(alpha);
  world.cutOff.add(nodeName("alpha"));
  world.run(6_260);
  assert.deepEqual([bravo.holding("vip1"), bravo.holding("vip3")], ["held", "held"]);
  assert.equal(said(alpha).filter((text) => text === "ask_resources all me").length, 1);
});

test("a node that does not run ipfail is no reason to move anything", () => {
  const world = new World();
  world.answering.add(gateway);
  const alpha = world.start("alpha", wanted);
  world.start("bravo", { ...wanted, ipfail: "none" });
  world.run(5_000);
  world.cutOff.add(nodeName("alpha"));
  world.run(60_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.peer("bravo").reach.kind], ["held", "untold"]);
});

test("a ping node that comes back is not said to be dead again (D12)", () => {
  const world = new World();
  world.answering.add(gateway);
  const alpha = world.start("alpha", wanted);
  world.run(15_000);
  world.answering.clear();
  world.run(10_000);
  assert.ok(alpha.takeLog().includes(`node ${gateway}: is dead`));
  world.answering.add(gateway);
  world.run(10_000);
  const lines = alpha.takeLog().filter((line) => line.includes(gateway) && !line.startsWith("Link Status"));
  assert.deepEqual(lines, [
    `Link ${gateway}:${gateway} up.`,
    `Status update for node ${gateway}: status ping`,
    `Status update: Node ${gateway} now has status ping`,
  ]);
});

test("the built-in ipfail counts as a client that is online, from the moment it takes part", () => {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  assert.equal(runsIpfail(alpha.state), false);
  world.run(15_000);
  assert.equal(runsIpfail(alpha.state), true);
  assert.equal(runsIpfail(world.start("bravo", { ...wanted, ipfail: "none" }).state), false);
});

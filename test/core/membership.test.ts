import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact } from "../../src/core/event.js";
import { message } from "../../src/core/message.js";
import { pair, TIMING } from "./rig.js";

const says = (t: "addnode" | "delnode", nodelist: string): Fact => ({
  type: "clientSent",
  message: message({ t, nodelist }),
  by: "script",
});

test("a node added while heartbeat runs is known to both, dead after deadtime, and in the way of nothing after that", () => {
  const { world, alpha, bravo } = pair();
  for (const one of [alpha, bravo]) one.takeLog();
  alpha.feel(says("addnode", "charlie"));
  world.run(2);
  for (const one of [alpha, bravo]) {
    assert.deepEqual(one.state.settings.nodes, ["alpha", "bravo", "charlie"]);
    assert.equal(one.state.settings.ttl, 4);
    assert.deepEqual(one.takeLog(), ["hb_add_one_node: Adding new node[charlie] to configuration."]);
    assert.equal(one.peer("charlie").liveness.kind, "unseen");
  }
  world.run(TIMING.deadtime);
  for (const one of [alpha, bravo]) assert.ok(one.takeLog().includes("node charlie: is dead"));
  world.kill(alpha);
  world.run(2 * TIMING.deadtime);
  assert.equal(bravo.holding("vip1"), "held");
});

test("a node is added once, with a name that a node can have", () => {
  const { alpha } = pair();
  alpha.takeLog();
  alpha.feel(says("addnode", "bravo CHARLIE charlie; a/b"));
  assert.deepEqual(alpha.takeLog(), [
    "Add node bravo failed",
    "hb_add_one_node: Adding new node[charlie] to configuration.",
    "Add node charlie; failed",
    "Add node a/b failed",
  ]);
});

test("a node is forgotten only when it is dead, owns nothing, and nobody else is missing", () => {
  const { world, alpha, bravo } = pair();
  alpha.feel(says("addnode", "charlie delta"));
  world.run(2);
  alpha.takeLog();
  alpha.feel(says("delnode", "charlie bravo nobody"));
  assert.deepEqual(alpha.takeLog(), [
    "deletion failed: node charlie is not dead",
    "deletion failed: node bravo is not dead",
    "HBDoMsg_T_DELNODE: deletion failed. We don't have all required nodes alive (charlie is unseen)",
  ]);
  world.run(TIMING.deadtime);
  alpha.takeLog();
  alpha.feel(says("delnode", "charlie"));
  assert.deepEqual(alpha.takeLog(), [
    "HBDoMsg_T_DELNODE: deletion failed. We don't have all required nodes alive (delta is dead)",
  ]);
  world.kill(bravo);
  world.run(2 * TIMING.deadtime);
  alpha.takeLog();
  alpha.feel(says("delnode", "bravo"));
  assert.match(alpha.takeLog().join(), /^deletion failed: node bravo owns vip2/);
  assert.equal(alpha.holding("vip2"), "held");
});

test("a dead node that was added is deleted on both, and a heartbeat of it is a stranger's again", () => {
  const { world, alpha, bravo } = pair();
  alpha.feel(says("addnode", "charlie"));
  world.run(TIMING.deadtime + 10);
  for (const one of [alpha, bravo]) one.takeLog();
  bravo.feel(says("delnode", "charlie"));
  world.run(2);
  for (const one of [alpha, bravo]) {
    assert.deepEqual(one.state.settings.nodes, ["alpha", "bravo"]);
    assert.deepEqual(one.takeLog(), ["Removing node [charlie] from configuration."]);
    one.feel(says("delnode", "nobody"));
    assert.deepEqual(one.takeLog(), ["hb_remove_one_node: node nobody not found in config"]);
    assert.equal(one.state.settings.ttl, 3);
  }
});

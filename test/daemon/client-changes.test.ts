import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeState } from "../../src/core/node-state.js";
import { changesBetween, heartbeatsBetween } from "../../src/daemon/clients/changes.js";
import { pair, textsOf } from "../core/rig.js";

const news = (before: NodeState, after: NodeState): string[] =>
  textsOf(changesBetween(before, after, 16), "t", "src", "node", "ifname", "st");

test("a node that dies and comes back is told with its link, in the original's order, and a heartbeat as such is no news", () => {
  const { world, alpha, bravo } = pair();
  const before = alpha.state;
  world.run(3_000);
  assert.deepEqual(news(before, alpha.state), []);
  assert.ok(heartbeatsBetween(before, alpha.state, 16).length > 0);
  const well = alpha.state;
  world.kill(bravo);
  world.run(6_000);
  const dead = alpha.state;
  assert.deepEqual(news(well, dead), ["status bravo - - dead", "ifstat - bravo eth0 dead"]);
  world.start("bravo", {}, 2);
  world.run(3_000);
  assert.deepEqual(news(dead, alpha.state), ["ifstat - bravo eth0 up", "status bravo - - active"]);
});

test("a ping node that comes is told as ping, one that falls silent as dead", () => {
  const { world, alpha } = pair({ pings: ["router"] });
  const silent = alpha.state;
  world.answering.add("router");
  world.run(2_000);
  const answering = alpha.state;
  assert.deepEqual(news(silent, answering), ["ifstat - router router up", "NS_st router - - ping"]);
  world.answering.clear();
  world.run(8_000);
  assert.deepEqual(news(answering, alpha.state), ["status router - - dead", "ifstat - router router dead"]);
});

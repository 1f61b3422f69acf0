import assert from "node:assert/strict";
import { test } from "node:test";
import { pair, World } from "./rig.js";

test("a stop during the start ends within a keepalive, and one in the middle of a start waits for that script alone (D8)", () => {
  const world = new World();
  const alone = world.start("alpha");
  world.run(3_000);
  alone.feel({ type: "stopRequested" });
  world.run(1_000);
  assert.ok(world.ended.has(alone.name), "nobody was heard, nothing is held: there is nothing to wait for");

  const busy = new World();
  const alpha = busy.start("alpha", { groups: ["alpha: svc1 svc2 svc3"] });
  alpha.behaviours.set("svc2 start", { after: 8_000, outcome: { kind: "succeeded" } });
  busy.run(11_000);
  alpha.feel({ type: "stopRequested" });
  busy.run(6_000);
  assert.ok(!busy.ended.has(alpha.name));
  busy.run(5_000);
  assert.ok(busy.ended.has(alpha.name));
  assert.deepEqual([...alpha.running], []);
});

test("every ten seconds the log says what a stop waits for, by group, resource and try", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { after: 25_000, outcome: { kind: "succeeded" } });
  alpha.feel({ type: "stopRequested" });
  alpha.takeLog();
  world.run(24_000);
  const waits = alpha.takeLog().filter((line) => line.startsWith("Shutdown waits"));
  const line = "Shutdown waits for: vip1: stopping svc1 (try 1 of 11)";
  assert.deepEqual(waits, [line, line]);
});

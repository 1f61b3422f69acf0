import assert from "node:assert/strict";
import { test } from "node:test";
import { pair } from "./rig.js";

test("a takeover on the survivor says which group stays blocked, why, and what helps; no one claims that all is well", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1"] });
  alpha.behaviours.set("svc1 stop", { kind: "failed", why: "exit-code", code: 1 });
  alpha.feel({ type: "stopRequested" });
  world.run(60_000);
  const words = alpha.history.flatMap(({ effect }) =>
    effect.type === "log" ? [`${effect.level}: ${effect.text}`] : [],
  );
  assert.ok(words.includes("CRIT: Not relinquished, may still be running here: vip1"));
  assert.equal(words.includes("info: All HA resources relinquished."), false);
  bravo.feel({ type: "takeoverRequested", what: "all", request: 1 });
  world.run(2_000);
  assert.deepEqual(
    world.answers.map(({ outcome }) => outcome),
    ["refused"],
  );
  assert.match(
    world.answers[0]?.text ?? "",
    /^vip1 stays blocked: a stop failed on alpha, .*restart heartbeat on alpha/,
  );
  assert.equal(bravo.holding("vip1"), "idle");
});

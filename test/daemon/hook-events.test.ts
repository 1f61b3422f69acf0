import assert from "node:assert/strict";
import { test } from "node:test";
import { message } from "../../src/core/message.js";
import { hookOf, hooksBetween } from "../../src/daemon/hook-events.js";
import { pair, TIMING } from "../core/rig.js";

test("what peers and ping nodes become is a hook: up, dead with the word that stops the original's mach_down, and links", () => {
  const { world, alpha, bravo } = pair({ pings: ["router"] });
  const calm = alpha.state;
  assert.deepEqual(hooksBetween(calm, calm), []);
  world.kill(bravo);
  world.run(2 * TIMING.deadtime);
  const dead = hooksBetween(calm, alpha.state).map(({ type, fields }) => [
    type,
    fields["st"],
    fields["src"] ?? fields["node"],
  ]);
  assert.deepEqual(
    dead.filter(([, , who]) => who === "bravo"),
    [
      ["ifstat", "dead", "bravo"],
      ["status", "dead", "bravo"],
    ],
  );
  const status = hooksBetween(calm, alpha.state).find(({ type }) => type === "status");
  assert.match(status?.fields["info"] ?? "", /ping/);
  assert.deepEqual([status?.fields["DONTASK"], status?.fields["OSTATUS"]], ["yes", "active"]);
  const gone = alpha.state;
  world.start("bravo", { pings: ["router"] }, 2);
  world.run(3_000);
  const back = hooksBetween(gone, alpha.state).filter(({ type }) => type === "status");
  assert.deepEqual([back[0]?.fields["src"], back[0]?.fields["DONTASK"]], ["bravo", undefined]);
  assert.ok(["up", "active"].includes(back[0]?.fields["st"] ?? ""));
});

test("a message is a hook of its type, with its texts and without our own marks; heartbeat's own words are none", () => {
  const { alpha } = pair();
  const heard = message({ t: "Deploy", text: "version 7", src: "bravo", srcuuid: new Uint8Array(16), hbs: "secret" });
  assert.deepEqual(hookOf(heard, alpha.state), {
    type: "deploy",
    fields: { t: "Deploy", text: "version 7", src: "bravo", OSTATUS: "active" },
  });
  for (const t of [
    "status",
    "starting",
    "resource",
    "shutdone",
    "ask_resources",
    "addnode",
    "NS_rexmit",
    "../evil",
    "a b",
  ])
    assert.equal(hookOf(message({ t }), alpha.state), undefined, t);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "../../src/control/snapshot.js";
import { message } from "../../src/core/message.js";
import { instant } from "../../src/core/time.js";
import { snapshotOf } from "../../src/daemon/snapshot.js";
import { configOf } from "../../src/sim/pretend-cluster.js";
import { besideOriginal, type Member, Original, pair, uuidOf, World } from "../core/rig.js";

const config = configOf(
  { nodes: ["alpha", "bravo"], links: ["eth0", "eth1"], haCf: [], haresources: ["alpha 10.0.0.1"], medium: "ucast" },
  "alpha",
);
const shown = (member: Member): Snapshot =>
  snapshotOf(member.state, config, {
    program: "heartbeat 9.9",
    processId: 4711,
    now: instant(member.world.now),
    refused: new Map([["bad-digest", 3]]),
  });
const groupShown = (member: Member, name: string) => {
  const group = shown(member).groups.find((candidate) => candidate.name === name);
  assert.ok(group !== undefined);
  const { state, holder, because, term } = group;
  return { state, holder, because, term };
};

test("a starting node tells whom it waits for and for how long at most", () => {
  const world = new World();
  const alpha = world.start("alpha");
  world.run(3_250);
  const { phase, phaseReason, phaseRemaining, holds, nodes, uptime } = shown(alpha);
  assert.deepEqual([phase, phaseRemaining, holds, uptime], ["starting", 6_750, "transition", 3_250]);
  assert.equal(phaseReason, "waiting for the first heartbeat of bravo (until initdead)");
  assert.deepEqual(
    nodes.map(({ name, self, status, liveness, silence, program }) => [name, self, status, liveness, silence, program]),
    [
      ["alpha", true, "up", "up", null, "heartbeat 9.9"],
      ["bravo", false, "init", "unseen", null, "unknown"],
    ],
  );
});

test("two nodes at rest: who holds what since when, links, silences, nothing to explain", () => {
  const { world, alpha } = pair();
  world.run(400);
  const { phase, phaseReason, phaseRemaining, holds, nodes, groups, alerts, counters, timing, generation } =
    shown(alpha);
  assert.deepEqual(
    [phase, phaseReason, phaseRemaining, holds, alerts, generation],
    ["active", "", undefined, "local", [], 1],
  );
  assert.deepEqual(timing, { keepalive: 1_000, warntime: 3_000, deadtime: 5_000, initdead: 10_000 });
  assert.equal(counters["bad-digest"], 3);
  const bravo = nodes[1];
  assert.deepEqual([bravo?.status, bravo?.liveness, bravo?.program], ["active", "up", "heartbeat (extension 1)"]);
  assert.equal(bravo?.links[0]?.name, "eth0");
  assert.equal(bravo?.links[0]?.up, true);
  assert.ok((bravo?.silence ?? -1) >= 0 && (bravo?.silence ?? 9_999) <= 1_000);
  assert.deepEqual(
    nodes[0]?.links.map(({ name }) => name),
    ["eth0", "eth1"],
  );
  assert.deepEqual(groupShown(alpha, "vip1"), { state: "held", holder: "alpha", because: "nobody-holds-it", term: 1 });
  assert.deepEqual(groupShown(alpha, "vip2"), {
    state: "idle",
    holder: "bravo",
    because: "holder-alive (bravo)",
    term: 1,
  });
  assert.ok(groups.every(({ since }) => (since ?? -1) >= 0));
});

test("a late and then dead peer is shown as what it is, and its groups as taken over, with the ground", () => {
  const { world, alpha, bravo } = pair();
  world.kill(bravo);
  world.run(3_900);
  assert.deepEqual([shown(alpha).nodes[1]?.liveness, shown(alpha).nodes[1]?.status], ["late", "active"]);
  world.run(3_000);
  const dead = shown(alpha).nodes[1];
  assert.deepEqual([dead?.liveness, dead?.status, dead?.silence, dead?.links[0]?.up], ["dead", "dead", null, false]);
  assert.deepEqual(groupShown(alpha, "vip2"), { state: "held", holder: "alpha", because: "holder-silent", term: 2 });
  assert.equal(shown(alpha).holds, "all");
});

test("a share without groups is held by its owner while he lives, then by the survivor, as with the original", () => {
  const { world, alpha, bravo } = pair();
  world.run(400);
  const without = (member: Member, owner: string): Snapshot["holds"] => {
    const groups = new Map([...member.state.groups].filter(([, group]) => group.settings.owner !== owner));
    return snapshotOf({ ...member.state, groups }, config, {
      program: "heartbeat 9.9",
      processId: 4711,
      now: instant(world.now),
      refused: new Map(),
    }).holds;
  };
  assert.deepEqual([without(alpha, "alpha"), without(alpha, "bravo")], ["local", "local"]);
  world.kill(bravo);
  world.run(7_000);
  assert.deepEqual([without(alpha, "alpha"), without(alpha, "bravo")], ["all", "all"]);
});

test("a peer that was never heard is an alert with advice", () => {
  const world = new World();
  const alpha = world.start("alpha");
  world.run(11_000);
  assert.deepEqual(shown(alpha).alerts, [
    "bravo was never heard on any link: check cables, firewall (udp port) and ucast lines",
  ]);
});

test("a failed start, a failed stop and different files are alerts, and the groups tell why", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups: ["alpha: vip1 svc1"] });
  world.start("bravo", { groups: ["alpha: vip1 svc1"], digest: "other" });
  world.run(1_000);
  alpha.behaviours.set("svc1 stop", { kind: "failed", why: "exit-code", code: 1 });
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(30_000);
  assert.deepEqual(groupShown(alpha, "vip1").because, "svc1 could not be stopped and may still be running here");
  assert.match(shown(alpha).alerts.join("\n"), /vip1: svc1 could not be stopped; the group is blocked/);
  assert.match(shown(alpha).alerts.join("\n"), /haresources of bravo differs from ours/);

  const lone = new World();
  const node = lone.start("alpha", { groups: ["alpha: vip3 svc3"] });
  node.behaviours.set("svc3 start", { kind: "failed", why: "exit-code", code: 1 });
  lone.run(11_000);
  assert.deepEqual(groupShown(node, "vip3"), {
    state: "failed",
    holder: null,
    because: "svc3 failed to start here",
    term: 1,
  });
  assert.match(shown(node).alerts.join("\n"), /vip3: svc3 failed to start on this node/);
});

test("what moves is said while it moves, on both sides", () => {
  const { world, alpha, bravo } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { after: 500, outcome: { kind: "succeeded" } });
  bravo.behaviours.set("svc1 start", { after: 500, outcome: { kind: "succeeded" } });
  alpha.feel({ type: "standbyRequested", what: "local", request: 1 });
  world.run(300);
  assert.deepEqual([shown(alpha).phase, shown(alpha).holds], ["moving", "transition"]);
  assert.equal(shown(alpha).phaseReason, "hand-over with bravo: handing; vip1 releasing");
  assert.equal(shown(bravo).phaseReason, "hand-over with alpha: offered");
  assert.equal(groupShown(alpha, "vip1").because, "hand-over");
  world.run(400);
  assert.deepEqual([groupShown(bravo, "vip1").state, groupShown(alpha, "vip1").holder], ["acquiring", "bravo"]);
  world.run(1_000);
  assert.deepEqual([shown(alpha).phase, shown(bravo).phase], ["active", "active"]);
});

test("a stopping node and one that overslept say so", () => {
  const { world, alpha } = pair({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.asleep = true;
  world.run(4_200);
  alpha.asleep = false;
  alpha.feel({ type: "deadlineReached" });
  assert.deepEqual(groupShown(alpha, "vip1"), {
    state: "doubted",
    holder: "alpha",
    because: "overslept: waiting to hear that nobody else took it",
    term: 1,
  });
  world.run(2_000);
  alpha.behaviours.set("svc1 stop", "hangs");
  alpha.feel({ type: "stopRequested" });
  assert.deepEqual([shown(alpha).phase, shown(alpha).holds], ["stopping", "transition"]);
});

test("an original is called by its name, and the wait for it is explained", () => {
  const world = new World();
  const alpha = world.start("alpha", { pings: ["10.0.0.254"] });
  world.answering.add("10.0.0.254");
  const bravo = new Original(world, "bravo").beat();
  world.run(500);
  bravo.say({ t: "starting" });
  world.run(100);
  const { nodes, phase, phaseReason } = shown(alpha);
  assert.equal(nodes[1]?.program, "heartbeat 3.0.6");
  assert.deepEqual([phase, phaseReason], ["moving", "waiting for an original heartbeat to settle (at most 10 s)"]);
  assert.deepEqual([nodes[2]?.type, nodes[2]?.status, nodes[2]?.links[0]?.up], ["ping", "ping", true]);
});

test("that an original says it holds what is held here is an alert, until one of the two has let go", () => {
  const { world, alpha, bravo } = besideOriginal();
  assert.deepEqual(shown(alpha).alerts, []);
  bravo.resource("all", { isstable: "1" });
  world.run(3_000);
  assert.deepEqual(shown(alpha).alerts, ["vip1: a node of heartbeat 3.0.6 says that it holds it too (ha-log)"]);
  bravo.resource("local", { isstable: "1" });
  world.run(1_000);
  assert.deepEqual(shown(alpha).alerts, []);
});

test("of a peer the clock, the announced deadtime and the difference of the groups are shown", () => {
  const { world, alpha } = pair();
  world.run(15_000);
  const bravo = shown(alpha).nodes[1];
  assert.deepEqual([bravo?.clockAhead, bravo?.announcedDeadtime, bravo?.differentGroups], [0, 5_000, false]);
  const aged = new World();
  const alone = aged.start("alpha");
  const slow = new Original(aged, "bravo");
  const beat = slow.message({ t: "status", st: "active", dt: "4e20", protocol: "1" });
  const behind = message({ ts: (Math.floor(aged.wall) - 90).toString(16) });
  alone.hear([...behind, ...beat.filter(({ name }) => name !== "ts")]);
  assert.equal(shown(alone).nodes[1]?.announcedDeadtime, undefined, "perhaps only the extra time of a start");
  for (let heard = 0; heard < 25; heard++) {
    aged.run(1_000);
    slow.seq++;
    const next = slow.message({ t: "status", st: "active", dt: "4e20", protocol: "1" });
    alone.hear([
      ...message({ ts: (Math.floor(aged.wall) - 90).toString(16) }),
      ...next.filter(({ name }) => name !== "ts"),
    ]);
  }
  const seen = shown(alone).nodes[1];
  assert.deepEqual([seen?.clockAhead, seen?.announcedDeadtime, seen?.differentGroups], [-90, 20_000, undefined]);
});

test("a peer with our uuid is counted, and said once", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const clone = new Original(world, "bravo");
  for (let beats = 0; beats < 3; beats++) {
    const beat = clone.message({ t: "status", st: "up", dt: "1388", protocol: "1" });
    clone.seq++;
    alpha.hear([...message({ srcuuid: uuidOf("alpha") }), ...beat.filter(({ name }) => name !== "srcuuid")]);
  }
  assert.equal(shown(alpha).counters["same-uuid"], 3);
  assert.equal(alpha.takeLog().filter((line) => line.includes("bravo has the same uuid as this node")).length, 1);
  assert.equal(shown(alpha).nodes[1]?.liveness, "up");
});

test("a snapshot is plain JSON", () => {
  const { alpha } = pair();
  const snapshot = shown(alpha);
  assert.deepEqual(
    JSON.parse(JSON.stringify(snapshot)),
    snapshot.phaseRemaining === undefined ? { ...snapshot } : snapshot,
  );
});

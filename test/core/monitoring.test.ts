import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ResourceFailure, ResourceOutcome } from "../../src/core/event.js";
import { voiceOf } from "../../src/core/monitor.js";
import { seconds } from "../../src/core/time.js";
import { type Member, type Wanted, World } from "./rig.js";

const every = { monitoring: { interval: seconds(10) } };
const line = "alpha: vip1 svc1 svc2";
const failed = (why: ResourceFailure): ResourceOutcome => ({ kind: "failed", why, code: 1 });

/** Calls of scripts and addresses since then: `1 status`. */
const calls = (member: Member, from = 0): string[] =>
  member.history
    .slice(from)
    .flatMap(({ effect }) => (effect.type === "operateResource" ? [`${effect.index} ${effect.action}`] : []));

function both(
  wanted: Wanted = every,
  prepare: (alpha: Member) => void = () => {},
): { world: World; alpha: Member; bravo: Member } {
  const world = new World();
  const [alpha, bravo] = ["alpha", "bravo"].map((name) => world.start(name, { groups: [line], ...wanted }));
  prepare(alpha as Member);
  world.run(1_000);
  assert.deepEqual(world.holdings("vip1"), { alpha: "held", bravo: "idle" });
  return { world, alpha: alpha as Member, bravo: bravo as Member };
}

/** The service, seen running, ends by itself; one round later at the latest this is known. */
function die(world: World, member: Member, service = "svc1"): string[] {
  world.run(10_000);
  const before = member.history.length;
  member.running.delete(service);
  world.run(11_000);
  return calls(member, before);
}

describe("a service that dies", () => {
  test("is not noticed without monitor_interval: no script is asked again, as with the original", () => {
    const { world, alpha } = both({});
    assert.deepEqual(die(world, alpha), []);
    assert.equal(alpha.holding("vip1"), "held");
  });

  test("every script of a held group is asked once in an interval, one after the other; addresses and other nodes are not", () => {
    const { world, alpha, bravo } = both();
    const [before, there] = [alpha.history.length, bravo.history.length];
    world.run(30_000);
    assert.deepEqual(calls(alpha, before), Array.from({ length: 3 }, () => ["1 monitor", "2 monitor"]).flat());
    assert.deepEqual(calls(bravo, there), []);
  });

  test("is started again where it was, with what stands to the right of it; the address stays, and no peer takes anything", () => {
    const { world, alpha, bravo } = both();
    world.run(10_000);
    assert.deepEqual(die(world, alpha).slice(0, 7), [
      "1 monitor",
      "2 stop",
      "1 stop",
      "1 status",
      "1 start",
      "2 status",
      "2 start",
    ]);
    assert.deepEqual([...alpha.running], ["vip1", "svc1", "svc2"]);
    assert.deepEqual(world.holdings("vip1"), { alpha: "held", bravo: "idle" });
    assert.deepEqual(calls(bravo), []);
    const log = alpha.takeLog();
    assert.ok(log.includes("svc1 does not run any more (stopped from svc1 monitor): failure 1 of 3"), log.join("\n"));
    assert.ok(log.includes("Starting svc1 again here"));
    assert.equal(log.filter((text) => text.startsWith("mach_down")).length, 0);
  });

  test("that cannot be stopped because it is dead is started all the same", () => {
    const { world, alpha } = both();
    world.run(10_000);
    alpha.behaviours.set("svc2 stop", failed("exit-code"));
    assert.deepEqual(die(world, alpha, "svc2").slice(0, 5), [
      "1 monitor",
      "2 monitor",
      "2 stop",
      "2 status",
      "2 start",
    ]);
    assert.equal(alpha.holding("vip1"), "held");
  });

  test("moves its group at the migration_threshold, and comes back neither by itself nor by auto_failback", () => {
    const { world, alpha, bravo } = both({ ...every, autoFailback: "on" });
    world.run(10_000);
    die(world, alpha);
    die(world, alpha);
    assert.equal(alpha.holding("vip1"), "held");
    assert.deepEqual(die(world, alpha), ["1 monitor", "2 stop", "1 stop", "0 stop"]);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
    assert.deepEqual([[...alpha.running], [...bravo.running]], [[], ["vip1", "svc1", "svc2"]]);
    assert.deepEqual(alpha.group("vip1").failedHere?.how, "died");
    world.run(120_000);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  });

  test("moves at the first failure with migration_threshold 1", () => {
    const { world, alpha } = both({ monitoring: { interval: seconds(10), threshold: 1 } });
    world.run(10_000);
    die(world, alpha);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  });

  test("comes back when an operator asks for it: he has mended it", () => {
    const { world, alpha } = both({ monitoring: { interval: seconds(10), threshold: 2 } });
    world.run(10_000);
    die(world, alpha);
    die(world, alpha);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
    alpha.feel({ type: "takeoverRequested", what: "all", request: 1 });
    world.run(5_000);
    assert.deepEqual(world.holdings("vip1"), { alpha: "held", bravo: "idle" });
    die(world, alpha);
    assert.deepEqual(world.holdings("vip1"), { alpha: "held", bravo: "idle" });
  });

  test("a failure older than failure_timeout does not count", () => {
    const { world, alpha } = both({ monitoring: { interval: seconds(10), threshold: 2, failureTimeout: seconds(60) } });
    world.run(10_000);
    for (let i = 0; i < 4; i++) {
      die(world, alpha);
      world.run(60_000);
    }
    assert.equal(alpha.holding("vip1"), "held");
  });

  test("is started again and again where no other node can run it, and never given up", () => {
    const { world, alpha, bravo } = both();
    world.kill(bravo);
    world.run(60_000);
    for (let i = 0; i < 6; i++) die(world, alpha);
    assert.deepEqual([alpha.holding("vip1"), [...alpha.running]], ["held", ["vip1", "svc1", "svc2"]]);
    assert.ok(alpha.takeLog().includes("Starting svc1 again here: no other node can run it now"));
  });

  test("that has failed here too often is served here again when the other node dies: better than nobody", () => {
    const { world, alpha, bravo } = both({ monitoring: { interval: seconds(10), threshold: 1 } });
    world.run(10_000);
    die(world, alpha);
    world.kill(bravo);
    world.run(60_000);
    assert.deepEqual([alpha.holding("vip1"), [...alpha.running]], ["held", ["vip1", "svc1", "svc2"]]);
    assert.equal(alpha.group("vip1").failedHere, undefined);
  });

  test("that dies on one node after the other stays on the second: nothing is passed to and fro", () => {
    const { world, alpha, bravo } = both({ monitoring: { interval: seconds(10), threshold: 1 } });
    world.run(10_000);
    die(world, alpha);
    world.run(20_000);
    for (let i = 0; i < 5; i++) die(world, bravo);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
    assert.deepEqual([...bravo.running], ["vip1", "svc1", "svc2"]);
  });

  test("that has died on two of three nodes, and the third one is gone, is served by the first of them in order, and by nobody else", () => {
    const world = new World();
    const wanted = {
      nodes: ["alpha", "bravo", "charlie"],
      groups: [line],
      monitoring: { interval: seconds(10), threshold: 1 },
    };
    const [alpha, bravo, charlie] = wanted.nodes.map((name) => world.start(name, wanted)) as [Member, Member, Member];
    world.run(15_000);
    die(world, alpha);
    die(world, bravo);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "idle", charlie: "held" });
    const before = bravo.history.length;
    world.kill(charlie);
    world.run(60_000);
    assert.deepEqual([alpha.holding("vip1"), bravo.holding("vip1")], ["held", "idle"]);
    assert.deepEqual(calls(bravo, before), []);
  });

  test("that does not start again moves its group at once", () => {
    const { world, alpha } = both();
    world.run(10_000);
    alpha.behaviours.set("svc1 start", failed("exit-code"));
    die(world, alpha);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  });

  test("a neighbour that does not stop for it is stopped with all patience, and its group blocked rather than run twice", () => {
    const { world, alpha, bravo } = both();
    world.run(10_000);
    alpha.behaviours.set("svc2 stop", failed("exit-code"));
    die(world, alpha);
    world.run(60_000);
    assert.equal(alpha.holding("vip1"), "stuck");
    assert.deepEqual([...bravo.running], []);
  });

  test("whose stop fails because it is dead moves all the same, and blocks nothing", () => {
    const { world, alpha } = both({ monitoring: { interval: seconds(10), threshold: 1 } });
    alpha.behaviours.set("svc1 stop", failed("exit-code"));
    assert.deepEqual(die(world, alpha), ["1 monitor", "2 stop", "1 stop", "0 stop"]);
    assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  });

  test("whose stop fails is let go as well when a standby interrupts its restart", () => {
    const { world, alpha } = both();
    alpha.behaviours.set("svc1 stop", failed("exit-code"));
    alpha.behaviours.set("svc2 stop", { after: 5_000, outcome: { kind: "succeeded" } });
    world.run(10_000);
    alpha.running.delete("svc1");
    world.run(11_000);
    alpha.feel({ type: "stopRequested" });
    world.run(20_000);
    assert.deepEqual(world.holdings("vip1")["bravo"], "held");
  });

  test("that hangs and cannot be stopped is not started a second time, nor moved", () => {
    const { world, alpha, bravo } = both();
    world.run(10_000);
    for (const action of ["status", "stop"]) alpha.behaviours.set(`svc1 ${action}`, failed("timed-out"));
    world.run(120_000);
    assert.equal(calls(alpha).filter((call) => call === "1 start").length, 1);
    assert.deepEqual([alpha.holding("vip1"), [...bravo.running]], ["stuck", []]);
  });

  test("on the only node, a neighbour's stop or its own start that fails once ends nothing for good", () => {
    for (const call of ["svc2 stop", "svc1 start"]) {
      const { world, alpha, bravo } = both();
      world.kill(bravo);
      world.run(60_000);
      alpha.behaviours.set(call, failed("exit-code"));
      die(world, alpha);
      world.run(3_000);
      alpha.behaviours.delete(call);
      world.run(60_000);
      assert.deepEqual([alpha.holding("vip1"), [...alpha.running]], ["held", ["vip1", "svc1", "svc2"]], call);
    }
  });

  test("on the only node, a start that fails every time is tried once in an interval and not in a circle", () => {
    const { world, alpha, bravo } = both();
    world.kill(bravo);
    world.run(60_000);
    const before = alpha.history.length;
    alpha.behaviours.set("svc1 start", failed("exit-code"));
    die(world, alpha);
    world.run(100_000);
    const starts = calls(alpha, before).filter((call) => call === "1 start").length;
    assert.ok(starts >= 8 && starts <= 12, `${starts}`);
  });

  test("is not passed to a node that has no such group", () => {
    const world = new World();
    const threshold = { monitoring: { interval: seconds(10), threshold: 1 } };
    const alpha = world.start("alpha", { groups: [line], ...threshold });
    world.start("bravo", { groups: ["bravo: vip2"], ...threshold });
    world.run(15_000);
    die(world, alpha);
    assert.deepEqual([alpha.holding("vip1"), [...alpha.running].sort()], ["held", ["svc1", "svc2", "vip1"]]);
  });

  test("counts anew after a reload and after a takeover: somebody has mended it", () => {
    const { world, alpha, bravo } = both({ monitoring: { interval: seconds(10), threshold: 2 } });
    die(world, alpha);
    alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
    world.run(2_000);
    alpha.feel({ type: "takeoverRequested", what: "all", request: 2 });
    world.run(2_000);
    assert.equal(alpha.holding("vip1"), "held");
    die(world, alpha);
    assert.deepEqual(world.holdings("vip1"), { alpha: "held", bravo: "idle" });
    assert.deepEqual([...bravo.running], []);
  });
});

describe("what a status says", () => {
  test("a service that takes a moment until it runs is believed from its next answer on", () => {
    const { world, alpha } = both(every, (node) => node.behaviours.set("svc1 status", { kind: "stopped" }));
    alpha.behaviours.delete("svc1 status");
    world.run(15_000);
    assert.ok(die(world, alpha).includes("1 start"));
    assert.equal(alpha.takeLog().filter((text) => text.startsWith("svc1 was started here")).length, 0);
  });

  test("a script that has never said that it runs is left alone, and that is said once", () => {
    const { world, alpha } = both(every, (node) => node.behaviours.set("svc1 status", { kind: "stopped" }));
    world.run(60_000);
    assert.equal(calls(alpha).filter((call) => call === "1 start").length, 1);
    const said = alpha.takeLog().filter((text) => text.startsWith("svc1 was started here"));
    assert.deepEqual(said, [
      "svc1 was started here, but its status has not said once that it runs (stopped): its death would not be noticed.",
    ]);
  });

  test("a script without the verb says nothing about its service, whatever it said before", () => {
    const { world, alpha } = both();
    world.run(10_000);
    alpha.behaviours.set("svc1 status", { kind: "unknown" });
    world.run(60_000);
    const said = alpha.takeLog().filter((text) => text.includes("cannot be told any more"));
    assert.deepEqual(said, ["Whether svc1 runs cannot be told any more (unknown)."]);
    assert.equal(calls(alpha).filter((call) => call === "1 start").length, 1);
  });

  test("one that fails or says nothing is asked once more a second later before anything is done", () => {
    for (const why of ["timed-out", "exit-code", "killed", "no-answer"] as const) {
      const { world, alpha } = both();
      world.run(12_000);
      const before = alpha.history.length;
      alpha.behaviours.set("svc1 status", failed(why));
      world.run(7_500);
      assert.deepEqual(calls(alpha, before), ["1 monitor"], why);
      world.run(1_600);
      assert.deepEqual(calls(alpha, before).slice(0, 3), ["1 monitor", "1 monitor", "2 stop"], why);
    }
  });

  test("trust in a script's status is no trust in a command that is asked instead", () => {
    const { world, alpha } = both(every, (node) => node.running.add("svc1"));
    const [group] = [...alpha.state.groups.values()];
    assert.equal(group?.monitor.voices.get("svc1"), "trusted");
    world.run(0);
    assert.equal(group?.monitor.voices.has(voiceOf({ text: "svc1", kind: "script", monitor: "/bin/false" })), false);
  });

  test("a service that says only in the second round after a restart that it runs is left alone", () => {
    const { world, alpha } = both();
    world.run(10_000);
    alpha.running.delete("svc1");
    world.run(10_000);
    alpha.behaviours.set("svc1 status", { kind: "stopped" });
    world.run(12_000);
    alpha.behaviours.delete("svc1 status");
    const before = alpha.history.length;
    world.run(60_000);
    assert.equal(calls(alpha, before).filter((call) => call.endsWith("stop")).length, 0);
  });

  test("one failure between two good answers is forgotten", () => {
    const { world, alpha } = both();
    for (let i = 0; i < 5; i++) {
      alpha.behaviours.set("svc1 status", failed("timed-out"));
      world.run(5_000);
      alpha.behaviours.delete("svc1 status");
      world.run(5_000);
    }
    assert.equal(calls(alpha).filter((call) => call.endsWith("stop")).length, 0);
  });

  test("a script that is not there for a moment (an upgrade) ends no service", () => {
    const { world, alpha } = both();
    world.run(10_000);
    for (const why of ["not-found", "not-executable"] as const) {
      alpha.behaviours.set("svc1 status", failed(why));
      world.run(60_000);
    }
    assert.deepEqual([alpha.holding("vip1"), calls(alpha).filter((call) => call.endsWith("stop"))], ["held", []]);
  });

  test("a runner that never answers is not waited for: its call is abandoned, and the second silence counts", () => {
    const { world, alpha } = both();
    world.run(10_000);
    alpha.behaviours.set("svc1 status", { after: 1e9, outcome: { kind: "running" } });
    world.run(70_000);
    const abandoned = alpha.history.filter(({ effect }) => effect.type === "abandonOperation").length;
    assert.ok(abandoned >= 2, `${abandoned}`);
    assert.ok(calls(alpha).includes("1 stop"));
  });
});

test("a group that leaves while its service is asked waits for no answer", () => {
  const { world, alpha } = both();
  alpha.behaviours.set("svc1 status", { after: 15_000, outcome: { kind: "running" } });
  world.run(10_000);
  const before = alpha.history.length;
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(1_000);
  assert.deepEqual(world.holdings("vip1"), { alpha: "idle", bravo: "held" });
  assert.equal(alpha.history.slice(before).filter(({ effect }) => effect.type === "abandonOperation").length, 1);
});

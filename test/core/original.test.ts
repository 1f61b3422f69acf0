import assert from "node:assert/strict";
import { test } from "node:test";
import { type Message, textOf } from "../../src/core/message.js";
import { seconds } from "../../src/core/time.js";
import { type Member, Original, pair, textsOf, type Wanted, World } from "./rig.js";

/** Resource messages of a node as `rsc_hold isstable info`, exchange messages as `share info`, in the order of sending. */
function dialogue(messages: readonly Message[]): string[] {
  return messages.flatMap((m) => {
    switch (textOf(m, "t")) {
      case "resource":
        return [
          `resource ${textOf(m, "rsc_hold")} ${textOf(m, "isstable")}${textOf(m, "info") ? ` ${textOf(m, "info")}` : ""}`,
        ];
      case "ask_resources":
        return textsOf([m], "t", "rsc_hold", "info");
      case "status":
      case "NS_ackmsg":
      case "NS_rexmit":
        return [];
      default:
        return [textOf(m, "t") ?? "?"];
    }
  });
}

/** Drops what was said so far. */
const listen = (alpha: Member): string[] => dialogue(alpha.takeSent());

/** An original starts beside ours: link up, node list, active, `starting`; both say that they hold nothing yet (transitions.md 4.1). */
function joins(world: World, bravo: Original): void {
  for (const st of ["init", "up", "up"]) bravo.say({ t: "status", st, dt: "1b58", protocol: "1" });
  bravo.say({ t: "reqnodes", dest: "alpha" });
  bravo.beat();
  world.run(300);
  bravo.status = "active";
  bravo.say({ t: "status", st: "active", dt: "1b58", protocol: "1" });
  bravo.say({ t: "starting" });
  world.run(100);
}

interface Beside {
  readonly world: World;
  readonly alpha: Member;
  readonly bravo: Original;
}

/** Both start at the same moment; 10 s later the original's timer is the first and it holds its own. */
function settled(wanted: Wanted = {}): Beside {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  bravo.resource("none", { isstable: "0" });
  world.run(9_000);
  bravo.resource("local", { isstable: "1" });
  world.run(1_000);
  alpha.takeSent();
  alpha.takeLog();
  return { world, alpha, bravo };
}

/** Ours was alone and holds everything; then an original joins. */
function joined(wanted: Wanted = {}): Beside {
  const world = new World();
  const alpha = world.start("alpha", wanted);
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  alpha.takeSent();
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  return { world, alpha, bravo };
}

test("both start: ours asks what the original holds, waits for it or ten seconds, and takes its own groups only", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  assert.deepEqual(listen(alpha), ["starting", "repnodes", "resource none 0"]);
  bravo.resource("none", { isstable: "0" });
  world.run(10);
  const heardAt = world.now - 9;
  assert.deepEqual([alpha.state.transition.kind, alpha.holding("vip1")], ["received", "idle"]);
  world.run(heardAt + 9_000 - world.now);
  assert.equal(alpha.holding("vip1"), "idle");
  alpha.takeLog();
  world.run(1_100);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
  assert.ok(alpha.takeLog().includes("local resource transition completed."));
  assert.deepEqual(listen(alpha).slice(0, 1), ["resource local 1"]);
});

test("rule 4: the original is stable first, so ours is stable at once and takes its groups", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  bravo.resource("none", { isstable: "0" });
  world.run(3_000);
  alpha.takeSent();
  alpha.takeLog();
  bravo.resource("local", { isstable: "1" });
  world.run(5);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
  assert.ok(alpha.takeLog().includes("remote resource transition completed."));
  assert.deepEqual(listen(alpha), ["resource local 1"]);
});

test("rule 5: the ten seconds also run from our own resource message, when the original's is lost", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  assert.equal(alpha.state.transition.kind, "received");
  world.run(11_000);
  assert.equal(alpha.state.transition.kind, "stable");
  // It has not said what it holds: what it might hold is not taken.
  assert.equal(alpha.holding("vip1"), "idle");
  bravo.resource("local", { isstable: "1" });
  world.run(5);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("rule 5: an original that is active already but still moving is waited for ten seconds from its first word", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  bravo.beat();
  world.run(2_000);
  assert.deepEqual([alpha.state.phase.kind, alpha.state.transition.kind], ["active", "starting"]);
  bravo.resource("none", { isstable: "0" });
  world.run(9_990);
  assert.equal(alpha.holding("vip1"), "idle");
  world.run(20);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("no group is taken that the stable original says it holds: a restarted node of ours takes nothing", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  bravo.beat();
  world.run(500);
  bravo.resource("all", { isstable: "1" });
  world.run(15_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["idle", "idle"]);
  assert.match(alpha.group("vip1").lastVerdict, /^holder-alive/);
});

test("rule 1: `starting` is answered with what we hold, stable only when we are; until it speaks nothing is taken from it", () => {
  const { world, alpha, bravo } = settled();
  bravo.say({ t: "starting" });
  world.run(5);
  assert.deepEqual(listen(alpha), ["resource local 1"]);
  assert.equal(alpha.holding("vip2"), "idle");
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  assert.deepEqual(
    world.answers.map(({ outcome }) => outcome),
    ["refused"],
  );
});

test("rule 2: rtype=full is absolute, without it the value is added, none always clears", () => {
  const { world, alpha, bravo } = settled();
  const shares = (held: string, more: Readonly<Record<string, string>>): string => {
    bravo.say({ t: "resource", rsc_hold: held, ...more });
    world.run(5);
    const { local, foreign } = alpha.peer("bravo").shares;
    return `${local ? "local" : ""}${foreign ? "foreign" : ""}`;
  };
  const full = { rtype: "full" };
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ["none", full, ""],
    ["local", {}, "local"],
    ["foreign", { info: "mach_down" }, "localforeign"],
    ["local", full, "local"],
    ["foreign", full, "foreign"],
    ["all", full, "localforeign"],
    ["none", {}, ""],
    ["all", {}, "localforeign"],
    ["rubbish", {}, "localforeign"],
  ];
  for (const [held, more, expected] of rows)
    assert.equal(shares(held, more), expected, `${held} ${JSON.stringify(more)}`);
});

test("rule 3: isstable=1 is answered with our holdings when the peer was unstable, otherwise not; without the field nothing changes", () => {
  const { world, alpha, bravo } = settled();
  const says = (more: Readonly<Record<string, string>>): string[] => {
    bravo.resource("local", more);
    world.run(5);
    return listen(alpha);
  };
  assert.deepEqual(says({ isstable: "1" }), []);
  assert.deepEqual(says({}), []);
  assert.deepEqual(says({ isstable: "0" }), []);
  assert.equal(alpha.peer("bravo").shares.stable, false);
  assert.deepEqual(says({}), []);
  assert.equal(alpha.peer("bravo").shares.stable, false);
  alpha.takeLog();
  assert.deepEqual(says({ isstable: "1" }), ["resource local 1"]);
  assert.deepEqual(alpha.takeLog(), ["remote resource transition completed."]);
});

test("late joiner, auto_failback on: the original gets its groups back in one exchange (rule 7)", () => {
  const { world, alpha, bravo } = joined({ autoFailback: "on" });
  assert.deepEqual(listen(alpha), ["repnodes", "resource all 1"]);
  bravo.resource("none", { isstable: "0" });
  world.run(200);
  assert.deepEqual(listen(alpha), []);
  bravo.resource("none", { isstable: "1" });
  world.run(5);
  assert.deepEqual(
    listen(alpha).filter((line) => line.startsWith("ask")),
    ["ask_resources foreign me"],
  );
  bravo.ask("foreign", "other");
  world.run(5);
  assert.deepEqual(listen(alpha), ["resource local 0 standby", "ask_resources foreign done"]);
  assert.ok(!alpha.running.has("vip2"));
  bravo.resource("local", { isstable: "1" });
  bravo.ask("foreign", "done");
  world.run(5);
  assert.deepEqual(listen(alpha), ["resource local 1"]);
  world.run(30_000);
  assert.deepEqual(listen(alpha), []);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("late joiner, auto_failback off: everything stays where it is", () => {
  const { world, alpha, bravo } = joined();
  assert.deepEqual(listen(alpha), ["repnodes", "resource all 1"]);
  bravo.resource("none", { isstable: "0" });
  bravo.resource("none", { isstable: "1" });
  world.run(30_000);
  assert.deepEqual(listen(alpha), ["resource all 1"]);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("rule 8: an original that died is taken over at its deadtime", () => {
  const { world, alpha, bravo } = settled();
  bravo.silent = true;
  world.run(4_000);
  assert.equal(alpha.holding("vip2"), "idle");
  world.run(2_100);
  assert.equal(alpha.holding("vip2"), "held");
  assert.deepEqual(listen(alpha), ["resource all 1"]);
  assert.deepEqual(
    alpha.takeLog().filter((line) => /is dead|acquired from|takeover/i.test(line)),
    [
      "node bravo: is dead",
      "Resources being acquired from bravo.",
      "mach_down takeover complete for node bravo.",
      "mach_down takeover complete.",
    ],
  );
});

test("an original may ask for more patience than ours, as before its quick restart, but not for less", () => {
  for (const [dt, seconds] of [
    ["88b8", 35],
    ["1388", 5],
    ["1", 5],
    ["0", 5],
  ] as const) {
    const { world, alpha, bravo } = settled();
    bravo.deadtime = dt;
    world.run(1_500);
    bravo.silent = true;
    const heard = alpha.peer("bravo").liveness;
    assert.ok("heardAt" in heard);
    world.run(heard.heardAt + seconds * 1_000 - 1 - world.now);
    assert.notEqual(alpha.peer("bravo").liveness.kind, "dead", `dt=${dt}`);
    world.run(1);
    assert.equal(alpha.peer("bravo").liveness.kind, "dead", `dt=${dt}`);
  }
});

test("a quick restart of the original moves nothing: between its first status and its first word it may hold what it held", () => {
  const { world, alpha, bravo } = settled();
  bravo.resource("all", { isstable: "1" });
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(5);
  bravo.ask("all", "other");
  world.run(5);
  bravo.resource("all", { isstable: "1" });
  bravo.ask("all", "done");
  world.run(1_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["idle", "idle"]);
  bravo.deadtime = "88b8";
  world.run(1_000);
  bravo.silent = true;
  world.run(3_000);
  bravo.incarnation++;
  bravo.seq = 0;
  bravo.say({ t: "status", st: "up", dt: "1b58", protocol: "1" });
  world.run(300);
  bravo.say({ t: "status", st: "active", dt: "1b58", protocol: "1" });
  bravo.say({ t: "starting" });
  world.run(300);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["idle", "idle"]);
  bravo.silent = false;
  bravo.resource("all", { isstable: "1" });
  world.run(20_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["idle", "idle"]);
});

test("standby by ours, each share: release first, then the right passes, then both are stable again (5.1)", () => {
  const rows = [
    ["local", "none", "all", ["idle", "idle"]],
    ["all", "none", "all", ["idle", "idle"]],
  ] as const;
  for (const [share, rest, theirs, holdings] of rows) {
    const { world, alpha, bravo } = settled();
    alpha.feel({ type: "standbyRequested", what: share, request: 1 });
    world.run(5);
    assert.deepEqual(listen(alpha), [`ask_resources ${share} me`]);
    assert.equal(alpha.holding("vip1"), "held");
    bravo.ask(share, "other");
    world.run(5);
    assert.deepEqual(listen(alpha), [`resource ${rest} 0 standby`, `ask_resources ${share} done`]);
    bravo.resource(theirs, { isstable: "1" });
    bravo.ask(share, "done");
    world.run(5);
    assert.deepEqual(listen(alpha), [`resource ${rest} 1`]);
    world.run(20_000);
    assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], holdings);
    assert.deepEqual(
      world.answers.map(({ outcome }) => outcome),
      ["running", "completed"],
    );
  }
});

test("the original's words come in either order, and its resource message may be lost on the way: no group comes back by mistake", () => {
  for (const lost of [false, true]) {
    const { world, alpha, bravo } = settled();
    alpha.feel({ type: "standbyRequested", what: "local", request: 1 });
    world.run(5);
    bravo.ask("local", "other");
    world.run(5);
    bravo.ask("local", "done");
    if (!lost) bravo.resource("all", { isstable: "1" });
    world.run(3_000);
    assert.equal(alpha.holding("vip1"), "idle");
  }
});

test("standby by the original, each share: ours waits for `done`, takes exactly that share, and says so", () => {
  const rows = [
    ["local", "none", ["held", "held"], "all"],
    ["all", "none", ["held", "held"], "all"],
  ] as const;
  for (const [share, rest, holdings, ours] of rows) {
    const { world, alpha, bravo } = settled();
    bravo.ask(share, "me");
    world.run(5);
    assert.deepEqual(listen(alpha), [`ask_resources ${share} other`]);
    bravo.resource(rest, { isstable: "0", info: "standby" });
    world.run(3_000);
    assert.equal(alpha.holding("vip2"), "idle", "the release is not over yet");
    bravo.ask(share, "done");
    world.run(5);
    assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], holdings);
    assert.deepEqual(listen(alpha), [`resource ${ours} 1`, `ask_resources ${share} done`]);
    bravo.resource(rest, { isstable: "1" });
    world.run(5);
    assert.deepEqual(listen(alpha), [`resource ${ours} 1`]);
    world.run(20_000);
    assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], holdings);
  }
});

test("standby foreign by the original gives ours its own groups back and nothing else", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  bravo.beat();
  world.run(500);
  bravo.resource("all", { isstable: "1" });
  world.run(3_000);
  bravo.ask("foreign", "me");
  world.run(5);
  bravo.resource("local", { isstable: "0", info: "standby" });
  bravo.ask("foreign", "done");
  world.run(5);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("a slow release of the original is waited for; when it dies on the way everything is taken", () => {
  const { world, alpha, bravo } = settled();
  bravo.ask("local", "me");
  world.run(5);
  bravo.resource("none", { isstable: "0", info: "standby" });
  world.run(40_000);
  assert.deepEqual([alpha.state.exchange.kind, alpha.holding("vip2")], ["offered", "idle"]);
  bravo.silent = true;
  world.run(7_500);
  assert.deepEqual([alpha.state.exchange.kind, alpha.holding("vip2")], ["none", "held"]);
});

test("an original that does not answer is given ten seconds, and nothing is released (B9)", () => {
  const { world, alpha, bravo } = settled();
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(9_990);
  assert.equal(alpha.state.exchange.kind, "asking");
  world.run(20);
  assert.equal(alpha.state.exchange.kind, "none");
  assert.ok(alpha.takeLog().includes("No reply to standby request.  Standby request cancelled."));
  assert.deepEqual(
    world.answers.map(({ outcome }) => outcome),
    ["failed"],
  );
  bravo.ask("all", "other");
  world.run(1_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.counter("stray-standby-message")], ["held", 1]);
});

test("a group that could not be stopped is not handed to an original, which would start it a second time (A7)", () => {
  const { world, alpha, bravo } = settled({ groups: ["alpha: vip1 svc1", "alpha: vip3", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { kind: "failed", why: "exit-code", code: 1 });
  alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  world.run(5);
  bravo.ask("all", "other");
  world.run(30_000);
  assert.equal(alpha.holding("vip1"), "stuck");
  assert.ok(!listen(alpha).includes("ask_resources all done"));
  assert.equal(alpha.state.exchange.kind, "none");
  assert.deepEqual(
    world.answers.map(({ outcome }) => outcome),
    ["running", "failed"],
  );
  assert.equal(alpha.holding("vip3"), "held", "the rest stays here");
});

test("a group that fails to start here goes to an original by a standby of its share, which its automatic failback does not undo (B1)", () => {
  const world = new World();
  const alpha = world.start("alpha", { groups: ["alpha: vip1 svc1", "alpha: vip3", "bravo: vip2"] });
  alpha.behaviours.set("svc1 start", { kind: "failed", why: "exit-code", code: 1 });
  const bravo = new Original(world, "bravo");
  joins(world, bravo);
  bravo.resource("local", { isstable: "1" });
  world.run(500);
  const standby = listen(alpha).filter((text) => text.startsWith("ask_resources"));
  assert.deepEqual([standby, alpha.holding("vip3")], [["ask_resources local me"], "held"]);
  bravo.ask("local", "other");
  world.run(500);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip3")], ["idle", "granted"]);
  bravo.resource("all", { isstable: "1" });
  bravo.ask("local", "done");
  world.run(500);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip3"), alpha.state.exchange.kind], ["idle", "idle", "none"]);
  alpha.takeLog();
  bravo.ask("foreign", "me");
  world.run(500);
  assert.match(alpha.takeLog().join("\n"), /vip1 failed to start here; when that is mended: heartbeat takeover local/);
  assert.deepEqual(listen(alpha).includes("ask_resources foreign other"), false);
  alpha.behaviours.delete("svc1 start");
  alpha.feel({ type: "takeoverRequested", what: "local", request: 1 });
  bravo.ask("foreign", "me");
  world.run(500);
  bravo.resource("local", { isstable: "0", info: "standby" });
  bravo.ask("foreign", "done");
  world.run(500);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip3")], ["held", "held"]);
});

test("an original that takes nothing is asked three times; then the log says that nobody serves the group", () => {
  const { world, alpha, bravo } = settled({ groups: ["alpha: svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 start", { kind: "failed", why: "exit-code", code: 1 });
  alpha.feel({ type: "standbyRequested", what: "local", request: 1 });
  world.run(5);
  bravo.ask("local", "other");
  world.run(5);
  bravo.resource("all", { isstable: "1" });
  bravo.ask("local", "done");
  world.run(1_000);
  bravo.ask("foreign", "me");
  world.run(5);
  bravo.resource("local", { isstable: "0", info: "standby" });
  bravo.ask("foreign", "done");
  world.run(5);
  bravo.resource("local", { isstable: "1" });
  alpha.takeSent();
  world.run(120_000);
  assert.deepEqual(
    listen(alpha).filter((text) => text.startsWith("ask_resources")),
    Array.from({ length: 3 }, () => "ask_resources local me"),
  );
  const said = alpha.takeLog().filter((text) => text.includes("nobody serves it"));
  assert.deepEqual(said, ["Resource group svc1 failed here and bravo does not take it: nobody serves it."]);
});

test("a service that dies too often beside an original is offered to it, and started here again when it is not taken", () => {
  const monitoring = { interval: seconds(10), threshold: 1 };
  const { world, alpha, bravo } = settled({ groups: ["alpha: svc1", "bravo: vip2"], monitoring });
  alpha.running.delete("svc1");
  alpha.takeSent();
  world.run(12_000);
  assert.equal(alpha.holding("svc1"), "idle");
  assert.ok(listen(alpha).includes("ask_resources local me"));
  for (let asked = 0; asked < 12; asked++) {
    world.run(10_000);
    bravo.resource("local", { isstable: "1" });
  }
  assert.deepEqual([alpha.holding("svc1"), [...alpha.running]], ["held", ["svc1"]]);
  assert.match(alpha.takeLog().join("\n"), /svc1 failed here and bravo does not take it: starting it here again/);
});

test("with auto_failback legacy an original can be asked for nothing: a service that dies is started here every time", () => {
  const monitoring = { interval: seconds(10), threshold: 1 };
  const { world, alpha } = settled({ groups: ["alpha: svc1", "bravo: vip2"], monitoring, autoFailback: "legacy" });
  for (let death = 0; death < 3; death++) {
    world.run(10_000);
    alpha.running.delete("svc1");
    world.run(11_000);
    assert.deepEqual([alpha.holding("svc1"), [...alpha.running]], ["held", ["svc1"]]);
  }
});

test("ours stops: it says that it holds nothing, releases, and only then says goodbye", () => {
  const { world, alpha, bravo } = settled({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  alpha.behaviours.set("svc1 stop", { after: 2_000, outcome: { kind: "succeeded" } });
  alpha.feel({ type: "stopRequested" });
  world.run(1_990);
  assert.deepEqual(listen(alpha), ["resource none 0 shutdown"]);
  world.run(100);
  assert.deepEqual(listen(alpha), ["shutdone"]);
  bravo.resource("all", { isstable: "1" });
  world.run(2_000);
  assert.ok(world.ended.has(alpha.name));
});

test("an original stops: its groups are taken at its goodbye, not at its announcement (6)", () => {
  const { world, alpha, bravo } = settled();
  bravo.resource("none", { isstable: "0", info: "shutdown" });
  world.run(3_000);
  assert.equal(alpha.holding("vip2"), "idle");
  bravo.say({ t: "shutdone", st: "dead" });
  world.run(5);
  assert.equal(alpha.holding("vip2"), "held");
  assert.ok(alpha.takeLog().includes("Received shutdown notice from 'bravo'."));
  world.run(2_000);
  bravo.silent = true;
  world.run(10_000);
  assert.deepEqual(listen(alpha), ["resource all 1"]);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("after a partition ours keeps everything without interruption while the original releases and restarts (7, A4)", () => {
  const { world, alpha, bravo } = settled();
  world.passes = () => false;
  world.run(15_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  const before = alpha.history.length;
  alpha.takeLog();
  world.passes = () => true;
  bravo.resource("all", { isstable: "1" });
  world.run(1_100);
  const log = alpha.takeLog();
  assert.ok(log.includes("Cluster node bravo returning after partition."), log.join("\n"));
  world.run(1_000);
  bravo.resource("none", { isstable: "0", info: "shutdown" });
  world.run(200);
  bravo.say({ t: "shutdone", st: "dead" });
  bravo.silent = true;
  world.run(9_000);
  bravo.incarnation++;
  bravo.seq = 0;
  bravo.status = "up";
  bravo.silent = false;
  world.run(1_500);
  bravo.status = "active";
  bravo.say({ t: "starting" });
  world.run(300);
  bravo.resource("none", { isstable: "0" });
  bravo.resource("none", { isstable: "1" });
  world.run(10_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  const stops = alpha.history
    .slice(before)
    .filter(({ effect }) => effect.type === "operateResource" && effect.action === "stop");
  assert.deepEqual(stops, []);
});

test("ours overslept while the original took over: it gives way, and takes its groups again when the original has let go", () => {
  const { world, alpha, bravo } = settled();
  alpha.asleep = true;
  world.run(5_500);
  bravo.resource("all", { isstable: "1", info: "req_our_resources()" });
  world.run(2_000);
  alpha.asleep = false;
  world.run(20);
  assert.ok(!alpha.running.has("vip1"));
  world.run(2_000);
  assert.ok(!alpha.running.has("vip1"));
  bravo.resource("none", { isstable: "0", info: "shutdown" });
  world.run(200);
  assert.ok(!alpha.running.has("vip1"));
  bravo.say({ t: "shutdone", st: "dead" });
  world.run(50);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("takeover by ours: the original is asked in its own words and begins the exchange", () => {
  const { world, alpha, bravo } = settled();
  alpha.feel({ type: "takeoverRequested", what: "foreign", request: 5 });
  world.run(5);
  const [asked] = alpha.takeSent().filter((m) => textOf(m, "t") === "hb_takeover");
  assert.equal(textOf(asked ?? [], "rsc_hold"), "foreign");
  bravo.ask("local", "me");
  world.run(5);
  bravo.resource("none", { isstable: "0", info: "standby" });
  bravo.ask("local", "done");
  world.run(50);
  assert.equal(alpha.holding("vip2"), "held");
  assert.deepEqual(
    world.answers.map(({ outcome }) => outcome),
    ["running", "completed"],
  );
});

test("takeover by the original, each word: ours goes standby with the mirrored share (5.2)", () => {
  for (const [word, share] of [
    ["all", "all"],
    ["local", "foreign"],
    ["foreign", "local"],
    ["failback", "all"],
  ] as const) {
    const { world, alpha, bravo } = settled();
    bravo.say({ t: "hb_takeover", rsc_hold: word });
    world.run(5);
    assert.deepEqual(listen(alpha), [`ask_resources ${share} me`], word);
  }
});

test("requests at an unfit moment are refused with the reason, to the operator and in the log (5.3)", () => {
  const flux = settled();
  flux.bravo.resource("local", { isstable: "0" });
  flux.world.run(5);
  flux.alpha.feel({ type: "standbyRequested", what: "all", request: 1 });
  assert.deepEqual(
    flux.world.answers.map(({ outcome }) => outcome),
    ["refused"],
  );
  const busy = settled({ groups: ["alpha: vip1 svc1", "bravo: vip2"] });
  busy.bravo.ask("local", "me");
  busy.world.run(5);
  busy.alpha.takeLog();
  busy.bravo.ask("all", "me");
  busy.world.run(5);
  assert.match(
    busy.alpha.takeLog().join("\n"),
    /standby message \[me\] from bravo ignored: another hand-over is in progress/,
  );
  assert.deepEqual(listen(busy.alpha), ["ask_resources local other"]);
});

test("an original that signs with another key is answered with that key at once, and only while it lives (weaknesses.md D1)", () => {
  const world = new World();
  const alpha = world.start("alpha");
  const bravo = new Original(world, "bravo").beat();
  const keys = (): readonly (number | undefined)[] => [...new Set(alpha.take("send").map(({ key }) => key))];
  world.run(2_500);
  keys();
  world.run(2_000);
  assert.deepEqual(keys(), [1]);
  bravo.key = 2;
  bravo.say({ t: "status", st: "up", dt: "1388", protocol: "1" });
  world.run(2);
  assert.deepEqual(keys(), [2], "it is deaf until then");
  assert.ok(alpha.takeLog().some((line) => line.startsWith("bravo signs with key 2 now")));
  bravo.silent = true;
  world.run(20_000);
  keys();
  world.run(3_000);
  assert.deepEqual(keys(), [undefined]);
});

test("between two of ours every listed key is read: each signs with its own", () => {
  const { world, alpha } = pair();
  alpha.take("send");
  world.run(3_000);
  assert.deepEqual([...new Set(alpha.take("send").map(({ key }) => key))], [undefined]);
});

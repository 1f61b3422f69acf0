/** An original that stood still took what ours holds, and keeps it: exactly one stays, and it is never nobody. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../src/core/message.js";
import { groupName } from "../../src/core/names.js";
import { besideOriginal, type Wanted } from "./rig.js";

const asking: Wanted = { autoFailback: "on", arbitration: { askAddress: true } };

/** Each holds its own; what is asked on the segment is answered by the original for the groups that it serves. */
function settled(wanted: Wanted = asking) {
  const { world, alpha, bravo } = besideOriginal(wanted);
  const served = new Set<string>();
  /** Says what it holds whenever ours becomes stable in its eyes, as the real one does (rule 3). */
  const claim = { says: "local" };
  let unstable = false;
  const run = (time: number): void => {
    for (let passed = 0; passed < time; passed += 50) {
      world.run(50);
      for (const { group } of alpha.take("askForAddresses"))
        if (served.has(group)) alpha.feel({ type: "addressAnswered", group: groupName(group), by: "bravo's card" });
      for (const message of alpha.takeSent()) {
        if (textOf(message, "t") !== "resource") continue;
        if (textOf(message, "isstable") === "1" && unstable) bravo.resource(claim.says, { isstable: "1" });
        unstable = textOf(message, "isstable") !== "1";
      }
    }
  };
  run(1_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
  alpha.takeLog();
  /** It takes everything without anybody having been away: its words come before its scripts (rules 6 and 8). */
  const takes = (): void => {
    claim.says = "all";
    bravo.resource("all", { isstable: "1", info: "req_our_resources()" });
  };
  /** The same after it was silent for nearly a deadtime. */
  const takesAfterSilence = (): void => {
    bravo.silent = true;
    run(4_500);
    bravo.silent = false;
    run(1_500);
    takes();
  };
  return { world, alpha, bravo, served, claim, run, takes, takesAfterSilence };
}

test("an original that took what ours holds and serves it keeps it: ours lets go within seconds, and says why", () => {
  const { alpha, run, takes, served } = settled();
  takes();
  served.add("vip1");
  run(4_900);
  assert.equal(alpha.holding("vip1"), "held");
  run(2_000);
  assert.equal(alpha.holding("vip1"), "idle");
  assert.ok(!alpha.running.has("vip1"));
  assert.deepEqual(
    alpha.takeLog().filter((line) => line.startsWith("Both machines")),
    [
      "Both machines own vip1: bravo says so, too. If it stays with it, ours is released.",
      "Both machines own vip1: bravo goes on holding it, it answers at bravo's card: releasing ours.",
    ],
  );
});

test("before its scripts have started it nobody would serve: ours holds on until the address answers over there", () => {
  const { alpha, run, takes, served } = settled();
  takes();
  run(30_000);
  assert.equal(alpha.holding("vip1"), "held");
  served.add("vip1");
  run(2_000);
  assert.equal(alpha.holding("vip1"), "idle");
});

test("one that has noticed the return lets go by itself: ours goes on without a break, and takes the rest at its goodbye", () => {
  const { alpha, bravo, run, takes, served } = settled();
  takes();
  served.add("vip1");
  run(3_000);
  bravo.resource("none", { isstable: "0", info: "shutdown" });
  served.clear();
  run(3_000);
  alpha.take("announceGroup");
  bravo.say({ t: "shutdone", st: "dead" });
  run(500);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  // The neighbours may have heard of the original last.
  assert.ok(alpha.take("announceGroup").filter(({ group }) => group === "vip1").length >= 4);
  assert.ok(!alpha.takeLog().some((line) => line.includes("releasing ours")));
});

test("a goodbye after ours has let go brings everything here at once", () => {
  const { alpha, bravo, run, takes, served } = settled();
  takes();
  served.add("vip1");
  run(8_000);
  assert.equal(alpha.holding("vip1"), "idle");
  bravo.say({ t: "shutdone", st: "dead" });
  served.clear();
  run(100);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
});

test("a word that was out of date is corrected by the question, and nothing is released", () => {
  const { alpha, run, takes, claim, served } = settled();
  takes();
  claim.says = "local";
  served.add("vip1");
  run(20_000);
  assert.equal(alpha.holding("vip1"), "held");
});

test("an original that does not say it again is asked every five seconds, and ours holds on", () => {
  const { alpha, bravo, world, takes } = settled();
  takes();
  bravo.beat();
  const before = world.sent.length;
  world.run(14_000);
  assert.equal(alpha.holding("vip1"), "held");
  const questions = world.sent
    .slice(before)
    .filter(({ message }) => textOf(message, "t") === "resource" && textOf(message, "isstable") === "0");
  assert.equal(questions.length, 3);
});

test("where the segment cannot be asked, its repeated word is enough after a silence in which it may have taken us for dead", () => {
  for (const silence of [4_500, 8_000]) {
    const { alpha, bravo, run, takes } = settled({ autoFailback: "on" });
    bravo.silent = true;
    run(silence);
    bravo.silent = false;
    run(1_500);
    takes();
    run(4_900);
    assert.equal(alpha.holding("vip1"), "held");
    run(1_200);
    assert.equal(alpha.holding("vip1"), "idle", String(silence));
  }
});

test("its word alone is not enough: after the death of a third node (hb_addnode) it says that it holds everything, and does not", () => {
  for (const more of [{}, { arbitration: { askAddress: true } }]) {
    const { alpha, run, takes } = settled({ autoFailback: "on", ...more });
    takes();
    run(60_000);
    assert.equal(alpha.holding("vip1"), "held");
  }
});

test("the original's own group that ours took while it stood still goes back in the same way", () => {
  const { alpha, bravo, run, served, claim } = settled({ autoFailback: "off", arbitration: { askAddress: true } });
  bravo.silent = true;
  run(8_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "held"]);
  bravo.silent = false;
  claim.says = "local";
  run(1_100);
  bravo.resource("local", { isstable: "1" });
  served.add("vip2");
  run(7_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

test("its own failback is the better end: ours answers when the takeover over there is over, and holds on all the time", () => {
  const { alpha, bravo, run, takesAfterSilence, served, claim } = settled();
  takesAfterSilence();
  run(2_200);
  // Told once more what ours holds, it notices that ours has its own (rule 7), while its scripts still start it.
  bravo.ask("foreign", "me");
  run(4_000);
  assert.equal(alpha.state.exchange.kind === "offered" && alpha.state.exchange.answerBy !== undefined, true);
  served.add("vip1");
  run(1_500);
  assert.equal(alpha.state.exchange.kind === "offered" && alpha.state.exchange.answerBy === undefined, true);
  claim.says = "local";
  bravo.resource("local", { isstable: "0", info: "standby" });
  served.clear();
  alpha.take("announceGroup");
  bravo.ask("foreign", "done");
  run(500);
  assert.ok(alpha.take("announceGroup").filter(({ group }) => group === "vip1").length >= 4);
  bravo.resource("local", { isstable: "1" });
  run(20_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
  assert.deepEqual(alpha.peer("bravo").overlap, undefined);
  assert.ok(!alpha.takeLog().some((line) => line.includes("releasing ours")));
});

test("an offer that comes to nothing leaves it with the original", () => {
  const { alpha, bravo, run, takesAfterSilence, served } = settled();
  takesAfterSilence();
  run(2_200);
  bravo.ask("foreign", "me");
  served.add("vip1");
  run(30_000);
  assert.equal(alpha.holding("vip1"), "idle");
});

test("what ours has let go comes home by the original's own failback", () => {
  const { alpha, bravo, run, takes, served, claim } = settled();
  takes();
  served.add("vip1");
  run(8_000);
  assert.equal(alpha.holding("vip1"), "idle");
  claim.says = "local";
  bravo.ask("foreign", "me");
  run(1_500);
  bravo.resource("local", { isstable: "0", info: "standby" });
  served.clear();
  bravo.ask("foreign", "done");
  run(500);
  bravo.resource("local", { isstable: "1" });
  run(20_000);
  assert.deepEqual([alpha.holding("vip1"), alpha.holding("vip2")], ["held", "idle"]);
});

/** An original that still takes over what is ours when we come back, and offers it already: its start and its stop would run side by side. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupName } from "../../src/core/names.js";
import { type Member, Original, textsOf, World } from "./rig.js";

/** Whether a host of the service LAN answers for our address. */
type Segment = { isAnswering: boolean };

/** We have just started; the original has held everything since our last incarnation left, and offers us ours at once (rule 7). */
function comeBack() {
  const world = new World();
  const bravo = new Original(world, "bravo");
  bravo.status = "active";
  const alpha = world.start("alpha", { autoFailback: "on", arbitration: { askAddress: true } });
  bravo.beat();
  world.run(100);
  bravo.resource("all", { isstable: "1" });
  world.run(100);
  alpha.takeSent();
  bravo.ask("foreign", "me");
  const segment: Segment = { isAnswering: false };
  /** Lets time pass; what is asked on the segment is answered by its holder. */
  const run = (time: number): void => {
    for (let passed = 0; passed < time; passed += 50) {
      world.run(50);
      const isAsked = alpha.take("askForAddresses").length > 0;
      if (isAsked && segment.isAnswering)
        alpha.feel({ type: "addressAnswered", group: groupName("vip1"), by: "bravo's card" });
    }
  };
  return { world, alpha, bravo, segment, run };
}

/** The messages about moving groups since the last time somebody asked. */
const asked = (alpha: Member): string[] =>
  textsOf(alpha.takeSent(), "t", "rsc_hold", "info")
    .filter((text) => /^(ask_|hb_)/.test(text))
    .map((text) => text.replace(" -", ""));

test("an offer is answered when the original says that its takeover is over", () => {
  const { alpha, bravo, run } = comeBack();
  run(3_000);
  assert.deepEqual(asked(alpha), []);
  bravo.say({ t: "resource", rsc_hold: "foreign", info: "mach_down" });
  run(1_100);
  assert.deepEqual(asked(alpha), ["ask_resources foreign other"]);
});

test("or when our addresses answer over there, but not sooner than an original would have asked", () => {
  const { alpha, segment, run } = comeBack();
  segment.isAnswering = true;
  run(4_500);
  assert.deepEqual(asked(alpha), []);
  run(1_600);
  assert.deepEqual(asked(alpha), ["ask_resources foreign other"]);
});

test("an original that says it is done before it has our answer, and still holds what it offered, is asked again later", () => {
  const { alpha, bravo, segment, run } = comeBack();
  run(2_000);
  bravo.ask("foreign", "done");
  run(100);
  assert.deepEqual([asked(alpha), alpha.holding("vip1"), alpha.state.exchange.kind], [[], "idle", "none"]);
  segment.isAnswering = true;
  run(5_000);
  assert.deepEqual(asked(alpha), ["hb_takeover local"]);
});

test("a takeover that outlasts the original's patience is waited for, and the original is asked to offer again", () => {
  const { alpha, bravo, segment, run } = comeBack();
  run(20_000);
  assert.deepEqual(asked(alpha), []);
  segment.isAnswering = true;
  run(1_500);
  assert.deepEqual(asked(alpha), ["hb_takeover local"]);
  bravo.ask("foreign", "me");
  run(1_500);
  assert.deepEqual(asked(alpha), ["ask_resources foreign other"]);
});

test("a group that never answers is asked for a minute after our start: its start may have failed over there", () => {
  const { alpha, run } = comeBack();
  run(58_000);
  assert.deepEqual(asked(alpha), []);
  run(4_000);
  assert.deepEqual(asked(alpha), ["hb_takeover local"]);
});

test("the original's own groups are offered without a takeover before, and later offers need none", () => {
  const { alpha, bravo, segment, run } = comeBack();
  segment.isAnswering = true;
  run(7_000);
  asked(alpha);
  bravo.resource("none", { isstable: "0", info: "standby" });
  bravo.ask("foreign", "done");
  run(1_000);
  assert.equal(alpha.holding("vip1"), "held");
  bravo.resource("local", { isstable: "1" });
  run(500);
  asked(alpha);
  bravo.ask("local", "me");
  run(50);
  assert.deepEqual(asked(alpha), ["ask_resources local other"]);
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodeName } from "../../src/core/names.js";
import { Luck } from "../../src/sim/luck.js";
import { PretendArbiter } from "../../src/sim/pretend-arbiter.js";
import { Schedule } from "../../src/sim/schedule.js";
import { type ArbitersUnderTest, type ArbiterUser, arbiterContract } from "../contracts/arbiter.js";

const usual = { least: 0.1, most: 0.6 };

function world(believes: boolean, seed: number): ArbitersUnderTest {
  const schedule = new Schedule();
  const arbiter = new PretendArbiter({ schedule, luck: new Luck(seed), lease: 1_000, believes });
  const users = ["alpha", "bravo", "charlie"].map(nodeName).map((node) => ({ node, arbiter: arbiter.end(node) }));
  return {
    users: users as unknown as [ArbiterUser, ArbiterUser, ArbiterUser],
    lease: 1_000,
    slack: 20,
    quiet: 1_000,
    now: () => schedule.now,
    pass: async (duration) => schedule.runUntil(schedule.now + duration),
    reach: ({ node }, isReached) => void arbiter.reach.set(node, isReached ? "reached" : "cut"),
    delayAnswers: ({ node }, delay) =>
      void arbiter.delays.set(node, { there: usual, back: { least: delay, most: delay + 1 } }),
    loseMemory: () => arbiter.loseMemory(),
    believesHolders: believes,
    poison: ({ node }, by) => arbiter.poison(node, by),
    close: () => {},
  };
}

arbiterContract("the simulator's, which believes holders after a loss of memory", () => world(true, 1), undefined);
arbiterContract("the simulator's, which believes nobody", () => world(false, 2), undefined);

describe("the simulator's arbiter", () => {
  it("a deaf node prolongs what it has for as long as its last answer proves that it is new; a machine that is off neither grants nor forgets", () => {
    const schedule = new Schedule();
    const arbiter = new PretendArbiter({ schedule, luck: new Luck(3), lease: 1_000 });
    const [alpha, bravo] = ["alpha", "bravo"].map(nodeName) as [
      ReturnType<typeof nodeName>,
      ReturnType<typeof nodeName>,
    ];
    const ends = [arbiter.end(alpha), arbiter.end(bravo)] as const;
    let heard = 0;
    ends[0].onAnswer(() => void heard++);
    ends[0].claim(1, ["00000001"]);
    schedule.runUntil(10);
    arbiter.reach.set(alpha, "deaf");
    schedule.runUntil(800);
    ends[0].claim(2, ["00000001"]);
    arbiter.down = true;
    ends[1].claim(1, ["00000002"]);
    schedule.runUntil(801);
    arbiter.down = false;
    ends[0].claim(3, ["00000001"]);
    schedule.runUntil(1_700);
    assert.deepEqual([heard, arbiter.holder("00000001"), arbiter.holder("00000002")], [1, alpha, undefined]);
    ends[0].claim(4, ["00000001"]);
    schedule.runUntil(2_000);
    assert.equal(arbiter.holder("00000001"), undefined, "its stamp is older than a lease");
  });
  it("an arbiter whose clock runs fast lets leases end early, a slow one late: by what its rate says", () => {
    for (const [rate, end] of [
      [1.01, 1_000 / 1.01],
      [0.99, 1_000 / 0.99],
    ] as const) {
      const schedule = new Schedule();
      const arbiter = new PretendArbiter({ schedule, luck: new Luck(4), lease: 1_000, rate });
      arbiter.end(nodeName("alpha")).claim(1, ["00000001"]);
      schedule.runUntil(end);
      assert.equal(arbiter.holder("00000001"), "alpha");
      schedule.runUntil(end + 1);
      assert.equal(arbiter.holder("00000001"), undefined);
    }
  });
});

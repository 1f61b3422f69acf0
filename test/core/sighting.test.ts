import assert from "node:assert/strict";
import { test } from "node:test";
import { start } from "../../src/core/node.js";
import { answerTime, isUnanswered } from "../../src/core/sighting.js";
import { after, instant, type milliseconds, seconds } from "../../src/core/time.js";
import { identityOf, settingsOf } from "./rig.js";

test("three unanswered questions make an address free; with an arbiter, whose host may be mute for a keepalive, so many as last longer than that", () => {
  const timing = { keepalive: seconds(1), deadtime: seconds(3), warntime: seconds(2) };
  const free = (leaseTime: ReturnType<typeof milliseconds> | undefined, unanswered: number): boolean => {
    const settings = settingsOf("alpha", { timing, arbitration: { leaseTime, askAddress: true } });
    const birth = { settings, identity: identityOf("alpha"), seed: 1, nonce: "0123456789abcdef", wall: 0 };
    const [state] = start({ ...birth, at: instant(0) });
    const askedAt = instant(10_000);
    const sighting = { askedAt, dueAt: askedAt, answeredAt: undefined, by: "", unanswered };
    return isUnanswered(state, sighting, after(askedAt, answerTime(state)));
  };
  assert.deepEqual(
    [1, 2, 3].map((before) => free(undefined, before)),
    [false, true, true],
  );
  // A question every sixteenth of deadtime: six of them take longer than a keepalive.
  assert.deepEqual(
    [2, 6, 7].map((before) => free(seconds(3), before)),
    [false, false, true],
  );
});

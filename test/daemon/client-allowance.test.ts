import assert from "node:assert/strict";
import { test } from "node:test";
import { createAllowance } from "../../src/daemon/clients/allowance.js";
import { DeskClock } from "./rig.js";

test("a hundred messages of clients go out at once, then a hundred a second", () => {
  const clock = new DeskClock();
  const allowance = createAllowance(clock);
  const waits = Array.from({ length: 102 }, () => allowance.spend());
  assert.deepEqual([waits[0], waits[99], waits[100], waits[101]], [0, 0, 10, 20]);
  clock.time += 1_020;
  assert.deepEqual([...Array.from({ length: 101 }, () => allowance.spend())].at(-1), 10);
});

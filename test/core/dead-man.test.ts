import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noArbitration } from "../../src/core/arbitration.js";
import { addressLifetime, deadManLimit } from "../../src/core/dead-man.js";
import { milliseconds } from "../../src/core/time.js";

const times = (keepalive: number, deadtime: number) => ({
  keepalive: milliseconds(keepalive),
  deadtime: milliseconds(deadtime),
});

test("a refresh is good for less than half of deadtime, for two thirds where keepalives are long, and for nothing where that too is short for a late heartbeat", () => {
  const limits = [
    [2_000, 30_000],
    [10, 50],
    [5, 30],
    [1_000, 3_000],
    [1_000, 2_500],
    [3, 10],
  ].map(([keepalive = 0, deadtime = 0]) => deadManLimit(times(keepalive, deadtime), noArbitration));
  assert.deepEqual(limits, [13_125, 33, 20, 2_000, undefined, undefined]);
});

test("a host that stops between refresh and heartbeat is mute before deadtime, and one that beats survives a lost turn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 1, max: 120_000 }), (keepalive, deadtime) => {
      const limit = deadManLimit(times(keepalive, deadtime), noArbitration);
      if (limit === undefined) return;
      assert.ok(limit + keepalive <= deadtime);
      assert.ok(limit >= 2 * keepalive);
    }),
  );
});

test("where the right to hold ends by itself, what is left of it is enough for a refresh in every keepalive", () => {
  const confirmed = { ...noArbitration, pingQuorum: true };
  const leased = (lease: number) => ({ ...noArbitration, leaseTime: milliseconds(lease) });
  const limits = [
    deadManLimit(times(1_000, 3_000), confirmed),
    deadManLimit(times(1_000, 5_000), confirmed),
    deadManLimit(times(20, 100), confirmed),
    deadManLimit(times(1_000, 3_000), leased(3_000)),
    deadManLimit(times(1_000, 5_000), leased(2_500)),
    deadManLimit(times(1_000, 5_000), leased(1_000)),
    deadManLimit(times(20, 200), leased(100)),
  ];
  assert.deepEqual(limits, [1_739, 2_187, 43, 1_739, 1_867, undefined, 71]);
});

test("a lifetime ends before deadtime wherever whole seconds allow it, and is renewed four times as often", () => {
  for (const deadtime of [4_500, 5_000, 10_000, 30_000, 120_000]) {
    const { valid, goneWithin, renewEvery } = addressLifetime(times(500, deadtime), false);
    assert.ok(goneWithin <= deadtime, `${deadtime}: ${goneWithin}`);
    assert.equal(renewEvery * 4, valid * 1_000);
  }
  assert.equal(addressLifetime(times(10, 50), false).valid, 2);
  assert.equal(addressLifetime(times(10, 50), true).valid, 5);
});

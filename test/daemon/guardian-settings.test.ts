import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { milliseconds } from "../../src/core/time.js";
import { guardianSettings } from "../../src/daemon/guardian-settings.js";

const times = (keepalive: number, deadtime: number) =>
  guardianSettings({ keepalive: milliseconds(keepalive), deadtime: milliseconds(deadtime) });

test("with the tutorial's times and with the fastest ones the guardian is done before the peers are", () => {
  const rows = [
    [2_000, 30_000],
    [1_000, 5_000],
    [200, 1_000],
    [10, 50],
  ] as const;
  const seen = rows.map(([keepalive, deadtime]) => {
    const { patience, lookInterval } = times(keepalive, deadtime);
    return [patience, lookInterval];
  });
  assert.deepEqual(seen, [
    [27_150, 250],
    [4_000, 125],
    [800, 25],
    [40, 5],
  ]);
});

test("whatever ha.cf may say, no daemon is killed between two heartbeats; and with room for five of them it is killed in time", () => {
  const legal = fc
    .tuple(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 2.001, max: 100, noNaN: true }))
    .map(([keepalive, ratio]) => [keepalive, keepalive * ratio] as const);
  fc.assert(
    fc.property(legal, ([keepalive, deadtime]) => {
      const { patience, lookInterval } = times(keepalive, deadtime);
      assert.ok(patience >= 1.5 * keepalive, `${patience}`);
      if (deadtime < 5 * keepalive || deadtime < 50) return;
      assert.ok(patience + lookInterval < deadtime, `${patience} + ${lookInterval}`);
      assert.ok(patience >= 2.9 * keepalive, `${patience}`);
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../src/config/config.js";
import { linkName } from "../../src/core/names.js";
import { createCounters } from "../../src/daemon/counters.js";
import { deskOf } from "./rig.js";

function refuse(times: number, logBadPackets: boolean): { lines: string[]; all: ReadonlyMap<string, number> } {
  const { config } = deskOf("alpha");
  const quiet: Config = { ...config, logging: { ...config.logging, logBadPackets } };
  const lines: string[] = [];
  const log = { line: ({ text }: { readonly text: string }) => lines.push(text), record: () => {} };
  const counters = createCounters();
  for (let i = 0; i < times; i++) counters.refuse("bad-digest", linkName("eth0"), { log, config: quiet });
  return { lines, all: counters.all };
}

test("a flood of a million forgeries fills seven lines", () => {
  const { lines, all } = refuse(1_000_000, true);
  assert.equal(all.get("bad-digest"), 1_000_000);
  assert.deepEqual(
    lines.map((line) => /\((\d+) so far\)/.exec(line)?.[1]),
    ["1", "10", "100", "1000", "10000", "100000", "1000000"],
  );
});

test("whoever does not want to hear of bad packets still finds them counted", () => {
  const { lines, all } = refuse(1_000, false);
  assert.deepEqual([lines, all.get("bad-digest")], [[], 1_000]);
});

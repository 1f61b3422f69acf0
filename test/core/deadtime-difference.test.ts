import assert from "node:assert/strict";
import { test } from "node:test";
import { seconds } from "../../src/core/time.js";
import { World } from "./rig.js";

function linesAfter(theirs: number, run: number): readonly string[] {
  const world = new World();
  const alpha = world.start("alpha");
  world.start("bravo", { timing: { deadtime: seconds(theirs) } });
  world.run(run);
  return alpha.takeLog().filter((line) => /deadtime of bravo/.test(line));
}

test("another deadtime in the peer's configuration is reported once; that of a start is none", () => {
  assert.deepEqual(linesAfter(5, 60_000), []);
  for (const theirs of [3, 7, 20]) {
    const [line = "", ...more] = linesAfter(theirs, 120_000);
    assert.match(line, new RegExp(`^The deadtime of bravo is ${theirs}000 ms, here it is 5000 ms`));
    assert.deepEqual(more, []);
  }
});

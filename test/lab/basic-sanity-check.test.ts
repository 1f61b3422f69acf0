/** The original's own acceptance test, with our daemon in the place of its own. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fetchOriginal } from "../../src/lab/original.js";
import { playSanityCheck } from "../../src/lab/sanity-check.js";
import { onSteadyMachine } from "./our-pair.js";
import { originalSkip } from "./support.js";

const original = await fetchOriginal();

describe("Debian's unchanged BasicSanityCheck", {
  skip: originalSkip("BASIC SANITY CHECK", original),
  timeout: 1_200_000,
}, () => {
  test("has nothing to say of our daemon that it does not say of its own, and it does test it", () =>
    onSteadyMachine(async () => {
      const root = original.kind === "unpacked" ? original.root : assert.fail("skipped");
      const { theirs, ours } = await playSanityCheck(root, "daemon");
      for (const verdict of [theirs, ours]) {
        console.log(JSON.stringify(verdict, undefined, 1));
        assert.equal(verdict.said.filter((line) => line.startsWith("Reloading heartbeat")).length, 2);
      }
      assert.ok(ours.complaints <= theirs.complaints, `${ours.complaints}, the original has ${theirs.complaints}`);
      // Its own daemon cannot lock itself into memory here, and is complained about for that.
      assert.deepEqual(ours.alarms, []);
      assert.equal(ours.complaints, 0);
    }));
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planOf } from "../../src/sim/draw-plan.js";
import type { Mark } from "../../src/sim/tally.js";
import { runTrial } from "../../src/sim/trial.js";

/** What a kind of fault must be seen to do in some world. */
const kinds: Readonly<Record<string, readonly Mark[]>> = {
  "cut-all-links": ["datagram cut off on all links", "address asked for, and answered"],
  "cut-one-way": ["datagram cut off one way only"],
  "freeze-machine": ["machine frozen, its clock running", "machine frozen, its clock standing"],
  "arbiter-lost": ["arbiter down"],
  "arbiter-restart": ["arbiter lost its memory"],
  "arbiter-cut": ["arbiter out of reach", "arbiter's answer lost"],
  "arbiter-slow": ["arbiter slow"],
  "disk-errors": ["arbiter's disk failed"],
  poison: ["machine poisoned over the disk", "reset by the watchdog"],
  "lan-cut": ["cut off from the service LAN", "cut off from the service LAN one way"],
  isolation: ["holder gave up what it had lost the right to", "lease held by another", "lease granted"],
  "kill-everything": ["everything of heartbeat killed"],
  "stop-everything": ["everything of heartbeat stopped"],
  "power-loss-confirmed": ["power lost", "death confirmed by an operator"],
};
const mostWorlds = 25;

describe("kinds of faults", () => {
  for (const [kind, wanted] of Object.entries(kinds))
    it(`${kind} takes effect: ${wanted.join("; ")}`, () => {
      const missing = new Set(wanted);
      for (let seed = 1, worlds = 0; missing.size > 0 && worlds < mostWorlds; seed++) {
        const plan = planOf("short", seed, [kind]);
        if (!plan.episodes.some(({ faults }) => faults.some(({ name }) => name === kind))) continue;
        worlds++;
        for (const [mark, count] of runTrial(plan).tally) if (count > 0) missing.delete(mark);
      }
      assert.deepEqual([...missing], [], `never happened in ${mostWorlds} worlds`);
    });
});

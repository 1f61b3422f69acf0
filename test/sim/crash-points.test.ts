import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { drawBriefPlan } from "../../src/sim/brief-plan.js";
import type { Episode, Plan } from "../../src/sim/plan.js";
import { describePlan } from "../../src/sim/telling.js";
import { runTrial } from "../../src/sim/trial.js";

/**
 * The daemon dies before its first, its second, … call to the outside, whatever the call is: a message, an address, a script, a word to the
 * guardian. An address that was put on by a daemon which died before it had told its guardian was a second holder (found by `--plan short --seed 3`).
 */
const shape = {
  nodes: ["n1", "n2"],
  links: ["ens33"],
  medium: "ucast",
  hasPings: false,
  haCf: [
    "keepalive 200ms",
    "deadtime 600ms",
    "warntime 300ms",
    "initdead 1200ms",
    "auto_failback on",
    "stop_attempts 3",
  ],
  haresources: ["n1 10.0.0.1/24/ens38 svc0", "n2 disk1 10.0.0.2/24/ens38 10.0.0.3/24/ens38"],
} as const;

const starts = [
  { at: 1, text: "start n1" },
  { at: 1, text: "start n2" },
];

/** Two nodes at rest; then something begins, and the daemon of `who` dies at its call number `calls` from there on. */
function planWith(begin: string, who: string, calls: number): Plan {
  const calm: Episode = { faults: [], healAt: 1, settledAt: 20_000, stillUntil: 21_000, endsWhenCalm: true };
  const commands = [begin, `crash ${who} ${calls}`].map((text) => ({ at: 1, text }));
  const crash: Episode = { ...calm, faults: [{ name: "crash", commands }], healAt: 1_500 };
  const { parameters } = drawBriefPlan(1);
  const allowed = {
    ...parameters,
    timerLatency: 0,
    drift: 0,
    deadtime: 600,
    longestScripts: 1_000,
    longestOutage: 4_000,
  };
  return {
    seed: 1,
    shape,
    parameters: allowed,
    overture: starts,
    episodes: [calm, crash],
    coda: { commands: [], judgements: [], endAt: 0 },
  };
}

describe("a daemon that dies", () => {
  for (const begin of ["standby n1 all", "takeover n1 all", "power-off n2", "stop n1", "kill n2"])
    it(`at any of its calls after "${begin}" leaves nothing behind that a second node could run too`, () => {
      let crashes = 0;
      for (const who of ["n1", "n2"])
        for (let calls = 0; calls < 24; calls++) {
          const outcome = runTrial(planWith(begin, who, calls));
          if (outcome.violations.length > 0) assert.fail([...describePlan(outcome.plan), ...outcome.latest].join("\n"));
          crashes += new Map(outcome.tally).get("daemon crashed in the middle of a turn") ?? 0;
        }
      assert.ok(crashes > 20, `only ${crashes} crashes`);
    });
});

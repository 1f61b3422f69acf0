import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { perform } from "../../src/sim/command.js";
import { type Sabotage, World } from "../../src/sim/world.js";

/** Plays what happens to everything of heartbeat on one node, and keeps what the checkers object to. */
function play(commands: Readonly<Record<number, string>>, sabotage?: Sabotage): readonly string[] {
  const shape = {
    nodes: ["n1", "n2"],
    links: ["ens33"],
    haCf: ["keepalive 1", "deadtime 5", "warntime 3", "initdead 10", "auto_failback on", "ask_address off"],
    haresources: ["n1 10.0.0.1/24/ens38", "n2 10.0.0.2/24/ens38"],
    medium: "ucast",
  } as const;
  const base = { timerLatency: 0, drift: 0, deadtime: 5_000, longestScripts: 1_000, lossGrace: 0 };
  const limits = { longestOutage: 60_000, mostWakeUps: 200, mostDatagrams: 1_000 };
  const parameters = { ...base, ...limits, ...(sabotage === undefined ? {} : { sabotage }) };
  const world = new World({ seed: 1, shape, parameters });
  for (const node of shape.nodes) world.schedule.at(0, () => perform(world, `start ${node}`));
  for (const [at, text] of Object.entries(commands)) world.schedule.at(Number(at), () => perform(world, text));
  for (let at = 0; at < 40_000; at += 50) world.schedule.at(at, () => world.safety.look());
  world.schedule.runUntil(40_000);
  return world.violations.map(({ what }) => what);
}

describe("the dead-man's switch in the simulator", () => {
  const killed = { 20000: "kill-all n1" };
  const frozen = { 20000: "sigstop-all n1", 32000: "sigcont-all n1" };

  it("keeps two holders apart when everything is killed, and when everything is frozen and thawed", () => {
    assert.deepEqual(play(killed), []);
    assert.deepEqual(play(frozen), []);
  });
  it("is missed by the checkers where the kernel does not do its part", () => {
    assert.ok(play(killed, "dead-man-asleep").includes("two holders"));
    assert.ok(play(frozen, "dead-man-asleep").includes("two holders"));
  });
});

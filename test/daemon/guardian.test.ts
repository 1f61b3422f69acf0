import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type Instant, instant, milliseconds, seconds } from "../../src/core/time.js";
import { exitAgain, startGuardian, stepGuardian } from "../../src/daemon/guardian.js";
import type { GuardianEffect, GuardianEvent, GuardianState } from "../../src/daemon/guardian-state.js";
import type { Holdings } from "../../src/ports/guardian.js";

const settings = {
  patience: seconds(4),
  lookInterval: milliseconds(250),
  oversleep: seconds(1),
  startLimit: seconds(30),
  endLimit: seconds(10),
  shortestPause: seconds(1),
  longestPause: seconds(60),
  healthy: seconds(60),
};
const holdings: Holdings = {
  addresses: [
    {
      family: "ipv4",
      address: "10.0.0.1",
      prefix: 24,
      device: "e0",
      label: undefined,
      wantsLabel: false,
      broadcast: undefined,
    },
  ],
  scripts: ["nginx"],
  deathNotice: "ab",
};

/** A guardian driven by hand; `effects` are those of the last fact. */
function guardian() {
  let [state, effects]: readonly [GuardianState, readonly GuardianEffect[]] = startGuardian(settings, instant(0));
  let time = 0;
  const put = (event: Record<string, unknown>): readonly string[] => {
    [state, effects] = stepGuardian(state, { at: instant(time), ...event } as unknown as GuardianEvent);
    return effects.filter((one) => one.type !== "log" && one.type !== "record").map((one) => one.type);
  };
  return {
    put,
    /** Looks every 250 ms until `until` milliseconds; @returns what was done, with its time. */
    look(until: number): readonly [number, string][] {
      const done: [number, string][] = [];
      while (time < until) {
        time += 250;
        for (const what of put({ type: "looked" })) done.push([time, what]);
      }
      return done;
    },
    sleep: (until: number) => {
      time = until;
    },
    get state() {
      return state;
    },
    get last() {
      return effects;
    },
  };
}
const watched = () => {
  const one = guardian();
  one.put({ type: "ready" });
  one.put({ type: "held", holdings });
  return one;
};

describe("the guardian", () => {
  it("withdraws in the turn in which it sees the death; the peers are told when the services have stopped", () => {
    const one = watched();
    assert.deepEqual(one.put({ type: "exited", code: undefined, signal: "SIGKILL" }), ["withdraw", "clean"]);
    assert.deepEqual(one.put({ type: "cleaned", allStopped: true }), ["notify"]);
    assert.deepEqual(one.look(2000), [[1000, "spawn"]]);
  });

  it("tells the peers in the same turn when nothing but addresses was held", () => {
    const one = guardian();
    one.put({ type: "ready" });
    one.put({ type: "held", holdings: { ...holdings, scripts: [] } });
    assert.deepEqual(one.put({ type: "exited", code: 1, signal: undefined }), ["withdraw", "notify", "clean"]);
    assert.deepEqual(one.put({ type: "cleaned", allStopped: true }), []);
  });

  it("does not tell the peers to start what it could not stop", () => {
    const one = watched();
    one.put({ type: "exited", code: 1, signal: undefined });
    assert.deepEqual(one.put({ type: "cleaned", allStopped: false }), []);
  });

  it("kills a silent daemon when deadtime − keepalive is over, and not before", () => {
    const one = watched();
    one.look(1000);
    one.put({ type: "ticked" });
    assert.deepEqual(one.look(5000), []);
    assert.deepEqual(one.look(5250), [
      [5250, "kill"],
      [5250, "withdraw"],
      [5250, "clean"],
    ]);
    assert.deepEqual(one.put({ type: "cleaned", allStopped: true }), ["notify"]);
    assert.deepEqual(one.look(8000), [], "the next daemon waits until the former one is gone");
    one.put({ type: "exited", code: undefined, signal: "SIGKILL" });
    assert.deepEqual(one.look(9000), [[9000, "spawn"]]);
  });

  it("takes the addresses of a daemon that is silent when its right to hold ends, at that instant, and mourns it later", () => {
    const one = watched();
    one.put({ type: "allowed", until: instant(2_000) });
    one.look(1_000);
    one.put({ type: "ticked" });
    assert.deepEqual(one.look(6_000), [
      [2_000, "withdraw"],
      [5_250, "kill"],
      [5_250, "withdraw"],
      [5_250, "clean"],
    ]);
  });

  it("touches nothing while the right is prolonged, nor where it lasts for ever, nor when nothing is held", () => {
    const one = watched();
    for (let at = 1_000; at <= 3_000; at += 1_000) {
      one.put({ type: "allowed", until: instant(at + 500) });
      one.put({ type: "ticked" });
      assert.deepEqual(one.look(at), []);
    }
    one.put({ type: "allowed", until: undefined });
    assert.deepEqual(one.look(6_000), []);
    one.put({ type: "ticked" });
    one.put({ type: "held", holdings: { ...holdings, addresses: [] } });
    one.put({ type: "allowed", until: instant(6_200) });
    assert.deepEqual(one.look(6_250), []);
  });

  it("takes nothing at the end of a right that a former daemon had told of: its successor may hold for ever", () => {
    const one = watched();
    one.put({ type: "allowed", until: instant(2_000) });
    one.put({ type: "successorWished" });
    assert.deepEqual(one.put({ type: "successorPrepared", groups: [] }), ["tellRetire"]);
    assert.deepEqual(one.put({ type: "bequeathed", settings }), ["promote"]);
    assert.deepEqual(one.look(3_000), []);
  });

  it("judges nobody by a silence in which it slept itself", () => {
    const one = watched();
    one.look(1000);
    one.sleep(60_000);
    assert.deepEqual(one.put({ type: "looked" }), []);
    assert.match(JSON.stringify(one.last), /was not scheduled for 59000 ms/);
    assert.deepEqual(one.look(64_000), []);
    assert.equal(one.look(64_250)[0]?.[1], "kill");
  });

  it("backs off from 1 s to 60 s and forgets it after a minute of health", () => {
    const one = watched();
    const pauses: number[] = [];
    for (let death = 0; death < 8; death += 1) {
      one.put({ type: "exited", code: 1, signal: undefined });
      one.put({ type: "cleaned", allStopped: true });
      const from = one.state.lookedAt;
      pauses.push((one.look(from + 70_000)[0]?.[0] ?? 0) - from);
      one.put({ type: "ready" });
    }
    assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
    for (let tick = 0; tick < 62; tick += 1) {
      one.put({ type: "ticked" });
      one.look(one.state.lookedAt + 1000);
    }
    one.put({ type: "exited", code: 1, signal: undefined });
    one.put({ type: "cleaned", allStopped: true });
    assert.equal(one.look(one.state.lookedAt + 2000).length, 1, "back to 1 s");
  });

  it("ends with a daemon that said farewell, and lets one that asks for it begin again with everything in place", () => {
    const end = watched();
    end.put({ type: "farewell" });
    assert.deepEqual(end.put({ type: "exited", code: 0, signal: undefined }), ["end"]);
    const again = watched();
    again.put({ type: "farewell" });
    assert.deepEqual(again.put({ type: "exited", code: exitAgain, signal: undefined }), ["spawn"]);
    assert.equal(again.state.holdings, holdings);
    assert.deepEqual(again.put({ type: "exited", code: 6, signal: undefined }), ["withdraw", "clean"]);
  });

  it("does not repeat a first start that failed, and passes its code on", () => {
    const one = guardian();
    one.put({ type: "exited", code: 6, signal: undefined });
    assert.deepEqual(one.last, [{ type: "end", code: 6 }]);
    const hung = guardian();
    assert.deepEqual(hung.look(30_250), [
      [30_250, "kill"],
      [30_250, "clean"],
    ]);
    hung.put({ type: "cleaned", allStopped: true });
    hung.put({ type: "exited", code: undefined, signal: "SIGKILL" });
    assert.deepEqual(hung.last.at(-1), { type: "end", code: 1 });
  });

  it("passes the first stop on, says of the second that it is underway, and ends instead of restarting", () => {
    const one = watched();
    assert.deepEqual(one.put({ type: "stopRequested" }), ["tellStop"]);
    assert.deepEqual(one.put({ type: "stopRequested" }), []);
    assert.deepEqual(one.last, [{ type: "log", level: "info", text: "Heartbeat shutdown already underway." }]);
    one.put({ type: "exited", code: undefined, signal: "SIGSEGV" });
    assert.deepEqual(one.put({ type: "cleaned", allStopped: true }), ["notify", "end"]);
  });

  it("gives up what a dead daemon's last words name, although they are read after the death was seen", () => {
    const one = guardian();
    one.put({ type: "ready" });
    assert.deepEqual(one.put({ type: "exited", code: undefined, signal: "SIGKILL" }), ["clean"]);
    assert.deepEqual(one.put({ type: "held", holdings }), ["withdraw", "clean"]);
    one.put({ type: "cleaned", allStopped: true });
    assert.equal(one.state.ward.kind, "dying");
    one.put({ type: "cleaned", allStopped: true });
    assert.equal(one.state.ward.kind, "resting");
  });

  it("whatever happens, never has two daemons, and never forgets what was held", () => {
    const fact = fc.oneof(
      ...(["ready", "ticked", "farewell", "looked", "stopRequested", "linkLost"] as const).map((type) =>
        fc.constant({ type }),
      ),
      fc.boolean().map((allStopped) => ({ type: "cleaned", allStopped })),
      fc.constant({ type: "held", holdings }),
      fc.nat(200_000).map((until) => ({ type: "allowed", until })),
      fc.record({
        type: fc.constant("exited"),
        code: fc.constantFrom(0, 1, exitAgain),
        signal: fc.constant(undefined),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fact, fc.nat(3000)), { maxLength: 200 }), (facts) => {
        let [state] = startGuardian(settings, instant(0));
        let at = 0;
        let alive = true;
        let held = false;
        for (const [event, wait] of facts) {
          at += wait;
          // A process exits once, and only what runs can speak.
          if (!alive && state.ward.kind !== "dying" && event.type === "held") continue;
          if (event.type === "cleaned" && (state.ward.kind !== "dying" || state.ward.cleaning === 0)) continue;
          if (!alive && ["exited", "ready", "ticked", "farewell", "linkLost"].includes(event.type)) continue;
          if (event.type === "exited") alive = false;
          if (event.type === "held") held = true;
          const [next, effects] = stepGuardian(state, { at: at as Instant, ...event } as unknown as GuardianEvent);
          for (const effect of effects) {
            if (effect.type === "spawn") {
              assert.equal(alive, false, "two daemons");
              alive = true;
            }
            if (effect.type === "withdraw") held = false;
            if (effect.type === "end" && state.ward.kind === "ending") held = false; // it said farewell: handed over
          }
          state = next;
          if (state.ward.kind === "resting" || state.ward.kind === "over")
            assert.equal(held, false, "something was left behind");
          if (state.ward.kind === "over") return;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

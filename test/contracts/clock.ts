/** What every form of the `Clock` port promises. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { after, milliseconds } from "../../src/core/time.js";
import type { Clock } from "../../src/ports/clock.js";

export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets at least this many milliseconds pass. */
  pass(duration: number): Promise<void>;
}

export function clockContract(name: string, make: () => ClockUnderTest): void {
  describe(`clock: ${name}`, () => {
    it("the one timer wakes once, never before its instant", async () => {
      const { clock, pass } = make();
      for (const wait of [0, 0.4, 1, 3.7, 10, 12.5]) {
        const at = after(clock.now(), milliseconds(wait));
        const woken: number[] = [];
        clock.arm(at, () => woken.push(clock.now()));
        assert.deepEqual(woken, [], "not from inside arm");
        await pass(wait + 60);
        assert.equal(woken.length, 1);
        assert.ok((woken[0] ?? 0) >= at, `woken ${at - (woken[0] ?? 0)} ms early`);
      }
    });
    it("arming again replaces the former instant, to earlier and to later", async () => {
      const { clock, pass } = make();
      const woken: string[] = [];
      const start = clock.now();
      clock.arm(after(start, milliseconds(20)), () => woken.push("first"));
      clock.arm(after(start, milliseconds(5)), () => woken.push("earlier"));
      await pass(80);
      clock.arm(after(clock.now(), milliseconds(5)), () => woken.push("second"));
      clock.arm(after(clock.now(), milliseconds(20)), () => woken.push("later"));
      await pass(80);
      assert.deepEqual(woken, ["earlier", "later"]);
    });
    it("the same instant with another wake calls only the newer one", async () => {
      const { clock, pass } = make();
      const woken: string[] = [];
      const at = after(clock.now(), milliseconds(5));
      clock.arm(at, () => woken.push("old"));
      clock.arm(at, () => woken.push("new"));
      await pass(60);
      assert.deepEqual(woken, ["new"]);
    });
    it("a disarmed timer does not wake", async () => {
      const { clock, pass } = make();
      let woken = 0;
      clock.arm(after(clock.now(), milliseconds(5)), () => void woken++);
      clock.arm(undefined, () => void woken++);
      await pass(60);
      assert.equal(woken, 0);
    });
    it("an instant that has passed wakes as soon as possible", async () => {
      const { clock, pass } = make();
      let woken = 0;
      clock.arm(after(clock.now(), milliseconds(-1000)), () => void woken++);
      await pass(60);
      assert.equal(woken, 1);
    });
    it("waking may arm the next instant", async () => {
      const { clock, pass } = make();
      let beats = 0;
      const beat = (): void => {
        beats++;
        if (beats < 5) clock.arm(after(clock.now(), milliseconds(5)), beat);
      };
      clock.arm(after(clock.now(), milliseconds(5)), beat);
      await pass(150);
      assert.equal(beats, 5);
    });
    it("now never goes back, and wall time is whole seconds since 1970", () => {
      const { clock } = make();
      const instants = Array.from({ length: 1000 }, () => clock.now());
      assert.deepEqual(
        instants,
        instants.toSorted((a, b) => a - b),
      );
      assert.ok(Number.isInteger(clock.wall()) && clock.wall() > 1.6e9);
    });
  });
}

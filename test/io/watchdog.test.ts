import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { instant, milliseconds } from "../../src/core/time.js";
import { startGuardian, stepGuardian } from "../../src/daemon/guardian.js";
import { guardianSettings } from "../../src/daemon/guardian-settings.js";
import type { GuardianEvent, GuardianState } from "../../src/daemon/guardian-state.js";
import { isTrusted } from "../../src/daemon/trust.js";
import { openWatchdog } from "../../src/io/watchdog.js";

/** A device that remembers what was written to it: a named pipe with us at the other end. */
function device(): { readonly path: string; written(): string; close(): void } {
  const path = join(mkdtempSync(join(tmpdir(), "hb-dog-")), "watchdog");
  execFileSync("mkfifo", [path]);
  const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const written = (): string => {
    const bytes = Buffer.alloc(1024);
    return bytes.subarray(0, readSync(end, bytes)).toString("latin1");
  };
  return { path, written, close: () => closeSync(end) };
}

describe("the watchdog device", () => {
  it("is fed, is disarmed by the magic letter, and is not fed after that", () => {
    const stand = device();
    const opened = openWatchdog(stand.path);
    assert.ok(opened.ok);
    opened.watchdog.feed();
    opened.watchdog.feed();
    opened.watchdog.disarm();
    opened.watchdog.feed();
    opened.watchdog.disarm();
    assert.equal(stand.written(), "\0\0V");
    stand.close();
  });

  it("that cannot be opened is a reason and no exception", () => {
    const opened = openWatchdog("/nowhere/watchdog");
    assert.ok(!opened.ok);
    assert.match(opened.why, /No such file/);
  });

  it("is fed while the daemon beats and while a new one is awaited, never for a daemon that hangs or for what could not be stopped", () => {
    const settings = guardianSettings({ keepalive: milliseconds(100), deadtime: milliseconds(1_000) });
    let at = 0;
    let [state] = startGuardian(settings, instant(at));
    const fed = (event: WithoutInstant<GuardianEvent>, pause = 10): boolean => {
      at += pause;
      const before: GuardianState = state;
      [state] = stepGuardian(before, { ...event, at: instant(at) });
      return isTrusted(state, event.type);
    };
    const ward = (): string => state.ward.kind;
    const looks = (times: number): boolean[] => Array.from({ length: times }, () => fed({ type: "looked" }));
    fed({ type: "ready" });
    assert.deepEqual([fed({ type: "ticked" }), fed({ type: "ticked" })], [true, true]);
    // It hangs: a look after a look, and nobody feeds; then it is ended.
    assert.ok(!looks(200).includes(true));
    assert.equal(ward(), "dying");
    fed({ type: "exited", code: undefined, signal: "SIGKILL" });
    fed({ type: "cleaned", allStopped: true });
    assert.equal(ward(), "resting");
    assert.equal(fed({ type: "looked" }), true);
    while (ward() === "resting") fed({ type: "looked" });
    fed({ type: "ready" });
    fed({ type: "exited", code: 1, signal: undefined });
    fed({ type: "cleaned", allStopped: false });
    assert.equal(ward(), "resting");
    assert.equal(fed({ type: "looked" }), false);
    while (ward() === "resting") assert.equal(fed({ type: "looked" }), false);
    fed({ type: "ready" });
    assert.equal(fed({ type: "ticked" }), true);
  });
});

type WithoutInstant<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** Real-time priority and locked memory of this very process; needs root. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as libc from "../../src/io/libc.js";
import { becomeRealtime, lockMemory } from "../../src/io/realtime.js";

const skip = process.getuid?.() === 0 ? undefined : "SKIPPED: needs root for real-time priority and locked memory";
if (skip !== undefined) console.error(skip);

/** Policy is field 41 of /proc/<pid>/stat; the name in field 2 may contain blanks. */
const policyOf = (stat: string): string | undefined => stat.slice(stat.lastIndexOf(")") + 2).split(" ")[38];

describe("being on time", { skip: skip ?? false, timeout: 600_000 }, () => {
  it("every thread is real-time, and no child inherits it", () => {
    const outcome = becomeRealtime(1);
    const threads = readdirSync("/proc/self/task").map(Number);
    assert.equal(outcome.kind, "realtime", JSON.stringify(outcome));
    const realtime = libc.SCHED_FIFO | libc.SCHED_RESET_ON_FORK;
    for (const tid of threads) assert.deepEqual(libc.schedGetScheduler(tid), { ok: true, value: realtime });
    assert.equal(policyOf(readFileSync("/proc/self/stat", "latin1")), "1");
    assert.equal(policyOf(execFileSync("cat", ["/proc/self/stat"], { encoding: "latin1" })), "0");
  });
  it("a priority that does not exist is refused with the reason", () => {
    assert.deepEqual(becomeRealtime(100), { kind: "refused", why: "sched_setscheduler: Invalid argument (EINVAL)" });
  });
  it("with locked code the process lives through hard work of its garbage collector", async () => {
    const outcome = lockMemory();
    assert.equal(outcome.kind, "locked", JSON.stringify(outcome));
    assert.ok(Number(/^VmLck:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1]) > 20_000);
    const end = performance.now() + 3_000;
    let kept: object[] = [];
    while (performance.now() < end) {
      for (let i = 0; i < 20_000; i++) kept.push({ i, text: `beat ${i}` });
      if (kept.length > 200_000) kept = [];
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    // V8 ends this process, here or at its end, when its heap is locked (see realtime.ts): the file then fails.
  });
});

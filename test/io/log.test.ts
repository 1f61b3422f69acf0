import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { describe, it } from "node:test";
import { type LogSettings, openLog } from "../../src/io/log.js";
import { logFile } from "../../src/io/log-file.js";
import { pause, temporaryDirectory, until } from "./temporary.js";

const settingsIn = (directory: string): LogSettings => ({
  logfile: join(directory, "ha-log"),
  debugfile: join(directory, "ha-debug"),
  facility: undefined,
  debugLevel: 0,
  syslogFormat: true,
  journal: join(directory, "journal.jsonl"),
});
const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n").slice(0, -1);
const info = (text: string) => ({ level: "info", program: "heartbeat", text });

/** Says 100 000 lines, 200 in each turn of the loop. @returns how long the longest turn took, in milliseconds. */
async function longestTurn(settings: LogSettings): Promise<number> {
  const log = openLog({ settings, host: "alpha", pid: 7 });
  const entry = info("x".repeat(100));
  let worst = 0;
  for (let turn = 0; turn < 500; turn += 1) {
    const before = performance.now();
    for (let n = 0; n < 200; n += 1) log.line(entry);
    await new Promise((done) => setImmediate(done));
    // The first turns are the compiler's, not the log's.
    if (turn > 20) worst = Math.max(worst, performance.now() - before);
  }
  await log.flush(10_000);
  const written = linesOf(settings.logfile ?? "").length + linesOf(settings.debugfile ?? "").length;
  assert.ok(written + log.losses.lines >= 200_000, `${written} written and ${log.losses.lines} lost`);
  return worst;
}

describe("the log", () => {
  it("writes info to both files, debug only to the debugfile and only when it is asked for", async () => {
    const settings = settingsIn(temporaryDirectory());
    const log = openLog({ settings, host: "alpha", pid: 7 });
    log.line({ ...info("unheard"), level: "debug" });
    log.line(info("both"));
    log.debugLevel += 1;
    log.line({ ...info("whispered"), level: "debug" });
    await log.flush(2000);
    assert.deepEqual(
      [settings.logfile, settings.debugfile].map((path) => linesOf(path ?? "").map((line) => line.slice(16))),
      [
        ["alpha heartbeat: [7]: info: both"],
        ["alpha heartbeat: [7]: info: both", "alpha heartbeat: [7]: debug: whispered"],
      ],
    );
    assert.equal(statSync(settings.logfile ?? "").mode & 0o777, 0o644);
  });

  it("keeps a journal of JSON lines with wall time, node, what and detail", async () => {
    const settings = settingsIn(temporaryDirectory());
    const log = openLog({ settings, host: "alpha" });
    log.record("clearance", { group: "web", granted: true });
    await log.flush(2000);
    const record = JSON.parse(linesOf(settings.journal ?? "")[0] ?? "");
    assert.deepEqual(
      { node: record.node, what: record.what, detail: record.detail },
      { node: "alpha", what: "clearance", detail: { group: "web", granted: true } },
    );
    assert.ok(Math.abs(Date.parse(record.time) - Date.now()) < 5000);
  });

  it("follows a rotation without being told", async () => {
    const settings = settingsIn(temporaryDirectory());
    const path = settings.logfile ?? "";
    const log = openLog({ settings, host: "alpha", pid: 7 });
    log.line(info("before"));
    await log.flush(2000);
    renameSync(path, `${path}.1`);
    log.line(info("after"));
    await log.flush(2000);
    assert.match(readFileSync(`${path}.1`, "utf8"), /before/);
    assert.match(readFileSync(path, "utf8"), /^[^\n]*after\n$/);
  });

  it("takes 100 000 lines in small turns of the loop, not in one long one", async (t) => {
    // About 4 ms on a quiet machine. A busy one can take the processor from us at any moment: one quiet try of five is proof enough.
    const tries: number[] = [];
    while (tries.length < 5 && Math.min(...tries) >= 50)
      tries.push(await longestTurn(settingsIn(temporaryDirectory())));
    t.diagnostic(`longest turn of the loop ${tries.map((n) => n.toFixed(2)).join(", ")} ms`);
    assert.ok(Math.min(...tries) < 50);
  });

  it("says later how many lines it lost when the file could not be written", async () => {
    const directory = join(temporaryDirectory(), "later");
    const settings = { ...settingsIn(directory), debugfile: undefined, journal: undefined };
    const log = openLog({ settings, host: "alpha", pid: 7 });
    log.line(info("one"));
    log.line(info("two"));
    await until(() => log.losses.lines === 2);
    assert.match(log.losses.why ?? "", /ENOENT/);
    mkdirSync(directory);
    log.line(info("three"));
    await until(() => existsSync(join(directory, "ha-log")) && linesOf(join(directory, "ha-log")).length === 2);
    assert.deepEqual(
      linesOf(join(directory, "ha-log")).map((line) => line.replace(/^.*\[7\]: /, "")),
      ["WARN: 2 log line(s) lost: they could not be written in time", "info: three"],
    );
    // The lines can be read a moment before the write that brought them is reported.
    await until(() => log.losses.why === undefined, 5000, "the end of the losses");
    assert.equal(log.losses.why, undefined);
  });

  it("has a bounded queue and confesses what did not fit", async () => {
    const path = join(temporaryDirectory(), "file");
    const file = logFile({ path, blocks: 1, confession: (count) => `lost ${count}\n` });
    for (let n = 0; n < 1000; n += 1) file.push(`${"x".repeat(99)}\n`);
    await file.drained();
    const [confession, ...lines] = linesOf(path);
    assert.equal(confession, `lost ${1000 - lines.length}`);
    assert.equal(file.lost, 1000 - lines.length);
    assert.ok(lines.length > 600 && lines.length <= 655, `${lines.length} lines in 64 KiB`);
  });

  it("returns from a flush in time although the disk does not answer", {
    skip: process.getuid?.() !== 0,
  }, async () => {
    // A FIFO without a reader stands for a disk that hangs: opening it waits for ever.
    const directory = temporaryDirectory();
    const { execFileSync } = await import("node:child_process");
    const path = join(directory, "hung");
    execFileSync("mkfifo", [path]);
    chmodSync(path, 0o600);
    const log = openLog({ settings: { ...settingsIn(directory), logfile: path }, host: "alpha" });
    log.line(info("nobody reads this"));
    const before = performance.now();
    await log.flush(100);
    assert.ok(performance.now() - before < 1000);
    assert.match(readFileSync(join(directory, "ha-debug"), "utf8"), /nobody reads this/);
    const { openSync, closeSync, constants } = await import("node:fs");
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await pause(50);
    closeSync(reader);
  });
});

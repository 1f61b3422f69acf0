import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import { startControlServer } from "../../src/io/control-socket.js";
import { pause, temporaryDirectory, until } from "./temporary.js";

/** A door whose answers cost what a snapshot costs; `watch` hangs on. */
function door(t: TestContext) {
  const path = join(temporaryDirectory(), "run/control");
  const seen = { lines: 0, ended: 0 };
  const server = startControlServer({
    path,
    longestLine: 4096,
    onLine(line, _asker, reply) {
      seen.lines += 1;
      if (line === "status") reply(JSON.stringify(snapshot));
      if (line === "flood") for (let n = 0; n < 10_000; n += 1) reply("x".repeat(10_000));
      if (line !== "watch") return undefined;
      return () => {
        seen.ended += 1;
      };
    },
  });
  t.after(() => server.close());
  return { path, seen };
}
const snapshot = { groups: Array.from({ length: 200 }, (_, n) => ({ name: `svc::${n}`, state: "held" })) };

async function client(t: TestContext, path: string): Promise<Socket & { gone: boolean; heard: string }> {
  const socket = Object.assign(connect(path), { gone: false, heard: "" });
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  socket.once("close", () => {
    socket.gone = true;
  });
  socket.on("data", (piece: Buffer) => {
    socket.heard = (socket.heard + piece.toString()).slice(-100_000);
  });
  await new Promise((done) => socket.once("connect", done));
  return socket;
}

describe("the control socket", () => {
  it("answers line by line, however the bytes are cut", async (t) => {
    const { path } = door(t);
    const asker = await client(t, path);
    for (const piece of ["sta", "tus\nst", "atus\n"]) {
      asker.write(piece);
      await pause(10);
    }
    await until(() => asker.heard.split("\n").length === 3);
  });

  it("cuts off who sends a line without end, who opens watch after watch, and who never reads", async (t) => {
    const { path, seen } = door(t);
    const endless = await client(t, path);
    endless.write("x".repeat(100_000));
    const watcher = await client(t, path);
    watcher.write("watch\n".repeat(20));
    const deaf = await client(t, path);
    deaf.pause();
    deaf.write("flood\n");
    await until(() => endless.gone && watcher.gone);
    await until(() => seen.ended === 9, 2000, "the end of the watches");
    const before = process.memoryUsage().rss;
    deaf.resume();
    await until(() => deaf.gone, 5000, "the end of the deaf one");
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
    const polite = await client(t, path);
    polite.write("status\n");
    await until(() => polite.heard.endsWith("\n"));
  });

  it("is not held up by clients that ask as fast as they can", async (t) => {
    const { path, seen } = door(t);
    const calm = await timersLate();
    const workers = [0, 1, 2].map(() => new Worker(flooder, { eval: true, workerData: path }));
    t.after(() => Promise.all(workers.map((worker) => worker.terminate())));
    await until(() => seen.lines > 500);
    const polite = await client(t, path);
    const late = await timersLate();
    t.diagnostic(`timers late, nine of ten: calm below ${calm} ms, flooded below ${late} ms, ${seen.lines} requests`);
    // Four threads on the machine's cores cost something by themselves; without limits at the door it would be hundreds.
    assert.ok(
      late < 10 + 5 * calm,
      `a tenth of the timers came more than ${late} ms late, ${calm} ms before the flood`,
    );
    polite.write("status\n");
    await until(() => polite.heard.endsWith("\n"), 200, "an answer beside the flood");
  });
});

/** @returns by how many milliseconds nine of ten timers of this process are late at most. */
async function timersLate(): Promise<number> {
  const late: number[] = [];
  for (let beat = 0; beat < 100; beat += 1) {
    const due = performance.now() + 10;
    await pause(10);
    late.push(performance.now() - due);
  }
  return Number((late.sort((a, b) => a - b)[90] ?? 99).toFixed(1));
}

/** Writes requests without a pause and reads what comes. */
const flooder = `
const { connect } = require("node:net");
const socket = connect(require("node:worker_threads").workerData);
const ask = () => { while (socket.write("status\\n".repeat(500))); };
socket.on("drain", ask); socket.on("connect", ask); socket.on("data", () => {}); socket.on("error", () => {});
`;

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type LogSettings, openLog } from "../../src/io/log.js";
import { logdMessage, reachesLogd } from "../../src/io/logd.js";
import { temporaryDirectory, until } from "./temporary.js";

/** What ha_logger of cluster-glue 1.0.12 sent to ha_logd for `ha_logger -t heartbeat -D ha-log "hello world"`, pid 35. */
const recorded = [
  "6c000000 cdab0000 02000000 08000000 06000000 0c000000 00000000 23000000",
  "6865617274626561740000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "3965036b00000000 68656c6c6f20776f726c6400",
]
  .join("")
  .replaceAll(" ", "");

/** A logging daemon as small as can be: it keeps the texts. While `reading` is false it lets everything wait. */
async function logdAt(t: TestContext, path: string) {
  const texts: string[] = [];
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    let bytes = Buffer.alloc(0);
    client.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 8 && bytes.length >= 8 + bytes.readUInt32LE(0)) {
        const length = bytes.readUInt32LE(0);
        const program = bytes.toString("utf8", 32, 96).replace(/\0+$/, "");
        texts.push(`${program} ${bytes.toString("utf8", 104, 8 + length - 1)}`);
        bytes = bytes.subarray(8 + length);
      }
    });
    client.on("error", () => {});
  });
  await new Promise<void>((done) => server.listen(path, done));
  const end = (): void => {
    for (const client of clients) client.destroy();
    server.close();
  };
  t.after(end);
  return { texts, clients, end };
}

function world(connectTime = 60_000) {
  const directory = temporaryDirectory();
  const socket = join(directory, "log_daemon");
  const logfile = join(directory, "ha-log");
  const settings: LogSettings = {
    logfile,
    debugfile: undefined,
    facility: undefined,
    debugLevel: 0,
    syslogFormat: true,
    journal: join(directory, "journal.jsonl"),
    logd: { use: true, connectTime, socket },
  };
  const log = openLog({ settings, host: "alpha", pid: 7 });
  const say = (text: string): void => log.line({ level: "info", program: "heartbeat", text });
  const file = (): string => (existsSync(logfile) ? readFileSync(logfile, "utf8") : "");
  const inFile = async (): Promise<string> => {
    await log.flush(2000);
    return file();
  };
  return { socket, file, log, say, inFile, journal: settings.journal ?? "" };
}

describe("ha_logd", {
  skip: process.arch !== "x64" && process.arch !== "arm64" ? "the recording is of 64 bits" : false,
}, () => {
  it("is told lines in the bytes that cluster-glue's own programs use", () => {
    const at = new Date(Buffer.from(recorded, "hex").readUInt32LE(96) * 1000);
    // This program's lines carry no level before their text, as the recorded one carried none.
    const ours = logdMessage({ level: "info", program: "ip-request-resp", text: "hello world" }, at, 35);
    ours.fill(0, 32, 96).write("heartbeat", 32);
    assert.equal(ours.toString("hex"), recorded);
  });

  it("gets the lines when it runs, and the files get none of them; the journal stays where it is", async (t) => {
    const { socket, log, say, inFile, journal } = world();
    const { texts } = await logdAt(t, socket);
    assert.equal(reachesLogd(socket), true);
    say("one");
    log.line({ level: "WARN", program: "ResourceManager", text: "two" });
    log.line({ level: "debug", program: "heartbeat", text: "not asked for" });
    log.record("something", {});
    await until(() => texts.length === 2);
    assert.deepEqual(texts, ["heartbeat info: one", "ResourceManager WARN: two"]);
    assert.equal(await inFile(), "");
    assert.match(readFileSync(journal, "utf8"), /something/);
  });

  it("is not waited for: without it the files get the lines, and it is tried again after conn_logd_time", async (t) => {
    const { socket, say, inFile } = world(30);
    say("alone");
    assert.match(await inFile(), /info: alone\n/);
    const { texts } = await logdAt(t, socket);
    await until(() => {
      say("found");
      return texts.includes("heartbeat info: found");
    });
  });

  it("may go and come back: what it does not take is in the files, with a word about it", async (t) => {
    const { socket, say, file } = world(30);
    const first = await logdAt(t, socket);
    say("before");
    await until(() => first.texts.length === 1);
    first.end();
    await until(() => {
      say("meanwhile");
      return /WARN: The logging daemon is gone[\s\S]*info: meanwhile/.test(file());
    });
    const second = await logdAt(t, socket);
    await until(() => {
      say("after");
      return second.texts.includes("heartbeat info: after");
    });
  });

  it("may stop reading: a bounded number of lines waits for it, the rest goes to the files at once", async (t) => {
    const { socket, say, inFile } = world();
    const { clients, texts } = await logdAt(t, socket);
    say("first");
    await until(() => texts.length === 1);
    for (const client of clients) client.pause();
    for (let n = 0; n < 2000; n += 1) say(`${n} ${"x".repeat(1000)}`);
    const written = (await inFile()).split("\n").length - 1;
    assert.ok(written > 500, `${written} lines in the file`);
    for (const client of clients) client.resume();
    await until(() => texts.length + written === 2001);
  });
});

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { framed, frameReader } from "../../src/io/client-frames.js";
import { type ClientServerSettings, prepareClientPlaces, startClientServer } from "../../src/io/client-socket.js";
import { pause, temporaryDirectory, until } from "./temporary.js";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const bytesOf = (words: string): Uint8Array => Buffer.from(words, "latin1");

describe("frames", () => {
  it("have the head of 3.0.6: length and cd ab 00 00, little-endian", () => {
    assert.equal(Buffer.from(framed(bytesOf("ABC\0"))).toString("hex"), `04000000cdab0000${"41424300"}`);
  });

  it("are put together however the stream is cut, and an endless or false one is told at once", () => {
    const stream = Buffer.concat(["a\0", "", "ccc\0"].map((words) => framed(bytesOf(words))));
    for (let cut = 1; cut <= stream.length; cut += 1) {
      const reader = frameReader(100);
      const heard: string[] = [];
      for (let at = 0; at < stream.length; at += cut) {
        const payloads = reader.push(stream.subarray(at, at + cut));
        assert.ok(payloads !== "malformed");
        heard.push(...payloads.map(text));
      }
      assert.deepEqual(heard, ["a\0", "", "ccc\0"], `cut into pieces of ${cut}`);
    }
    assert.equal(frameReader(3).push(framed(bytesOf("abcd"))), "malformed");
    assert.equal(frameReader(100).push(Buffer.from("0400000011110000", "hex")), "malformed");
  });
});

interface Door {
  readonly path: string;
  close(patience: number, then: () => void): void;
  readonly seen: { frames: number; closed: number; refused: boolean };
}

/** Every frame is answered: `flood` by very much, `slow` with a pause after it, everything else by itself. */
function door(t: TestContext, more: Partial<ClientServerSettings> = {}): Door {
  const path = join(temporaryDirectory(), "run/heartbeat/register");
  const seen = { frames: 0, closed: 0, refused: false };
  prepareClientPlaces(path, undefined);
  const server = startClientServer({
    path,
    longestFrame: 4096,
    onFailure: assert.fail,
    onConnect: (connection) => {
      assert.deepEqual([connection.credentials.pid, connection.credentials.uid], [process.pid, process.getuid?.()]);
      return {
        onFrame(payload) {
          seen.frames += 1;
          if (text(payload) === "flood") {
            for (let n = 0; n < 10_000 && !seen.refused; n += 1)
              seen.refused = !connection.send(new Uint8Array(10_000));
          } else connection.send(payload);
          return text(payload) === "slow" ? 100 : 0;
        },
        isWelcome: () => seen.frames > 0,
        onClose() {
          seen.closed += 1;
        },
      };
    },
    ...more,
  });
  t.after(() => server.close(0, () => {}));
  return { path, seen, close: server.close };
}

async function client(t: TestContext, path: string): Promise<Socket & { gone: boolean; heard: string[] }> {
  const socket = Object.assign(connect(path), { gone: false, heard: [] as string[] });
  t.after(() => socket.destroy());
  socket.on("error", () => {});
  socket.once("close", () => {
    socket.gone = true;
  });
  const reader = frameReader(100_000);
  socket.on("data", (piece: Buffer) => {
    const payloads = reader.push(piece);
    if (payloads !== "malformed") socket.heard.push(...payloads.map(text));
  });
  await new Promise((done) => socket.once("connect", done));
  return socket;
}

describe("the socket of the original's clients", () => {
  it("answers frame by frame, tells who is there, and paces a client without holding up another", async (t) => {
    const { path } = door(t);
    const [slow, quick] = [await client(t, path), await client(t, path)];
    slow.write(Buffer.concat(["slow", "slow", "slow"].map((words) => framed(bytesOf(words)))));
    quick.write(framed(bytesOf("quick")));
    await until(() => quick.heard.length === 1);
    assert.ok(slow.heard.length <= 2);
    await until(() => slow.heard.length === 3, 2000);
  });

  it("lets the clients hang up by themselves at its end for a while, and then ends even one that does not read", async (t) => {
    const { path, seen, close } = door(t);
    const [polite, deaf] = [await client(t, path), await client(t, path)];
    deaf.pause();
    deaf.write(framed(bytesOf("flood")));
    await until(() => seen.refused || seen.frames === 1, 5000);
    polite.write(framed(bytesOf("hello")));
    await until(() => polite.heard.length === 1);
    let over = false;
    close(500, () => {
      over = true;
    });
    await pause(100);
    assert.equal(polite.gone, false, "hung up on before it was told to end");
    polite.end();
    await until(() => polite.gone && over, 10_000, "the end of the door");
  });

  it("ends a client that sends what is no frame, one that does not read, and one too many of a user; others go on", async (t) => {
    const { path, seen } = door(t);
    const wild = await client(t, path);
    wild.write("GET / HTTP/1.1\r\n\r\n");
    const deaf = await client(t, path);
    deaf.pause();
    deaf.write(framed(bytesOf("flood")));
    await until(() => wild.gone && seen.refused && seen.closed === 2, 5000);
    const crowd: Awaited<ReturnType<typeof client>>[] = [];
    for (let n = 0; n < 72; n += 1) crowd.push(await client(t, path));
    await until(() => crowd.filter((one) => one.gone).length === 8, 2000, "the end of those too many");
    crowd[0]?.write(framed(bytesOf("hello")));
    await until(() => crowd[0]?.heard.length === 1);
  });

  it("hangs up on who connects and is not welcome after a while", async (t) => {
    const { path, seen } = door(t, { signOnLimit: 100 });
    const silent = await client(t, path);
    await until(() => silent.gone, 2000);
    assert.equal(seen.closed, 1);
    const known = await client(t, path);
    known.write(framed(bytesOf("hello")));
    await until(() => known.heard.length === 1);
    await pause(200);
    assert.equal(known.gone, false);
  });

  it("does not let clients that write without end delay a timer", async (t) => {
    const { path, seen } = door(t);
    const crowd: Awaited<ReturnType<typeof client>>[] = [];
    for (let n = 0; n < 5; n += 1) crowd.push(await client(t, path));
    const flood = Buffer.concat(Array.from({ length: 1000 }, () => framed(bytesOf("x"))));
    for (const one of crowd) {
      const more = (): void => void (one.destroyed || one.write(flood, () => setImmediate(more)));
      more();
    }
    await until(() => seen.frames > 500);
    const late: number[] = [];
    for (let beat = 0; beat < 50; beat += 1) {
      const due = performance.now() + 10;
      await pause(10);
      late.push(performance.now() - due);
    }
    late.sort((a, b) => a - b);
    t.diagnostic(`nine of ten timers late by less than ${late[45]?.toFixed(1)} ms beside ${seen.frames} frames`);
    // The clients are in this very process: most of the time is theirs.
    assert.ok((late[25] ?? 99) < 50, `half of the timers came more than ${late[25]} ms late`);
  });
});

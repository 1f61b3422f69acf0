/** The serial medium on real terminals: two pseudo-terminals that socat joins like a null modem cable. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { milliseconds } from "../../src/core/time.js";
import * as libc from "../../src/io/libc.js";
import { createBacklog } from "../../src/io/serial-backlog.js";
import { openSerialMedium } from "../../src/io/serial-medium.js";
import { createMessageStream, STREAM_LIMITS } from "../../src/wire/stream.js";
import { type MediaUnderTest, mediumContract } from "../contracts/medium.js";
import { type Cable, cable, noCable } from "./null-modem.js";
import { until } from "./temporary.js";

const skip = noCable();
if (skip !== undefined) console.error(`*** SERIAL MEDIUM SKIPPED: ${skip}`);

const holds = (what: () => boolean, limit = 3_000): Promise<boolean> =>
  until(what, limit).then(
    () => true,
    () => false,
  );

/** What a serial line carries: bytes in a frame. */
const frame = (payload: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`###\n${payload.length}:`), payload, Buffer.from(",%%%\n3:1 0,")]);
const unframe = (message: Uint8Array): Uint8Array => {
  const start = message.indexOf(0x3a) + 1;
  return message.subarray(start, message.length - ",%%%\n3:1 0,".length);
};

const open = (device: string, baud = 115_200, patience = 2_000, deaf = 0) =>
  openSerialMedium(
    { kind: "serial", device, baud },
    {
      patience: milliseconds(patience),
      messages: createMessageStream(),
      deaf: milliseconds(deaf),
      longest: STREAM_LIMITS.bytes,
    },
  );

mediumContract(
  "serial between two terminals",
  async (): Promise<MediaUnderTest> => {
    const { one, two, remove } = await cable();
    const [here, there] = [open(one).medium, open(two).medium];
    const close = (): void => {
      here.close();
      there.close();
      void remove();
    };
    const settle = async (arrived: () => boolean): Promise<void> => void (await holds(arrived, 1_000));
    return { here, there, wrap: frame, unwrap: unframe, settle, close };
  },
  skip,
);

describe("a serial line", { skip: skip ?? false, timeout: 30_000 }, () => {
  const onCable = (sentence: string, check: (cable: Cable) => Promise<void>): void => {
    it(sentence, async () => {
      const laid = await cable();
      try {
        await check(laid);
      } finally {
        await laid.remove();
      }
    });
  };

  onCable("is set up raw, at its speed, without regard for modem signals", async ({ one }) => {
    const { medium, lines, problem } = open(one, 9_600);
    const settings = execFileSync("stty", ["-a", "-F", one], { encoding: "utf8" });
    medium.close();
    assert.equal(problem, undefined);
    assert.deepEqual(lines, [`glib: Starting serial heartbeat on tty ${one} (9600 baud)`]);
    for (const wanted of [
      /speed 9600 baud/,
      / cs8 /,
      / clocal/,
      / -crtscts/,
      /-icanon/,
      /-echo /,
      /-icrnl/,
      /-opost/,
      /-ixon/,
    ])
      assert.match(settings, wanted);
  });

  onCable("is never given more than it carries: twenty messages take their time, and arrive", async ({ one, two }) => {
    const [here, there] = [open(one, 9_600).medium, open(two, 9_600).medium];
    const heard: number[] = [];
    there.onDatagram((bytes) => heard.push(unframe(bytes)[0] ?? -1));
    const began = performance.now();
    for (let n = 0; n < 20; n++) here.send(frame(new Uint8Array(40).fill(n)));
    await until(() => heard.length === 20);
    const lasted = performance.now() - began;
    here.close();
    there.close();
    assert.deepEqual(
      heard,
      Array.from({ length: 20 }, (_, n) => n),
    );
    // 19 of them have left before the last is given to the line, 58 bytes each.
    assert.ok(lasted > (19 * 55 * 10_000) / 9_600, `${lasted} ms`);
  });

  onCable("that is too slow drops the oldest, counts it and says so; the newest gets through", async ({ one, two }) => {
    const [here, there] = [open(one, 9_600, 200).medium, open(two, 9_600).medium];
    const heard: number[] = [];
    const news: (string | undefined)[] = [];
    there.onDatagram((bytes) => heard.push(unframe(bytes)[0] ?? -1));
    here.onChange((problem) => news.push(problem));
    for (let n = 0; n < 100; n++) here.send(frame(new Uint8Array(40).fill(n)));
    await until(() => heard.at(-1) === 99);
    here.close();
    there.close();
    assert.ok(heard.length < 8, `${heard.length} messages`);
    assert.equal(heard.length + here.counters.sendErrors, 100);
    assert.equal(news.length, 1, "said once, not a hundred times");
    assert.match(news[0] ?? "", /9600 baud are too few/);
  });

  onCable("does not hear what waited in its buffers when it was opened", async ({ one, two }) => {
    const before = open(one).medium;
    for (let n = 0; n < 5; n++) before.send(frame(Uint8Array.of(n)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { medium } = open(two, 115_200, 2_000, 150);
    const heard: (number | undefined)[] = [];
    medium.onDatagram((bytes) => heard.push(unframe(bytes)[0]));
    await new Promise((resolve) => setTimeout(resolve, 300));
    before.send(frame(Uint8Array.of(7)));
    await until(() => heard.length > 0);
    before.close();
    medium.close();
    assert.deepEqual(heard, [7]);
  });

  onCable("leaves what still waits to the kernel when it is closed: it may be a farewell", async ({ one, two }) => {
    const [here, there] = [open(one, 9_600).medium, open(two, 9_600).medium];
    const heard: number[] = [];
    there.onDatagram((bytes) => heard.push(unframe(bytes)[0] ?? -1));
    for (let n = 0; n < 20; n++) here.send(frame(new Uint8Array(40).fill(n)));
    here.close();
    assert.equal(here.counters.sent, 20);
    await until(() => heard.length === 20);
    there.close();
  });

  onCable("that takes no data blocks nobody, is emptied, and goes on with what is new", async ({ one }) => {
    // The terminal's other end is not read: socat is stopped.
    const { medium } = open(one, 4_000_000, 100);
    const socat = Number(execFileSync("pgrep", ["-f", `link=${one},`], { encoding: "utf8" }).trim());
    process.kill(socat, "SIGSTOP");
    const news: (string | undefined)[] = [];
    medium.onChange((problem) => news.push(problem));
    let longest = 0;
    const deadline = performance.now() + 5_000;
    while (medium.problem === undefined && performance.now() < deadline) {
      const before = performance.now();
      for (let n = 0; n < 20; n++) medium.send(frame(new Uint8Array(4_000)));
      longest = Math.max(longest, performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const stuck = medium.problem;
    const { sendErrors } = medium.counters;
    process.kill(socat, "SIGCONT");
    medium.send(frame(Uint8Array.of(1)));
    const recovered = await holds(() => medium.problem === undefined);
    medium.close();
    assert.match(stuck ?? "", /takes no data/);
    assert.ok(sendErrors > 0);
    assert.ok(longest < 100, `a call took ${longest} ms`);
    assert.ok(recovered);
  });

  onCable("that is unplugged and plugged in again is opened anew, and no descriptor is left behind", async (laid) => {
    const { medium } = open(laid.one);
    const news: (string | undefined)[] = [];
    medium.onChange((problem) => news.push(problem));
    await laid.unplug();
    await until(() => medium.problem !== undefined);
    medium.send(frame(Uint8Array.of(1)));
    assert.equal(medium.counters.sendErrors, 1);
    const before = readdirSync("/proc/self/fd").length;
    for (let round = 0; round < 3; round++) {
      await laid.plug();
      await until(() => medium.problem === undefined, 8_000, "the line to be opened again");
      await laid.unplug();
      await until(() => medium.problem !== undefined, 3_000, "the line to be missed");
    }
    const after = readdirSync("/proc/self/fd").length;
    medium.close();
    assert.equal(medium.reopened, 3);
    assert.ok(after <= before + 1, `${before} descriptors before, ${after} after`);
  });

  onCable("whose cable carries nonsense throws nothing and hears what comes after", async ({ one, two }) => {
    const { medium } = open(one);
    let heard = 0;
    medium.onDatagram(() => void heard++);
    const nonsense = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 256));
    const there = libc.open(two, libc.O_RDWR | libc.O_NOCTTY);
    assert.ok(there.ok);
    for (let at = 0; at < nonsense.length; at += 2_000) {
      libc.write(there.value, nonsense.subarray(at, at + 2_000));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    for (let n = 0; n < 3; n++) libc.write(there.value, frame(Uint8Array.of(n)));
    await until(() => heard >= 3);
    libc.close(there.value);
    medium.close();
  });

  it("that is missing is a problem with words, not an exception", () => {
    const { medium, problem, lines } = open("/dev/nosuchtty");
    medium.send(frame(Uint8Array.of(1)));
    medium.close();
    assert.match(problem ?? "", /serial \/dev\/nosuchtty: open: No such file or directory \(ENOENT\)/);
    assert.match(lines[0] ?? "", /cannot use \/dev\/nosuchtty yet, will try again/);
    assert.deepEqual([medium.counters.sent, medium.counters.sendErrors], [0, 1]);
  });

  it("that is no terminal, or cannot have the speed, is a problem with words", () => {
    assert.match(open("/dev/null").problem ?? "", /ENOTTY/);
  });
});

describe("what waits for a slow line", () => {
  it("is bounded by bytes; the oldest goes first, and one message may always wait", () => {
    const backlog = createBacklog(100);
    const message = (n: number, length: number): Uint8Array => new Uint8Array(length).fill(n);
    assert.equal(backlog.add(message(1, 500)), 0);
    assert.equal(backlog.add(message(2, 60)), 1);
    assert.equal(backlog.add(message(3, 40)), 0);
    assert.equal(backlog.add(message(4, 30)), 1);
    assert.equal(backlog.bytes, 70);
    assert.deepEqual([backlog.next()?.[0], backlog.next()?.[0], backlog.next()], [3, 4, undefined]);
    assert.equal(backlog.bytes, 0);
  });
  it("holds one message of each subject, the newest, where the first one stood", () => {
    const backlog = createBacklog(100);
    const message = (n: number, length: number): Uint8Array => new Uint8Array(length).fill(n);
    for (let n = 0; n < 10; n++) backlog.add(message(n, 20), "request 7");
    backlog.add(message(20, 20), "request 8");
    backlog.add(message(21, 30), "request 7");
    assert.equal(backlog.bytes, 50);
    assert.deepEqual([backlog.next()?.[0], backlog.next()?.[0], backlog.next()], [21, 20, undefined]);
  });
});

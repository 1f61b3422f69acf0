// What a witness costs. (1) Claims per second that one process serves, as a ratio to a plain UDP echo in the same run. (2) How long after
// the end of a dead holder's lease, and after the call when nobody has it, the other node has its grant. Witness and echo are processes of
// their own, on loopback. Build first; then: node bench/witness.mjs [seconds per measurement]
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClock } from "../dist/src/io/clock.js";
import { digests } from "../dist/src/io/digests.js";
import { monotonicNow } from "../dist/src/io/monotonic.js";
import { openWitnessArbiter } from "../dist/src/io/witness-arbiter.js";
import { Caller } from "../dist/src/witness/caller.js";
import { createSeals } from "../dist/src/witness/seal.js";

const DURATION = 1000 * Number(process.argv[2] ?? 2);
const WINDOW = 32;
const secret = "3Fd0cB9kqWmZx7RtYpLs";
const key = { index: 1, method: "sha1", secret: Buffer.from(secret) };
const seals = createSeals({ sendIndex: 1, byIndex: new Map([[1, key]]) }, digests);
const port = 30_000 + (process.pid % 20_000);
const folder = mkdtempSync(join(tmpdir(), "hb-bench-"));
writeFileSync(join(folder, "pair"), `auth 1\n1 sha1 ${secret}\n`, { mode: 0o600 });

const echo = `const s = require("dgram").createSocket("udp4"); s.on("message", (m, r) => s.send(m, r.port, r.address)); s.bind(${port + 1}, "127.0.0.1");`;
const command = join(import.meta.dirname, "../bin/heartbeat");
const options = [
  "--listen",
  `127.0.0.1:${port}`,
  "--keys",
  folder,
  "--longest-lease",
  "1",
  "--socket",
  `${folder}.sock`,
];
const children = [
  spawn(command, ["witness", ...options], { stdio: "ignore" }),
  spawn(process.execPath, ["-e", echo], { stdio: "ignore" }),
];

/** Keeps WINDOW datagrams on their way. @returns answers per second. */
async function rate(to, say, hear) {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.setRecvBufferSize(1 << 20);
  let answers = 0;
  const send = (bytes) => socket.send(bytes, to, "127.0.0.1");
  socket.on("message", (bytes) => {
    answers += hear(bytes) ? 1 : 0;
    say(send);
  });
  for (let i = 0; i < WINDOW; i++) say(send);
  await sleep(DURATION / 4);
  const [from, before] = [performance.now(), answers];
  await sleep(DURATION);
  const perSecond = ((answers - before) * 1000) / (performance.now() - from);
  socket.close();
  return perSecond;
}

async function claimRate() {
  let transmit = () => {};
  const session = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("latin1");
  const settings = { cluster: "pair", node: "bench", lease: 1_000, seals, session };
  const caller = new Caller({ ...settings, transmit: (bytes) => transmit(bytes) });
  let request = 0;
  const say = (send) => {
    transmit = send;
    caller.claim(++request, ["0000000a"], monotonicNow());
  };
  return rate(port, say, (bytes) => caller.hear(bytes, monotonicNow()) !== undefined);
}

const node = (name, lease) =>
  openWitnessArbiter({ witness: { address: "127.0.0.1", port }, cluster: "pair", node: name, lease, seals });
const ask = (arbiter, request, group) =>
  new Promise((done) => {
    arbiter.onAnswer((answered, verdicts) => answered === request && done(verdicts.get(group)));
    arbiter.claim(request, [group]);
  });

/** @returns milliseconds from a dead holder's lease end, and from the call where nobody has it, to the grant. */
async function takeovers(lease, count) {
  const clock = createClock();
  const [afterLease, whenFree] = [[], []];
  const [alpha, bravo] = [node("alpha", lease), node("bravo", lease)];
  for (let i = 1, request = 0; i <= count; i++) {
    const group = (lease * 1000 + i).toString(16).padStart(8, "0");
    const called = monotonicNow();
    await ask(alpha, ++request, group);
    whenFree.push(monotonicNow() - called);
    for (let verdict = await ask(bravo, ++request, group); verdict.kind !== "granted"; ) {
      await new Promise((wake) => clock.arm(monotonicNow() + verdict.freeIn, wake));
      verdict = await ask(bravo, ++request, group);
    }
    afterLease.push(monotonicNow() - called - lease);
  }
  for (const one of [alpha, bravo]) one.close();
  return { afterLease, whenFree };
}

const words = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(2);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms (${sorted.length})`;
};

try {
  await sleep(2_500);
  for (let round = 1; round <= 3; round++) {
    const [plain, claims] = [
      await rate(
        port + 1,
        (send) => send(Buffer.alloc(100)),
        () => true,
      ),
      await claimRate(),
    ];
    const ratio = (claims / plain).toFixed(2);
    console.log(`${Math.round(claims)} claims/s, plain echo ${Math.round(plain)}/s: ${ratio} of it`);
  }
  for (const lease of [100, 1_000]) {
    const { afterLease, whenFree } = await takeovers(lease, lease === 100 ? 40 : 10);
    console.log(`lease ${lease} ms, after its end: ${words(afterLease)}; when free: ${words(whenFree)}`);
  }
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

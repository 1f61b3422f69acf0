import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { WitnessStatus } from "../../src/control/witness-status.js";
import type { LeaseVerdict } from "../../src/core/lease.js";
import { nodeName } from "../../src/core/names.js";
import { milliseconds } from "../../src/core/time.js";
import { openWitnessArbiter } from "../../src/io/witness-arbiter.js";
import type { Arbiter } from "../../src/ports/arbiter.js";
import { sealsOf, sleep } from "../witness/network.js";

const command = join(import.meta.dirname, "../../../bin/heartbeat");
const secret = "3Fd0cB9kqWmZx7RtYpLs";
const port = 21_000 + (process.pid % 20_000);
const folder = mkdtempSync(join(tmpdir(), "hb-witness-"));
const keys = join(folder, "keys");
const socket = join(folder, "run/status");

/** A test that fails leaves none behind. */
const children: ChildProcess[] = [];

interface Running {
  readonly process: ChildProcess;
  readonly said: () => string;
}

async function start(): Promise<Running> {
  const options = ["--listen", `127.0.0.1:${port}`, "--keys", keys, "--longest-lease", "4", "--socket", socket];
  const child = spawn(command, ["witness", ...options], { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    text += bytes.toString();
  });
  children.push(child);
  const running = { process: child, said: () => text };
  await says(running, /witness: serves/);
  return running;
}

async function says({ said }: Running, what: RegExp): Promise<void> {
  for (const end = Date.now() + 40_000; !what.test(said()); await sleep(10))
    assert.ok(Date.now() < end, `never said ${what}, but:\n${said()}`);
}

async function endedBy({ process: child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

async function status(): Promise<WitnessStatus> {
  let text = "";
  for await (const piece of connect(socket)) text += String(piece);
  return JSON.parse(text) as WitnessStatus;
}

function node(name: string, cluster = "pair"): Arbiter {
  const witness = { address: "127.0.0.1", port };
  return openWitnessArbiter({
    witness,
    cluster,
    node: nodeName(name),
    lease: milliseconds(4_000),
    seals: sealsOf(secret),
  });
}

let request = 0;
/** Asks until there is an answer of that kind. */
async function hears(arbiter: Arbiter, kind: LeaseVerdict["kind"], limit = 30_000): Promise<LeaseVerdict> {
  let heard: LeaseVerdict | undefined;
  arbiter.onAnswer((_, verdicts) => {
    heard = verdicts.get("0000000a");
  });
  for (const end = Date.now() + limit; heard?.kind !== kind; await sleep(20)) {
    assert.ok(Date.now() < end, `not ${kind}, but ${JSON.stringify(heard)}`);
    arbiter.claim(++request, ["0000000a"]);
  }
  return heard;
}

describe("heartbeat witness", { timeout: 240_000 }, () => {
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(keys);
  writeFileSync(join(keys, "pair"), `auth 1\n1 sha1 ${secret}\n`, { mode: 0o600 });
  writeFileSync(join(keys, "open"), `auth 1\n1 sha1 ${secret}\n`);
  chmodSync(join(keys, "open"), 0o644);
  writeFileSync(join(keys, "crc"), "auth 1\n1 crc\n", { mode: 0o600 });
  writeFileSync(join(keys, "pair~"), "nonsense");

  it("serves leases without root, shows who has them, reads keys anew, and ends with its signal", async () => {
    const running = await start();
    assert.match(running.said(), /ERROR: witness: .*open.* 600 recommended/);
    assert.match(running.said(), /ERROR: witness: .*crc: crc has no secret/);
    assert.match(running.said(), /serves pair\n/);
    const [alpha, bravo, stranger] = [node("alpha"), node("bravo"), node("alpha", "late")];
    await hears(alpha, "refused");
    await hears(alpha, "granted");
    await hears(bravo, "held");
    const [cluster] = (await status()).clusters;
    assert.deepEqual(
      [cluster?.name, cluster?.leases.map(({ by, group }) => `${by} ${group}`)],
      ["pair", ["alpha 0000000a"]],
    );
    assert.deepEqual(
      cluster?.nodes.map(({ name }) => name),
      ["alpha", "bravo"],
    );
    const table = spawnSync(command, ["witness", "--status", "--socket", socket], {
      encoding: "utf8",
      timeout: 30_000,
    });
    assert.match(table.stdout, /^pair: alpha called .* bravo called/m);
    await hears(bravo, "granted");
    await says(running, /pair: bravo has the lease of 0000000a, which alpha had/);
    bravo.release(["0000000a"]);
    await says(running, /pair: bravo gave the lease of 0000000a back/);

    stranger.claim(++request, ["0000000a"]);
    copyFileSync(join(keys, "pair"), join(keys, "late"));
    running.process.kill("SIGHUP");
    await says(running, /serves late, pair/);
    await hears(stranger, "granted");
    assert.ok(((await status()).counters["unknownCluster"] ?? 0) > 0);
    writeFileSync(join(keys, "late"), "what is that\n");
    running.process.kill("SIGHUP");
    await says(running, /ERROR: witness: .*late:1/);
    await hears(stranger, "granted");

    for (const one of [alpha, bravo, stranger]) one.close();
    assert.equal(await endedBy(running, "SIGTERM"), 0);
    assert.ok(!existsSync(socket));
    const none = spawnSync(command, ["witness", "--status", "--socket", socket], { encoding: "utf8", timeout: 30_000 });
    assert.deepEqual([none.status, /no witness runs here/.test(none.stderr)], [3, true]);
  });

  it("killed and started again, it leaves the holder what it holds and gives it to nobody else", async () => {
    const first = await start();
    const [alpha, bravo] = [node("alpha"), node("bravo")];
    await hears(alpha, "granted");
    await endedBy(first, "SIGKILL");
    const second = await start();
    const verdict = await hears(bravo, "refused");
    assert.ok(verdict.kind === "refused" && /started .* ago and grants nothing new/.test(verdict.why));
    // On a slow machine alpha's lease is over by now; then it waits like everybody.
    await hears(alpha, "granted");
    await hears(bravo, "held");
    for (const one of [alpha, bravo]) one.close();
    assert.equal(await endedBy(second, "SIGINT"), 0);
  });

  it("what cannot be listened to is said with the reason, and the exit code is not 0", async () => {
    const running = await start();
    const listen = (where: string) =>
      spawnSync(command, ["witness", "--listen", where, "--keys", keys, "--socket", `${socket}2`], {
        encoding: "utf8",
      });
    const taken = listen(`127.0.0.1:${port}`);
    assert.deepEqual([taken.status, /cannot listen at .*Address already in use/.test(taken.stderr)], [1, true]);
    for (const where of ["witness.example:7694", "127.0.0.1", "127.0.0.1:70000", "2001:db8::1:7694"]) {
      const { status: code, stderr } = listen(where);
      assert.deepEqual([code, stderr.includes(`--listen ${where}: want ADDRESS:PORT`)], [64, true]);
    }
    assert.equal(await endedBy(running, "SIGTERM"), 0);
  });
});

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { milliseconds } from "../../src/core/time.js";
import { guardianSettings } from "../../src/daemon/guardian-settings.js";
import { openNoticeSender } from "../../src/io/death-notice.js";
import { openLog } from "../../src/io/log.js";
import { startRunner } from "../../src/io/runner-process.js";
import { type RunningGuardian, runGuardian } from "../../src/main/guardian.js";
import { alive, type RunnerWorld, runnerWorld } from "./runner-world.js";
import { pause, until } from "./temporary.js";

const wardDouble = fileURLToPath(new URL("./ward-double.js", import.meta.url));
/** A node with deadtime 400 ms and keepalive 100 ms. */
const timing = { keepalive: milliseconds(100), deadtime: milliseconds(400) };

const nothing = { path: "", text: undefined };
/** A guardian whose configuration never changes. */
const noChanges = {
  texts: { haCf: nothing, authkeys: nothing, haresources: nothing },
  reread: () => Promise.resolve({ kind: "unchanged" as const }),
  prepare: () => assert.fail("nothing has changed"),
};

interface Watched {
  readonly guardian: RunningGuardian;
  /** When each address was withdrawn (performance.now). */
  readonly withdrawn: number[];
  readonly notices: { readonly at: number; readonly text: string }[];
  readonly ends: number[];
  readonly words: string[];
  readonly ready: () => boolean;
}

/** A guardian in this process around a real child, a real script runner and a real UDP medium on the loopback. */
async function watch(t: TestContext, world: RunnerWorld, ...words: string[]): Promise<Watched> {
  const peer = createSocket("udp4").bind(0, "127.0.0.1");
  await once(peer, "listening");
  t.after(() => peer.close());
  const seen: Omit<Watched, "guardian" | "ready"> = { withdrawn: [], notices: [], ends: [], words: [] };
  peer.on("message", (bytes) => seen.notices.push({ at: performance.now(), text: bytes.toString() }));
  let ready = false;
  const guardian = runGuardian({
    settings: { ...guardianSettings(timing), shortestPause: milliseconds(100) },
    daemon: { args: [wardDouble, world.file(""), ...words], environment: process.env },
    addresses: {
      remove: () => {
        seen.withdrawn.push(performance.now());
        return { ok: true };
      },
    },
    notice: openNoticeSender([{ kind: "ucast", device: "lo", address: "127.0.0.1", port: peer.address().port }]),
    runner: world.settings,
    startRunner,
    stopTimeout: milliseconds(2000),
    ...noChanges,
    log: openLog({ settings: world.settings.log, host: "alpha" }),
    onReady: () => {
      ready = true;
    },
    onStartFailed: (text) => seen.words.push(text),
    onEnd: (code) => seen.ends.push(code),
  });
  t.after(async () => {
    guardian.stop();
    await until(() => seen.ends.length > 0, 15_000, "the guardian's end").catch(() => {});
  });
  return { guardian, ...seen, ready: () => ready };
}

const births = (world: RunnerWorld): number[] =>
  [...world.read("trace").matchAll(/^born (\d+)$/gm)].map((match) => Number(match[1]));

describe("the guardian process", () => {
  it("sees a SIGKILL of the daemon within 20 ms: the address is withdrawn, the peers are told, the service is stopped, a new daemon starts", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\necho $1 >> $DIR/did");
    const watched = await watch(t, world, "scripts=svc");
    await until(watched.ready);
    const latencies: { withdrawn: number; told: number }[] = [];
    for (let death = 1; death <= 4; death += 1) {
      await until(() => births(world).length === death && watched.guardian.daemonPid === births(world).at(-1));
      await pause(200);
      const copies = watched.notices.length;
      const killedAt = performance.now();
      process.kill(watched.guardian.daemonPid ?? assert.fail(), "SIGKILL");
      await until(() => watched.withdrawn.length === death && watched.notices.length > copies);
      latencies.push({
        withdrawn: (watched.withdrawn[death - 1] ?? Number.NaN) - killedAt,
        told: (watched.notices[copies]?.at ?? Number.NaN) - killedAt,
      });
      await until(() => world.read("did") === "stop\n".repeat(death), 3000, "the stop script");
    }
    t.diagnostic(
      latencies
        .map((one) => `withdrawn ${one.withdrawn.toFixed(1)} ms, peer told ${one.told.toFixed(1)} ms`)
        .join("; "),
    );
    assert.ok(Math.min(...latencies.map((one) => one.withdrawn)) < 20);
    assert.ok(watched.notices.every((notice) => notice.text === "the daemon of alpha died"));
    assert.ok(watched.notices.length >= 16, "the notice is repeated");
    assert.match(world.log(), /CRIT: The heartbeat daemon died \([^)]*\); withdrawn: 10\.9\.8\.7; to stop: svc/);
  });

  it("kills a daemon that is stopped, or busy with itself, before deadtime is over", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world);
    await until(watched.ready);
    await pause(100);
    const pid = watched.guardian.daemonPid ?? assert.fail();
    const stoppedAt = performance.now();
    process.kill(pid, "SIGSTOP");
    await until(() => watched.withdrawn.length === 1);
    const after = (watched.withdrawn[0] ?? 0) - stoppedAt;
    t.diagnostic(`withdrawn ${after.toFixed(0)} ms after SIGSTOP (deadtime ${timing.deadtime} ms)`);
    // Its last tick was up to 20 ms before the stop.
    const { patience } = guardianSettings(timing);
    assert.ok(after > patience - 40 && after < timing.deadtime, `${after} ms, patience ${patience} ms`);
    await until(() => !alive(pid), 2000);
    await until(() => births(world).length === 2);
  });

  it("takes the addresses when the right to hold them ends, within milliseconds, and lets the daemon be", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world, "allowedFor=300");
    await until(watched.ready);
    const readyAt = performance.now();
    await until(() => watched.withdrawn.length === 1);
    const after = (watched.withdrawn[0] ?? 0) - readyAt;
    t.diagnostic(`withdrawn ${after.toFixed(1)} ms after the daemon was ready (its right lasted 300 ms)`);
    assert.ok(after > 200 && after < 400, `${after} ms`);
    await pause(200);
    assert.equal(births(world).length, 1);
    assert.match(world.log(), /WARN: The right to hold 10\.9\.8\.7 has ended/);
  });

  it("withdraws nothing while the daemon ticks", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world);
    await until(watched.ready);
    await pause(1500);
    assert.deepEqual([watched.withdrawn, births(world).length], [[], 1]);
  });

  it("keeps the last words of a daemon that dies of an exception", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world, "throwAfter=100");
    await until(() => watched.withdrawn.length > 0 && world.log().includes("a node that no longer trusts itself"));
    assert.match(world.log(), /ERROR: daemon: Error: a node that no longer trusts itself/);
  });

  it("passes stop and debug on, looks at the files at a reload, and ends with an orderly daemon; nobody is left", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world);
    await until(watched.ready);
    const pids = [watched.guardian.daemonPid, watched.guardian.runnerPid];
    watched.guardian.reload();
    watched.guardian.changeDebug(1);
    await until(() => world.read("trace").includes("debug 1"));
    watched.guardian.stop();
    watched.guardian.stop();
    await until(() => watched.ends.length === 1, 5000);
    assert.deepEqual(watched.ends, [0]);
    assert.deepEqual(world.read("trace").split("\n").slice(1, -1), ["debug 1", "stop"]);
    assert.match(world.log(), /Configuration unchanged\./);
    assert.match(world.log(), /Heartbeat shutdown already underway\./);
    assert.deepEqual(
      pids.map((pid) => alive(pid ?? 0)),
      [false, false],
    );
    assert.deepEqual(watched.withdrawn, []);
  });

  it("hands the reason and the code of a failed first start to whoever asked", async (t) => {
    const world = runnerWorld();
    const watched = await watch(t, world, "fail=6");
    await until(() => watched.ends.length === 1);
    assert.deepEqual([watched.ends, watched.words, births(world).length], [[6], ["eth9: no such interface"], 1]);
  });

  it("starts the script runner again when that is killed", async (t) => {
    const world = runnerWorld();
    world.script("svc", "#!/bin/sh\necho $1 >> $DIR/did");
    const watched = await watch(t, world, "scripts=svc");
    await until(watched.ready);
    const first = watched.guardian.runnerPid ?? assert.fail();
    process.kill(first, "SIGKILL");
    await until(() => watched.guardian.runnerPid !== first, 3000);
    await pause(300);
    process.kill(watched.guardian.daemonPid ?? assert.fail(), "SIGKILL");
    await until(() => world.read("did") === "stop\n", 5000, "the stop script");
  });
});

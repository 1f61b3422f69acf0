/** One master and one daemon per installation, whatever became of the pid file or of the guardian. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { describe, it } from "node:test";
import { alive } from "../io/runner-world.js";
import { until } from "../io/temporary.js";
import { installation } from "./installation.js";

describe("a lost pid file", () => {
  for (const [what, text] of [
    ["removed", undefined],
    ["overwritten with another program's number", "1\n"],
  ] as const)
    it(`that was ${what} hides nothing: -s finds the master, a second start is refused, -k stops it`, async (t) => {
      const host = installation(t);
      await host.run();
      const master = host.master();
      const { daemon } = host.children();
      if (text === undefined) rmSync(host.file("run/heartbeat.pid"));
      else host.write("run/heartbeat.pid", text);
      const status = await host.run("-s");
      assert.deepEqual([status.code, status.out.includes(`[pid ${master} et al]`)], [0, true], status.out);
      assert.equal((await host.run()).error, `info: heartbeat: already running [pid ${master}].\n`);
      assert.deepEqual(await host.run("-k"), { code: 0, out: "", error: "" });
      assert.deepEqual([master, daemon].map(alive), [false, false]);
    });
});

describe("a pid file with the number of a process that is no heartbeat (D2)", () => {
  it("makes nobody believe that it runs, and hinders no start", async (t) => {
    const host = installation(t);
    host.write("run/heartbeat.pid", `${process.pid}\n`);
    const status = await host.run("-s");
    assert.notEqual(status.code, 0);
    assert.doesNotMatch(status.out, /OK/);
    assert.equal((await host.run("-k")).code, 0);
    assert.ok(alive(process.pid));
    assert.equal((await host.run()).code, 0);
    assert.equal((await host.run("-s")).code, 0);
    assert.equal((await host.run("-k")).code, 0);
  });
});

describe("a daemon that lost its guardian", () => {
  it("is waited for by the next start: two daemons never beat side by side", async (t) => {
    const host = installation(t);
    await host.run();
    await until(() => host.read("did") === "start\n", 5000);
    const { daemon } = host.children();
    host.write("slow", "2");
    process.kill(host.master(), "SIGKILL");
    const again = await host.run();
    assert.equal(again.code, 0, again.error);
    assert.match(again.error, /a former heartbeat daemon without a guardian is still handing over/);
    assert.equal(alive(daemon), false, "the former daemon has ended");
    host.children();
    const log = host.log();
    assert.ok(log.indexOf("All HA resources relinquished") < log.lastIndexOf("Local status now set to: 'up'"), log);
    assert.equal((await host.run("-k")).code, 0);
  });
});

describe("signals that mean nothing", () => {
  it("neither end the master nor the daemon: ALRM, PIPE, and INT in the background", async (t) => {
    const host = installation(t);
    await host.run();
    const pids = [host.master(), host.children().daemon];
    for (const pid of pids) for (const signal of ["SIGALRM", "SIGPIPE", "SIGINT"] as const) process.kill(pid, signal);
    assert.equal((await host.run("-s")).code, 0);
    assert.deepEqual(pids.map(alive), [true, true]);
    assert.deepEqual([host.master(), host.children().daemon], pids);
    assert.equal((await host.run("-k")).code, 0);
  });
});

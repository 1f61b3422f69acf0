import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { hostname } from "node:os";
import { describe, it } from "node:test";
import { alive } from "../io/runner-world.js";
import { until } from "../io/temporary.js";
import { command, installation } from "./installation.js";

describe("the heartbeat command", () => {
  it("starts in the background, says what runs, starts only once, and stops after everything is handed over", async (t) => {
    const host = installation(t);
    assert.deepEqual(await host.run("-s"), { code: 3, out: "heartbeat is stopped. No process\n", error: "" });
    const before = performance.now();
    const started = await host.run();
    assert.equal(started.code, 0, started.error);
    t.diagnostic(`ready after ${Math.round(performance.now() - before)} ms`);
    const master = host.master();
    assert.equal(readFileSync(host.file("run/heartbeat.pid"), "latin1"), `${String(master).padStart(10)}\n`);
    const running = `heartbeat OK [pid ${master} et al] is running on ${hostname()} [${hostname()}]...\n`;
    assert.deepEqual(await host.run("-s"), { code: 0, out: running, error: "" });
    assert.deepEqual(await host.run(), {
      code: 0,
      out: "",
      error: `info: heartbeat: already running [pid ${master}].\n`,
    });
    const { daemon, runner } = host.children();
    await until(() => host.read("did") === "start\n", 5000, "the start of the service");
    assert.deepEqual(await host.run("-k"), { code: 0, out: "", error: "" });
    assert.equal(host.read("did"), "start\nstop\n");
    assert.deepEqual([master, daemon, runner].map(alive), [false, false, false]);
    assert.equal(existsSync(host.file("run/heartbeat.pid")), false, "the pid file is removed");
    assert.deepEqual(await host.run("-k"), { code: 0, out: "", error: "INFO: Heartbeat already stopped.\n" });
  });

  it("is started again by its guardian after a SIGKILL of the daemon; the service was stopped in between", async (t) => {
    const host = installation(t);
    await host.run();
    await until(() => host.read("did") === "start\n", 5000);
    const { daemon } = host.children();
    process.kill(daemon, "SIGKILL");
    await until(() => host.read("did") === "start\nstop\nstart\n", 10_000, "stop and start of the service");
    // The pipe's end and the exit are told in either order.
    assert.match(
      host.log(),
      /CRIT: The heartbeat daemon died \((killed by SIGKILL|its pipe was closed)\); .* to stop: svc/,
    );
    assert.match(host.log(), /(died|is gone) \(killed by SIGKILL\)/);
    assert.equal((await host.run("-k")).code, 0);
  });

  it("obeys a stop that is asked for while the daemon is being started again", async (t) => {
    const host = installation(t);
    await host.run();
    await until(() => host.read("did") === "start\n", 5000);
    process.kill(host.children().daemon, "SIGKILL");
    await until(() => /Restarting the heartbeat daemon/.test(host.log()), 10_000, "the next daemon");
    const master = host.master();
    process.kill(master, "SIGTERM");
    await until(() => !alive(master), 20_000, "the end of the guardian");
  });

  it("hands everything over when the guardian is killed: nobody stays unwatched", async (t) => {
    const host = installation(t);
    await host.run();
    await until(() => host.read("did") === "start\n", 5000);
    const { daemon, runner } = host.children();
    process.kill(host.master(), "SIGKILL");
    await until(() => ![daemon, runner].some(alive), 10_000, "the end of daemon and runner");
    assert.equal(host.read("did"), "start\nstop\n");
    assert.match(host.log(), /Emergency Shutdown: Master Control process died/);
    assert.equal((await host.run("-s")).code, 1, "the pid file is stale");
    assert.equal((await host.run()).code, 0, "a stale pid file does not hinder a start");
    assert.equal((await host.run("-k")).code, 0);
  });

  it("starts once although it is called twice at the same moment", async (t) => {
    const host = installation(t);
    const codes = (await Promise.all([host.run(), host.run(), host.run()])).map((one) => one.code);
    assert.deepEqual(codes, [0, 0, 0]);
    host.children();
    assert.equal(host.log().split("Local status now set to: 'up'").length - 1, 1);
    assert.equal((await host.run("-k")).code, 0);
  });

  it("says while it stops what it is waiting for", async (t) => {
    const host = installation(t);
    await host.run();
    await until(() => host.read("did") === "start\n", 5000);
    host.write("slow", "6");
    const stopped = await host.run("-k");
    assert.equal(stopped.code, 0);
    assert.match(
      stopped.error,
      /^INFO: waiting for heartbeat \(pid \d+\) since 5 s of at most \d+ s: .*svc is releasing\n$/,
    );
  });

  it("says in the end which group it could not stop, and that is no success", async (t) => {
    const host = installation(t, ["stop_attempts 2"]);
    host.write(
      "etc/ha.d/resource.d/svc",
      "#!/bin/sh\n[ $1 = stop ] && exit 1\n[ $1 = status ] && echo running\nexit 0\n",
      0o755,
    );
    await host.run();
    await until(() => host.log().includes("Initial resource acquisition complete"), 10_000);
    const stopped = await host.run("-k");
    assert.equal(stopped.code, 1);
    assert.match(
      stopped.error,
      /^CRIT: heartbeat ended without svc: svc could not be stopped and may still be running here\n$/,
    );
    assert.match(host.log(), /CRIT: Not relinquished, may still be running here: svc/);
  });

  it("refuses a card that is not there with its line, before anything runs (D4)", async (t) => {
    const host = installation(t);
    const good = host.read("etc/ha.d/ha.cf");
    host.write("etc/ha.d/ha.cf", good.replace("ucast lo ", "ucast nope0 "));
    const refused = await host.run();
    assert.equal(refused.code, 6);
    assert.match(refused.error, /ha\.cf:\d+:7: error: .*nope0/);
    assert.deepEqual([existsSync(host.file("run/heartbeat.pid")), host.read("did")], [false, ""]);
  });

  it("refuses a broken configuration with file and line, and leaves a running one alone", async (t) => {
    const host = installation(t);
    const good = host.read("etc/ha.d/ha.cf");
    host.write("etc/ha.d/ha.cf", good.replace("deadtime 600ms", "deadtime soon"));
    const refused = await host.run();
    assert.equal(refused.code, 6);
    assert.match(refused.error, /ha\.cf:5:\d+: error: /);
    host.write("etc/ha.d/ha.cf", good);
    await host.run();
    const master = host.master();
    host.write("etc/ha.d/ha.cf", `${good}nonsense\n`);
    const reloaded = await host.run("-r");
    assert.equal(reloaded.code, 1);
    assert.match(reloaded.error, new RegExp(`info: Config errors: Heartbeat pid ${master} NOT restarted\n$`));
    assert.ok(alive(master));
    host.write("etc/ha.d/ha.cf", good);
    assert.match(
      (await host.run("-r")).error,
      new RegExp(`info: Signalling heartbeat pid ${master} to reread config files\n$`),
    );
    assert.equal((await host.run("-k")).code, 0);
  });

  it("tells the one who typed it when the start fails behind the fork", async (t) => {
    const host = installation(t);
    host.write("var/lib/heartbeat", "a file where a directory should be");
    const failed = await host.run();
    assert.equal(failed.code, 1);
    assert.match(failed.error, /heartbeat: the start failed: .*(ENOTDIR|EEXIST)/);
    assert.equal(existsSync(host.file("run/heartbeat.pid")), false);
  });

  it("knows the original's options and exit codes", async (t) => {
    const host = installation(t);
    assert.match((await host.run("-V")).out, /^\d+\.\d+\.\d+ \(compatible with heartbeat 3\.0\.6\)\n$/);
    assert.match((await host.run("-DW")).out, /^##Put this output in the ha\.cf\/DefaultValues page\n/);
    for (const words of [["-x"], ["-h"], ["-C", "all"], ["-rR"], ["statsu"]]) {
      const ran = await host.run(...words);
      assert.deepEqual([ran.code, /Usage: heartbeat \[-dDkMrRsvWlVf\]/.test(ran.error)], [2, true], words.join(" "));
    }
    assert.deepEqual(await host.run("-R"), { code: 6, out: "", error: "ERROR: heartbeat is not running.\n" });
    assert.equal((await host.run("status")).code, 3);
  });

  it("is found through symbolic links", async (t) => {
    const host = installation(t);
    symlinkSync(command, host.file("first"));
    symlinkSync(host.file("first"), host.file("second"));
    const { execFileSync } = await import("node:child_process");
    assert.match(execFileSync(host.file("second"), ["-V"], { encoding: "utf8" }), /compatible with heartbeat/);
  });
});

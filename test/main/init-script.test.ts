/** The table of calls (not running, running) and the init script, whose words operators and their tools know by heart. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../io/temporary.js";
import { type Installation, installation } from "./installation.js";

const share = fileURLToPath(new URL("../../../share", import.meta.url));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const initScript = (at: Installation, ...words: string[]): Promise<Ran> =>
  new Promise((settle) => {
    const env = { ...process.env, HEARTBEAT_ROOT: at.root };
    execFile(join(share, "init.d/heartbeat"), words, { env, timeout: 60_000 }, (failure, out, error) =>
      settle({ code: failure === null ? 0 : Number(failure.code), out, error }),
    );
  });

describe("the calls of the original's table", () => {
  it("answer as the table says while heartbeat does not run and while it runs; the pid file is gone after the stop", async (t) => {
    const at = installation(t);
    const host = hostname();
    assert.deepEqual(await at.run("-s"), { code: 3, out: "heartbeat is stopped. No process\n", error: "" });
    assert.deepEqual(await at.run("-k"), { code: 0, out: "", error: "INFO: Heartbeat already stopped.\n" });
    assert.deepEqual(await at.run("-R"), { code: 6, out: "", error: "ERROR: heartbeat is not running.\n" });
    for (const wrong of [["-x"], ["-h"], ["-C", "local"], ["-r", "-R"]]) {
      const { code, error } = await at.run(...wrong);
      assert.equal(code, 2, wrong.join(" "));
      assert.match(error, /Usage: heartbeat \[-dDkMrRsvWlVf\] \[-C Current-resource-state\]/);
    }
    assert.match((await at.run("-V")).out, /3\.0\.6/);
    // -r where nothing runs is a start.
    assert.equal((await at.run("-r")).code, 0);
    const pid = at.master();
    const running = { code: 0, out: `heartbeat OK [pid ${pid} et al] is running on ${host} [${host}]...\n`, error: "" };
    assert.deepEqual(await at.run("-s"), running);
    assert.match((await at.run()).error, new RegExp(`info: heartbeat: already running \\[pid ${pid}\\]`));
    const reloaded = await at.run("-r");
    assert.equal(reloaded.code, 0);
    assert.match(reloaded.error, new RegExp(`info: Signalling heartbeat pid ${pid} to reread config files`));
    await until(() => /Configuration unchanged\./.test(at.log()));
    assert.equal((await at.run("-R", "-C", "local")).code, 0);
    assert.equal(at.master(), pid);
    const stopped = await at.run("-k");
    assert.deepEqual([stopped.code, stopped.out], [0, ""]);
    assert.equal(existsSync(at.file("run/heartbeat.pid")), false);
    assert.equal((await at.run("-s")).code, 3);
  });
});

describe("the init script", () => {
  it("starts, tells the status, reloads and stops in the original's words and with its exit codes", async (t) => {
    const at = installation(t);
    assert.equal((await initScript(at, "status")).code, 3);
    const started = await initScript(at, "start");
    assert.deepEqual([started.code, started.out], [0, "Starting High-Availability services: Done.\n\n"]);
    const pid = at.master();
    assert.match((await initScript(at, "status")).out, new RegExp(`^heartbeat OK \\[pid ${pid} et al\\] is running`));
    for (const verb of ["reload", "force-reload"]) {
      const { code, out } = await initScript(at, verb);
      assert.deepEqual([code, out], [0, "Reloading High-Availability services: Done.\n\n"]);
    }
    const standby = await initScript(at, "standby");
    assert.match(standby.out, /^auto_failback: on\nAttempting to enter standby mode/);
    const stopped = await initScript(at, "stop");
    assert.deepEqual([stopped.code, stopped.out], [0, "Stopping High-Availability services: Done.\n\n"]);
    assert.equal((await initScript(at, "status")).code, 3);
  });

  it("says the exit code of a start that fails, and how it is used", async (t) => {
    const at = installation(t);
    at.write("etc/ha.d/ha.cf", "badword\n");
    const failed = await initScript(at, "start");
    assert.deepEqual(
      [failed.code, failed.out],
      [6, "Starting High-Availability services: Heartbeat failure [rc=6]. Failed.\n\n"],
    );
    for (const verb of ["takeover", "nonsense", ""]) {
      const { code, out } = await initScript(at, verb);
      assert.equal(code, 1);
      assert.match(out, /^Usage: .*heartbeat \{start\|stop\|status\|restart\|reload\|force-reload\}\n$/);
    }
  });
});

describe("the systemd unit", () => {
  const unit = readFileSync(join(share, "systemd/heartbeat.service"), "utf8");
  const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

  it("is one that systemd understands", { skip: hasSystemd ? false : "no systemd-analyze here" }, () => {
    const file = join(mkdtempSync(join(tmpdir(), "hb-unit-")), "heartbeat.service");
    writeFileSync(file, unit.replaceAll("/usr/sbin/heartbeat", "/bin/true"));
    const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    const about = stderr.split("\n").filter((line) => line.includes("heartbeat.service"));
    assert.deepEqual([status, about], [0, []]);
  });

  it("never lets systemd end resources, and allows real-time priority and locked memory", () => {
    for (const line of [
      "KillMode=process",
      "SendSIGKILL=no",
      "LimitRTPRIO=99",
      "LimitMEMLOCK=infinity",
      "Type=forking",
    ])
      assert.ok(unit.split("\n").includes(line), line);
  });
});

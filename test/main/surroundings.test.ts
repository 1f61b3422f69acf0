/** The command in the surroundings that a tired operator leaves it in: umask, working directory, closed standard streams, full disks. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { describe, it } from "node:test";
import { command, installation } from "./installation.js";

/** Runs a shell line that starts heartbeat beneath a root. @returns its exit code. */
function shell(root: string, line: string): Promise<number | null> {
  const env = { ...process.env, HEARTBEAT_ROOT: root, HA_DIR: undefined };
  const child = spawn("sh", ["-c", line, command], { env, stdio: "ignore", timeout: 60_000 });
  return new Promise((done) => child.once("close", done));
}

describe("heartbeat started from anywhere", () => {
  it("under umask 077 stays readable for the others: log, pid file, and the way to the control socket", async (t) => {
    const host = installation(t);
    mkdirSync(host.file("run/heartbeat"), { recursive: true });
    chmodSync(host.file("run/heartbeat"), 0o700);
    assert.equal(await shell(host.root, 'umask 077; "$0"'), 0);
    host.children();
    const mode = (name: string): string => (statSync(host.file(name)).mode & 0o777).toString(8);
    const names = ["run/heartbeat.pid", "var/log/ha-log", "run/heartbeat", "run/heartbeat/control"];
    assert.deepEqual(names.map(mode), ["644", "644", "755", "666"]);
    assert.equal((await host.run("-k")).code, 0);
  });

  it("with closed standard streams, from a directory that is removed meanwhile, starts and runs on", async (t) => {
    const host = installation(t);
    const there = host.file("gone");
    mkdirSync(there);
    assert.equal(await shell(host.root, `cd ${there} && rmdir ${there} && "$0" <&- >&- 2>&-`), 0);
    host.children();
    assert.equal((await host.run("-s")).code, 0);
    assert.equal((await host.run("-k")).code, 0);
  });
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { alive } from "../io/runner-world.js";
import { temporaryDirectory, until } from "../io/temporary.js";

/** The command as it is installed. */
export const command = fileURLToPath(new URL("../../../bin/heartbeat", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A whole installation in a directory: configuration, scripts, pid file and logs, on a loopback without a peer. */
export interface Installation {
  readonly root: string;
  file(name: string): string;
  read(name: string): string;
  write(name: string, text: string, mode?: number): void;
  /** Runs `heartbeat <words>`. */
  run(...words: string[]): Promise<Ran>;
  /** Number in the pid file. */
  master(): number;
  /** Children of the master: found by parentage, never by name. */
  children(): { readonly daemon: number; readonly runner: number };
  readonly log: () => string;
}

let lastPort = 20_000 + (process.pid % 1000) * 10;

export function installation(t: TestContext, haCf: readonly string[] = []): Installation {
  const root = temporaryDirectory();
  const file = (name: string): string => join(root, name);
  const read = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  const write = (name: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
    chmodSync(file(name), mode);
  };
  const timing = ["keepalive 100ms", "warntime 300ms", "deadtime 600ms", "initdead 1200ms", `udpport ${++lastPort}`];
  const nodes = ["ucast lo 127.0.0.2", "auto_failback on", `node ${hostname()}`, "node other"];
  write(
    "etc/ha.d/ha.cf",
    ["logfile /var/log/ha-log", "debugfile /var/log/ha-debug", ...timing, ...nodes, ...haCf, ""].join("\n"),
  );
  write("etc/ha.d/authkeys", "auth 1\n1 sha1 a-long-secret-for-this-test-only\n", 0o600);
  write("etc/ha.d/haresources", `${hostname()} svc\n`);
  write("etc/ha.d/resource.d/svc", serviceScript, 0o755);
  mkdirSync(file("var/log"), { recursive: true });
  const started = new Set<number>();
  const master = (): number => {
    const pid = Number(read("run/heartbeat.pid"));
    assert.ok(pid > 1, "no pid file");
    started.add(pid);
    return pid;
  };
  t.after(() => endAll(started));
  return {
    root,
    file,
    read,
    write,
    master,
    log: () => read("var/log/ha-log"),
    run: (...words) => runCommand(root, words),
    children() {
      const pids = childrenOf(master());
      for (const pid of pids) started.add(pid);
      const titled = (title: string): number =>
        pids.find((pid) => titleOf(pid).startsWith(title)) ?? assert.fail(title);
      return { daemon: titled("heartbeat: daemon"), runner: titled("heartbeat: script runner") };
    },
  };
}

/** Writes what it did into `did` and keeps its state in a file, both beneath the root. */
const serviceScript = `#!/bin/sh
state=$HEARTBEAT_ROOT/running
[ "$1" = status ] || echo "$1" >> $HEARTBEAT_ROOT/did
case $1 in
start) touch $state;;
stop) [ ! -f $HEARTBEAT_ROOT/slow ] || sleep $(cat $HEARTBEAT_ROOT/slow); rm -f $state;;
status) [ -f $state ] && echo running || echo stopped;;
esac
`;

function runCommand(root: string, words: readonly string[]): Promise<Ran> {
  const child = spawn(command, words, {
    env: { ...process.env, HEARTBEAT_ROOT: root, HA_DIR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  const heard = { out: "", error: "" };
  child.stdout.on("data", (piece: Buffer) => (heard.out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (heard.error += piece.toString()));
  return new Promise((done) => child.once("close", (code) => done({ code, ...heard })));
}

const childrenOf = (pid: number): readonly number[] =>
  readText(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(" ")
    .filter((word) => word !== "")
    .map(Number);
const titleOf = (pid: number): string => readText(`/proc/${pid}/cmdline`);

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Ends what this installation started, by number. */
async function endAll(pids: ReadonlySet<number>): Promise<void> {
  for (const pid of pids) if (alive(pid) && titleOf(pid).startsWith("heartbeat: ")) process.kill(pid, "SIGKILL");
  await until(() => [...pids].every((pid) => !alive(pid)), 3000).catch(() => {});
}

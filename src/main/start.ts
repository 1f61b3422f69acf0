import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { hostname } from "node:os";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Config } from "../config/config.js";
import { describeConfig } from "../config/describe.js";
import { formatProblem, type Problem } from "../config/problem.js";
import { heartbeatOwner } from "../io/accounts.js";
import { readObjects } from "../io/json-lines.js";
import { type OpenLog, openLog } from "../io/log.js";
import { logdSocket, reachesLogd } from "../io/logd.js";
import type { Paths } from "../io/paths.js";
import { findMaster } from "../io/pid-file.js";
import { realtimeOptions } from "../io/realtime.js";
import { type GuardOptions, guard } from "./guard.js";
import { loadConfig, logSettings, version } from "./load.js";
import { isLocked, unlockedWithin } from "./lock.js";
import type { Options } from "./options.js";

/** The original's exit codes. */
export const startCodes = { fine: 0, failed: 1, usage: 2, notRoot: 4, configuration: 6 } as const;

/** How a start in the background went, as its process tells the command. */
export type StartNews =
  | { readonly kind: "ready" }
  | { readonly kind: "failed" | "already-running"; readonly text: string };

/** The whole start gets this many milliseconds. */
const startLimit = 40_000;
/** A daemon whose guardian was killed hands everything over; a new start waits so many milliseconds for it. */
const formerLimit = 60_000;
const guardianEntry = fileURLToPath(new URL("./guardian-main.js", import.meta.url));

/**
 * `heartbeat`: checks the files, then starts. Unlike the original's, this command returns 0 only when the daemon has accepted
 * its configuration and opened its media; what goes wrong before is on the terminal and in the exit code.
 * @returns the exit code; in the foreground it settles only when the start fails (else the process ends itself).
 */
export async function start(options: Options, paths: Paths): Promise<number> {
  if (paths.root === "" && process.getuid?.() !== 0) {
    process.stderr.write("heartbeat: must be started by root\n");
    return startCodes.notRoot;
  }
  if (findMaster(paths).kind === "running") return alreadyRunning(paths);
  // Whatever the caller hides from others, they must be able to read the log and the pid file and to reach the control socket.
  process.umask(0o022);
  const loaded = await loadConfig(paths);
  const { config, problems } = loaded;
  showProblems(problems);
  if (config === undefined) {
    process.stderr.write("heartbeat: Configuration error, heartbeat not started.\n");
    return startCodes.configuration;
  }
  if (!(await formerDaemonEnded(paths))) return startCodes.failed;
  if (options.verbose) process.stdout.write(describeConfig(config, hostname()));
  announce(config, paths);
  return options.foreground
    ? startHere({ config, files: loaded.files }, options, paths)
    : startBehind(options, paths, config);
}

/**
 * A daemon that lost its guardian goes on until everything is handed over. A second one beside it would beat under the same name
 * with another generation, and find the resources of the first one running.
 */
async function formerDaemonEnded({ daemonLock }: Paths): Promise<boolean> {
  if (!isLocked(daemonLock)) return true;
  process.stderr.write(
    "INFO: a former heartbeat daemon without a guardian is still handing over; waiting for its end\n",
  );
  if (await unlockedWithin(daemonLock, formerLimit)) return true;
  process.stderr.write(
    `heartbeat: a former daemon still runs after ${formerLimit / 1000} s (its pid is in ${daemonLock})\n`,
  );
  return false;
}

/** All problems, each with file, line and a way out. */
export function showProblems(problems: readonly Problem[]): void {
  for (const problem of problems) process.stderr.write(`${formatProblem(problem)}\n`);
}

function alreadyRunning(paths: Paths): number {
  const known = findMaster(paths);
  const who = known.kind === "running" ? ` [pid ${known.pid}]` : "";
  process.stderr.write(`info: heartbeat: already running${who}.\n`);
  return startCodes.fine;
}

/** The log of this configuration, for a command that ends soon. */
export const logOf = (config: Config, paths: Paths): OpenLog =>
  openLog({ settings: logSettings(config.logging, paths), host: hostname(), owner: heartbeatOwner() });

/** The original's words before it goes into the background. */
function announce(config: Config, paths: Paths): void {
  const log = logOf(config, paths);
  const say = (text: string): void => log.line({ level: "info", program: "heartbeat", text });
  say("Pacemaker support: false");
  sayLogd(config, paths, log);
  say("**************************");
  say(`Configuration validated. Starting heartbeat ${version}`);
}

/** The original's words on the logging daemon. */
function sayLogd({ logging: { logd } }: Config, paths: Paths, log: OpenLog): void {
  const warn = (text: string): void => log.line({ level: "WARN", program: "heartbeat", text });
  if (!logd.use) warn("Logging daemon is disabled --enabling logging daemon is recommended");
  else if (!reachesLogd(paths.place(logdSocket)))
    warn("Initializing connection to logging daemon failed. Logging daemon may not be running");
}

function startHere(loaded: Pick<GuardOptions, "config" | "files">, options: Options, paths: Paths): Promise<number> {
  const started = guard({
    ...loaded,
    paths,
    foreground: true,
    unlocked: options.unlocked,
    report: { onReady: () => {}, onStartFailed: (text) => void process.stderr.write(`heartbeat: ${text}\n`) },
  });
  return started ? new Promise(() => {}) : Promise.resolve(alreadyRunning(paths));
}

/** Starts the master control process in a session of its own and waits for its word. */
function startBehind(options: Options, paths: Paths, config: Config): Promise<number> {
  const child = spawn(process.execPath, [...realtimeOptions, guardianEntry, ...(options.unlocked ? ["-l"] : [])], {
    cwd: "/",
    detached: true,
    // Nothing of the caller's stays open: `ssh host heartbeat` must return. What Node itself says when it dies goes to ha-debug.
    stdio: ["ignore", "ignore", lastWordsFile(config, paths), "pipe"],
  });
  const pipe = child.stdio[3] as Readable;
  return new Promise((done) => {
    const finish = (code: number, text: string): void => {
      clearTimeout(limit);
      if (text !== "") process.stderr.write(`${text}\n`);
      pipe.destroy();
      child.unref();
      done(code);
    };
    const limit = setTimeout(() => {
      finish(startCodes.failed, `heartbeat: not ready after ${startLimit / 1000} s; see the log (pid ${child.pid})`);
    }, startLimit);
    let failure = "";
    readObjects(pipe, 64 * 1024, (news) => {
      const { kind, text } = news as unknown as StartNews & { readonly text?: string };
      if (kind === "ready") finish(startCodes.fine, "");
      if (kind === "already-running") finish(alreadyRunning(paths), "");
      if (kind === "failed") failure = text ?? "";
    });
    child.once("error", (error) => finish(startCodes.failed, `heartbeat: cannot be started: ${error.message}`));
    child.once("exit", (code) =>
      finish(code || startCodes.failed, `heartbeat: the start failed: ${failure || `exit code ${code}; see the log`}`),
    );
  });
}

function lastWordsFile(config: Config, paths: Paths): number | "ignore" {
  const { debugfile, logfile } = logSettings(config.logging, paths);
  const path = debugfile ?? logfile;
  try {
    return path === undefined ? "ignore" : openSync(path, "a", 0o644);
  } catch {
    return "ignore";
  }
}

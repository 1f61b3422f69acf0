import { rmSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { Config, Respawn } from "../config/config.js";
import { guardianSettings } from "../daemon/guardian-settings.js";
import { findUser, heartbeatOwner } from "../io/accounts.js";
import { openAddresses } from "../io/addresses.js";
import { allowCoreDumps, workWhereCoresLand } from "../io/core-dumps.js";
import { removeDeadManRules } from "../io/dead-man-filter.js";
import { openNoticeSender } from "../io/death-notice.js";
import type { ConfigurationTexts } from "../io/guardian-protocol.js";
import { type LogSettings, type OpenLog, openLog } from "../io/log.js";
import type { Paths } from "../io/paths.js";
import { masterTitle, removePidFile, writePidFile } from "../io/pid-file.js";
import { becomeRealtime, lockMemory, setProcessTitle } from "../io/realtime.js";
import { rebootCommand } from "../io/reboot.js";
import { startRunner } from "../io/runner-process.js";
import type { ClientSettings, RunnerSettings } from "../io/runner-protocol.js";
import { scriptEnvironment } from "../io/script-environment.js";
import { switchedLog } from "../io/switched-log.js";
import { openWatchdog, type Watchdog } from "../io/watchdog.js";
import { deadManName } from "./dead-man.js";
import { fencingDevices } from "./fencing-devices.js";
import { type RunningGuardian, runGuardian, type Way } from "./guardian.js";
import { logSettings, version } from "./load.js";
import { lockForLife } from "./lock.js";
import { reread } from "./reread.js";

/** What the start is to be told about its success. */
export interface StartReport {
  onReady(): void;
  onStartFailed(text: string): void;
}

export interface GuardOptions {
  readonly config: Config;
  /** The files that it was read from. */
  readonly files: ConfigurationTexts;
  readonly paths: Paths;
  /** Stays on the terminal: lines are repeated there, Ctrl-C stops. */
  readonly foreground: boolean;
  readonly unlocked: boolean;
  readonly report: StartReport;
}

/** Milliseconds for the last log lines. */
const flushLimit = 2000;
const daemonEntry = fileURLToPath(new URL("./daemon-main.js", import.meta.url));

/**
 * Makes this process the master control process: lock, pid file, runner, daemon. It returns at once and ends the process when
 * everything is over.
 * @returns false when another master control process holds the lock; nothing was started then.
 */
export function guard(options: GuardOptions): boolean {
  const { config, paths, report } = options;
  if (!lockForLife(paths.masterLock)) return false;
  setProcessTitle(masterTitle);
  const settings = logSettings(config.logging, paths);
  const openOwn = (files: LogSettings): OpenLog =>
    openLog({ settings: files, host: hostname(), owner: heartbeatOwner(), stderr: options.foreground });
  const log = switchedLog(openOwn(settings));
  log.line({ level: "info", program: "heartbeat", text: `heartbeat: version ${version}` });
  arrangeCores(config, paths, log);
  writePidFile(paths.pidFile, process.pid);
  const dogs = keptWatchdog(paths, log);
  const guardian = runGuardian({
    ...wayOf(config, paths, log),
    watchdog: dogs.of(config),
    daemon: { args: [daemonEntry, ...(options.unlocked ? ["-l"] : [])], environment: daemonEnvironment() },
    addresses: openAddresses(),
    startRunner,
    log,
    texts: options.files,
    reread: (accepted) => reread(paths, accepted),
    prepare: (changed) => ({
      ...wayOf(changed, paths, log),
      watchdog: dogs.of(changed),
      onForce: () => log.switchTo(openOwn(logSettings(changed.logging, paths))),
    }),
    onReady: report.onReady,
    onStartFailed: report.onStartFailed,
    onEnd: (code) => void end(code, paths, log),
  });
  takePriority(config, options.unlocked);
  obeySignals(guardian, options.foreground);
  return true;
}

/**
 * Each log file keeps one thread of Node's pool when its disk hangs; what waits for a lock of the kernel needs another one (a guess at the
 * number of files would be four, which is Node's number of threads).
 */
const daemonEnvironment = (): NodeJS.ProcessEnv => ({ UV_THREADPOOL_SIZE: "8", ...process.env });

/** A device can be opened once only: the same path means the same open device, also after a reload. */
function keptWatchdog(paths: Paths, log: OpenLog): { of(config: Config): Watchdog | undefined } {
  const open = new Map<string, Watchdog>();
  return {
    of({ watchdog: path }) {
      const known = path === undefined ? undefined : open.get(path);
      if (path === undefined || known !== undefined) return known;
      const opened = openWatchdog(paths.place(path));
      if (opened.ok) open.set(path, opened.watchdog);
      else {
        const text = `Cannot open watchdog device: ${path} (${opened.why}); heartbeat runs without it`;
        log.line({ level: "ERROR", program: "heartbeat", text });
      }
      return opened.ok ? opened.watchdog : undefined;
    },
  };
}

/** What follows from the configuration for the guardian. */
const wayOf = (config: Config, paths: Paths, log: OpenLog): Way => ({
  settings: guardianSettings(config.settings.timing),
  notice: openNoticeSender(config.media),
  runner: runnerSettingsOf(config, paths, log),
  stopTimeout: config.settings.timing.stopTimeout,
});

async function end(code: number, paths: Paths, log: OpenLog): Promise<void> {
  removePidFile(paths.pidFile, process.pid);
  // A runner that had to be killed left it, and a tool that writes into it would wait for ever.
  rmSync(paths.fifo, { force: true });
  // As a rule the daemon has done so; one that was killed has not, and left without rules is how a clean stop leaves.
  removeDeadManRules(deadManName(paths.root));
  await log.flush(flushLimit);
  process.exit(code);
}

/** Daemon, runner and clients inherit the limit. */
function arrangeCores({ coredumps }: Config, paths: Paths, log: OpenLog): void {
  const refused = allowCoreDumps(coredumps.allowed);
  if (refused !== undefined) log.line({ level: "WARN", program: "heartbeat", text: `core dumps: ${refused}` });
  workWhereCoresLand(paths.place(coredumps.root));
}

/** As the daemon does, and without words: the daemon says what could not be had. */
function takePriority(config: Config, unlocked: boolean): void {
  if (config.realtimePriority === undefined) return;
  becomeRealtime(config.realtimePriority);
  if (!unlocked) lockMemory();
}

/** The signals of the original's master (operations.md 2). */
function obeySignals(guardian: RunningGuardian, foreground: boolean): void {
  process.on("SIGTERM", () => guardian.stop());
  process.on("SIGINT", () => foreground && guardian.stop());
  process.on("SIGHUP", () => guardian.reload());
  process.on("SIGUSR1", () => guardian.changeDebug(1));
  process.on("SIGUSR2", () => guardian.changeDebug(-1));
  // The original's master logged an unexpected SIGALRM and lived on.
  for (const harmless of ["SIGPIPE", "SIGALRM"] as const) process.on(harmless, () => {});
}

function runnerSettingsOf(config: Config, paths: Paths, log: OpenLog): RunnerSettings {
  const { settings, logging } = config;
  const files = logSettings(logging, paths);
  return {
    places: paths,
    monitors: Object.fromEntries(config.monitors),
    environment: scriptEnvironment({
      parameters: config.parameters,
      paths,
      node: settings.self,
      niceFailback: settings.autoFailback !== "legacy",
      logfile: files.logfile,
      debugfile: files.debugfile,
      facility: logging.facility,
      debugLevel: logging.debugLevel,
      logd: logging.logd.use,
    }),
    coresDir: paths.place(config.coredumps.root),
    socket: paths.runnerSocket,
    ledger: paths.childLedger,
    host: hostname(),
    log: files,
    clients: config.respawn.flatMap((entry) => clientOf(entry, log)),
    reboot: rebootCommand(process.env),
    hooks: { rcDir: paths.rcDir, harc: paths.harc, fifo: paths.fifo },
    fencing: fencingDevices(config.stonith),
  };
}

/** A `respawn` line with its user looked up; ipfail is built into the daemon, an unknown user is said. */
function clientOf(entry: Respawn, log: OpenLog): readonly ClientSettings[] {
  const say = (level: string, text: string): void => log.line({ level, program: "heartbeat", text });
  if (entry.builtIn !== undefined) {
    say("info", `${entry.command} is not started: ipfail is built in`);
    return [];
  }
  const user = findUser(entry.user);
  if (user !== undefined) return [{ ...entry, uid: user.uid, gid: user.gid }];
  say("ERROR", `Client ${entry.command} is not started: there is no user ${entry.user}`);
  return [];
}

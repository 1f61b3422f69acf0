import type { Log } from "../ports/log.js";
import { type LogFile, logFile } from "./log-file.js";
import { facilityNumber, type LogEntry, type LogForms, type LogOrigin, logForms } from "./log-lines.js";
import { type Logd, logdSocket, openLogd } from "./logd.js";
import { openSyslog, type Syslog } from "./syslog.js";

/** Where lines go; the members mean what `Logging` of the configuration means, with paths already in their place. */
export interface LogSettings {
  readonly logfile: string | undefined;
  readonly debugfile: string | undefined;
  readonly facility: string | undefined;
  readonly debugLevel: number;
  readonly syslogFormat: boolean;
  readonly journal: string | undefined;
  /** ha_logd; while it is reached, lines go there and nowhere else. The journal stays where it is. */
  readonly logd?: LogdSettings;
}

export interface LogdSettings {
  readonly use: boolean;
  /** Milliseconds between two attempts to reach it. */
  readonly connectTime: number;
  /** For other places than the usual one. */
  readonly socket?: string;
}

export interface LogOptions {
  readonly settings: LogSettings;
  /** Host name, as `uname -n` has it. */
  readonly host: string;
  readonly pid?: number;
  /** Owner of files that are made. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Repeat every line on stderr: during the start, in the foreground, in tools. */
  readonly stderr?: boolean;
  /** For tests. */
  readonly syslogSocket?: string;
}

/** The log of one process. Several processes may append to the same files. */
export interface OpenLog extends Omit<Log, "line"> {
  line(entry: LogEntry): void;
  /** SIGUSR1 and SIGUSR2 change it; `debug` lines are dropped at 0. */
  debugLevel: number;
  /** Stops repeating on stderr: the start is over. */
  quiet(): void;
  /** Lines that found no place since the start, and the newest reason. */
  readonly losses: { readonly lines: number; readonly why: string | undefined };
  /** Writes what is queued, for at most `limit` milliseconds. */
  flush(limit: number): Promise<void>;
}

/** @returns the log. Everything it is told is queued and written by and by; a hung disk loses lines, not time. */
export function openLog(options: LogOptions): OpenLog {
  const { settings } = options;
  const origin: LogOrigin = {
    host: options.host,
    pid: options.pid ?? process.pid,
    syslogFormat: settings.syslogFormat,
  };
  const forms = logForms(origin);
  const targets = openTargets(options, forms, origin);
  let loud = options.stderr ?? false;
  let debugLevel = settings.debugLevel;
  return {
    line(entry) {
      if (entry.level === "debug" && debugLevel === 0) return;
      const at = new Date();
      if (!targets.logd?.send(entry, at)) {
        if (entry.level !== "debug") targets.logfile?.push(forms.logfile(entry, at));
        targets.debugfile?.push(forms.debugfile(entry, at));
        targets.syslog?.(entry, at);
      }
      if (loud) process.stderr.write(forms.logfile(entry, at));
    },
    record: (what, detail) => targets.journal?.push(journalLine(origin.host, what, detail)),
    get debugLevel() {
      return debugLevel;
    },
    set debugLevel(level: number) {
      debugLevel = Math.max(0, level);
    },
    quiet() {
      loud = false;
    },
    get losses() {
      const files = [targets.logfile, targets.debugfile, targets.journal].filter((file) => file !== undefined);
      return {
        lines: files.reduce((sum, file) => sum + file.lost, targets.syslogLost()),
        why: files.find((file) => file.lastError !== undefined)?.lastError,
      };
    },
    flush: (limit) => flushed([targets.logfile, targets.debugfile, targets.journal], limit),
  };
}

/** @returns one JSON line: wall time, node, process, what happened, its detail. */
export const journalLine = (node: string, what: string, detail: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ time: new Date().toISOString(), node, pid: process.pid, what, detail })}\n`;

interface Targets {
  readonly logfile: LogFile | undefined;
  readonly debugfile: LogFile | undefined;
  readonly journal: LogFile | undefined;
  readonly syslog: ((entry: LogEntry, at: Date) => void) | undefined;
  readonly syslogLost: () => number;
  readonly logd: Logd | undefined;
}

function openTargets(options: LogOptions, forms: LogForms, origin: LogOrigin): Targets {
  const { settings } = options;
  const confess = (count: number): LogEntry => ({
    level: "WARN",
    program: "heartbeat",
    text: `${count} log line(s) lost: they could not be written in time`,
  });
  const file = (path: string | undefined, confession: (count: number) => string): LogFile | undefined =>
    path === undefined ? undefined : logFile({ path, owner: options.owner, confession });
  const facility = settings.facility === undefined ? undefined : facilityNumber(settings.facility);
  const syslog: Syslog | undefined = facility === undefined ? undefined : openSyslog(options.syslogSocket);
  const logfile = file(settings.logfile, (count) => forms.logfile(confess(count), new Date()));
  const lost: LogEntry = {
    level: "WARN",
    program: "heartbeat",
    text: "The logging daemon is gone; until it is back, its lines go here",
  };
  const logd = settings.logd?.use
    ? logdOf(settings.logd, origin.pid, () => logfile?.push(forms.logfile(lost, new Date())))
    : undefined;
  return {
    logfile,
    debugfile: file(settings.debugfile, (count) => forms.debugfile(confess(count), new Date())),
    journal: file(settings.journal, (count) => journalLine(origin.host, "logLinesLost", { count })),
    syslog: syslog && ((entry, at) => syslog.send(forms.syslog(entry, at, facility ?? 1))),
    syslogLost: () => syslog?.lost ?? 0,
    logd,
  };
}

const logdOf = ({ socket = logdSocket, connectTime }: LogdSettings, pid: number, onLost: () => void): Logd =>
  openLogd({ path: socket, pause: connectTime, pid, onLost });

async function flushed(files: readonly (LogFile | undefined)[], limit: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((done) => {
    timer = setTimeout(done, limit);
  });
  await Promise.race([Promise.all(files.map((file) => file?.drained())), tooLate]);
  clearTimeout(timer);
}

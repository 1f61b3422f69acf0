import { type Duration, milliseconds } from "../core/time.js";
import { anyWord, bad, boolean, integer, oneOf, path, type Reader, read, time, truthOf } from "./reading.js";
import type { Word } from "./source.js";

/** The single directives of ha.cf: the type of each value after reading. The last value of a file counts (configuration.md 1). */
export interface Singles {
  readonly keepalive: Duration;
  readonly deadtime: Duration;
  readonly warntime: Duration;
  readonly initdead: Duration;
  readonly deadping: Duration;
  readonly udpport: number;
  readonly baud: number;
  readonly auto_failback: "on" | "off" | "legacy";
  readonly nice_failback: string;
  readonly logfile: string;
  readonly debugfile: string;
  readonly logfacility: string;
  readonly use_logd: boolean;
  readonly conn_logd_time: Duration;
  readonly syslogmsgfmt: boolean;
  readonly log_badpack: boolean;
  readonly debug: number;
  readonly coredumps: boolean;
  readonly coreroot: string;
  readonly realtime: boolean;
  readonly rtprio: number;
  readonly memreserve: number;
  readonly msgfmt: "classic" | "netstring";
  readonly max_rexmit_delay: number;
  readonly hbgenmethod: "file" | "time";
  readonly uuidfrom: "file" | "nodename";
  readonly hopfudge: number;
  readonly cluster: string;
  readonly autojoin: "none";
  readonly compression: "zlib" | "bz2";
  readonly compression_threshold: number;
  readonly traditional_compression: boolean;
  readonly watchdog: string;
  readonly use_apphbd: boolean;
  readonly crm: boolean;
  readonly pacemaker: boolean;
  readonly crm_daemon_dir: string;
  readonly crmd_spawns_pengine: boolean;
  readonly record_config_changes: boolean;
  readonly record_pengine_inputs: boolean;
  readonly enable_config_writes: boolean;
  readonly quorum_server: string;
  readonly journal: string;
  readonly start_timeout: Duration;
  readonly stop_timeout: Duration;
  readonly status_timeout: Duration;
  readonly stop_attempts: number;
  readonly announce_interval: Duration;
  readonly monitor_interval: Duration;
  readonly migration_threshold: number;
  readonly failure_timeout: Duration;
  readonly fence_timeout: Duration;
  readonly fence_retry: Duration;
  readonly fence_delay: Duration;
  readonly strong_auth: boolean;
  readonly address_agent: "builtin" | "script";
  readonly dead_man: "on" | "lifetime" | "off";
  readonly builtin_ipfail: boolean;
  readonly lease_time: Duration;
  readonly clock_drift: number;
  readonly ask_address: boolean;
  readonly ping_quorum: boolean;
}
export type SingleName = keyof Singles;

/** A value, and the word it was read from. */
export interface Given<Value> {
  readonly value: Value;
  readonly word: Word;
}
/** What a file says; a directive that it does not name, or names wrongly, is absent. */
export type GivenSingles = { readonly [Name in SingleName]?: Given<Singles[Name]> };

const anyNumber = Number.MAX_SAFE_INTEGER;
const facilities =
  "auth authpriv cron daemon ftp kern lpr mail news security syslog user uucp local0 local1 local2 local3 local4 local5 local6 local7 none".split(
    " ",
  );
const baudRates = "300 600 1200 2400 4800 9600 19200 38400 57600 115200 230400 460800".split(" ");

const baud: Reader<number> = (text, directive) => {
  const rate = oneOf(baudRates, (word) => `invalid baudrate [${word}] specified.`)(text, directive);
  return rate.ok ? read(Number(rate.value)) : rate;
};

const failback: Reader<"on" | "off" | "legacy"> = (text) => {
  if (text.toLowerCase() === "legacy") return read("legacy");
  const truth = truthOf(text);
  if (truth !== undefined) return read(truth ? "on" : "off");
  return bad(
    "bad-choice",
    `auto_failback [${text}] is none of on, off, legacy.`,
    "on: a group goes back to its preferred node when that returns; off: it stays where it is.",
  );
};

const deadMan: Reader<"on" | "lifetime" | "off"> = (text) => {
  if (text.toLowerCase() === "lifetime") return read("lifetime");
  const truth = truthOf(text);
  if (truth !== undefined) return read(truth ? "on" : "off");
  return bad(
    "bad-choice",
    `dead_man [${text}] is none of on, lifetime, off.`,
    "on: a host without a living daemon falls mute for its addresses; lifetime: they end by themselves within seconds, without nftables.",
  );
};

const noCrm: Reader<boolean> = (text, directive) => {
  if (truthOf(text) === false) return read(false);
  const known = truthOf(text) === true || ["respawn", "manual"].includes(text.toLowerCase());
  if (!known)
    return bad("bad-boolean", `${directive} [${text}] is not known.`, `Write ${directive} off, or remove the line.`);
  return bad(
    "crm-refused",
    `${directive} ${text} hands the resources over to Pacemaker, which this program does not do; haresources would be ignored.`,
    `Remove the line (or write ${directive} off) and describe the resource groups in haresources.`,
  );
};

const noAutojoin: Reader<"none"> = (text) => {
  const word = text.toLowerCase();
  if (word === "none") return read("none");
  if (word !== "any" && word !== "other")
    return bad("bad-choice", `Invalid autojoin directive [${text}]`, "Write autojoin none, or remove the line.");
  return bad(
    "autojoin-refused",
    `R1 style resource management conflicts with autojoin set (autojoin ${text}).`,
    "Name every node in a node line and write autojoin none: a group needs to know which nodes may hold it.",
  );
};

const pathOrNone: Reader<string> = (text, directive) => (text === "none" ? read(text) : path(text, directive));

const timeOrNone: Reader<Duration> = (text, directive) =>
  /^0+$/.test(text) ? read(milliseconds(0)) : time()(text, directive);
/** A share of a second per second: `0.1%`, `500ppm`. Quartz clocks that NTP steers stay far below. */
const drift: Reader<number> = (text, directive) => {
  const parts = /^(\d{1,9}(?:\.\d{1,9})?)(%|ppm)$/.exec(text);
  const share = Number(parts?.[1]) / (parts?.[2] === "%" ? 100 : 1e6);
  if (parts !== null && share <= 0.1) return read(share);
  return bad(
    "bad-drift",
    `${directive} [${text}] is not a share of at most 10%.`,
    "Like: clock_drift 0.1%, clock_drift 500ppm",
  );
};
/** Switches of Pacemaker: a value is read as the original reads it, and nothing comes of it. */
const pacemakerSwitch = boolean((text) => `ha_config_check_boolean:Invalid directive value ${text}`);

/** How each single directive is read. Where the original has a sentence for a bad value, it is kept for people's log watchers. */
export const singleReaders: { readonly [Name in SingleName]: Reader<Singles[Name]> } = {
  keepalive: time(),
  deadtime: time(),
  warntime: time((text) => `Warn time [${text}] is invalid.`),
  initdead: time(),
  deadping: time(),
  udpport: integer(1, 65_535, (text) => `invalid port [${text}] specified.`),
  baud,
  auto_failback: failback,
  nice_failback: anyWord,
  logfile: path,
  debugfile: path,
  logfacility: oneOf(facilities, (text) => `Log facility(${text}) not valid`),
  use_logd: boolean(),
  conn_logd_time: time(),
  syslogmsgfmt: boolean(),
  log_badpack: boolean(),
  debug: integer(0, 255),
  coredumps: boolean(),
  coreroot: path,
  realtime: boolean(),
  rtprio: integer(1, 99, (text) => `Illegal realtime priority [${text}]`),
  memreserve: integer(1, anyNumber),
  msgfmt: oneOf(["classic", "netstring"]),
  max_rexmit_delay: integer(1, 3_600_000, (text) => `Invalid max_rexmit_delay time(${text})`),
  hbgenmethod: oneOf(["file", "time"], (text) => `Illegal hb generation method [${text}]`),
  uuidfrom: oneOf(["file", "nodename"], (text) => `Invalid uuidfrom directive [${text}]`),
  hopfudge: integer(0, 255),
  cluster: anyWord,
  autojoin: noAutojoin,
  compression: oneOf(["zlib", "bz2"], (text) => `Compression module(${text}) not found`),
  compression_threshold: integer(
    1,
    anyNumber,
    (text) => `set_compression_threshold: compress_threshhold(${text}) invalid`,
  ),
  traditional_compression: boolean((text) => `set_traditional_compression:Invalid directive value ${text}`),
  watchdog: path,
  use_apphbd: boolean(),
  crm: noCrm,
  pacemaker: noCrm,
  crm_daemon_dir: anyWord,
  crmd_spawns_pengine: pacemakerSwitch,
  record_config_changes: pacemakerSwitch,
  record_pengine_inputs: pacemakerSwitch,
  enable_config_writes: pacemakerSwitch,
  quorum_server: anyWord,
  journal: pathOrNone,
  start_timeout: time(),
  stop_timeout: time(),
  status_timeout: time(),
  stop_attempts: integer(1, 1000),
  announce_interval: time(),
  monitor_interval: timeOrNone,
  migration_threshold: integer(1, 1000),
  failure_timeout: time(),
  fence_timeout: time(),
  fence_retry: time(),
  fence_delay: timeOrNone,
  strong_auth: boolean(),
  dead_man: deadMan,
  address_agent: oneOf(["builtin", "script"]),
  builtin_ipfail: boolean(),
  lease_time: time(),
  clock_drift: drift,
  ask_address: boolean(),
  ping_quorum: boolean(),
};

/** @returns whether `name` is a single directive; narrows its type. */
export const isSingle = (name: string): name is SingleName => Object.hasOwn(singleReaders, name);

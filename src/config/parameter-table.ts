/**
 * The directives with a single value as the original lists them: in its order, with its defaults and its words. `heartbeat -D` prints
 * those that have a default, `heartbeat -v` those that have a value, scripts see the values as `HA_<name>`.
 */
export interface Parameter {
  readonly name: string;
  /** As the original prints it; absent: it has none, or computes it from others. */
  readonly standard?: string;
  /** `-D` leaves it out, although it has a value from the start. */
  readonly unlisted?: true;
  readonly description: string;
}

type Row = readonly [name: string, standard: string | undefined, description: string];
const pacemakerOnly = "(valid only with: pacemaker on)";

const rows: readonly Row[] = [
  ["cluster", "linux-ha", "the name of cluster"],
  ["hopfudge", "1", "# of hops above cluster size"],
  ["keepalive", "1000ms", "keepalive time"],
  ["deadtime", "30000ms", "node deadtime"],
  ["deadping", undefined, "ping deadtime"],
  ["initdead", undefined, "initial deadtime"],
  ["warntime", undefined, "warning time"],
  ["watchdog", undefined, "watchdog device"],
  ["baud", "19200", "baud rate"],
  ["udpport", undefined, "UDP port number"],
  ["logfacility", undefined, "syslog log facility"],
  ["logfile", undefined, "log file"],
  ["debugfile", undefined, "debug file"],
  ["auto_failback", "legacy", "auto failback"],
  ["rtprio", undefined, "realtime priority"],
  ["hbgenmethod", "file", "protocol generation computation method"],
  ["realtime", "true", "enable realtime behavior?"],
  ["debug", "0", "debug level"],
  ["msgfmt", "classic", "message format in the wire"],
  ["use_logd", undefined, "use logging daemon"],
  ["conn_logd_time", "60", "the interval to reconnect to logd"],
  ["log_badpack", "true", "warn about bad packets"],
  ["syslogmsgfmt", "true", "log to files in syslog format"],
  ["coredumps", "true", "enable Linux-HA core dumps"],
  ["coreroot", undefined, "set root directory of core dump area"],
  ["crmd_spawns_pengine", undefined, "should pengine be spawned directly by heartbeat"],
  ["pacemaker", "false", "enable Pacemaker resource management"],
  ["autojoin", "none", "set automatic join mode/style"],
  ["uuidfrom", "file", "set the source for uuid"],
  ["compression", "zlib", "set compression module"],
  ["compression_threshold", "2", "set compression threshold"],
  ["traditional_compression", "no", "set traditional_compression"],
  ["max_rexmit_delay", "250", "set the maximum rexmit delay time"],
  ["record_config_changes", "on", `record changes to the cib ${pacemakerOnly}`],
  ["record_pengine_inputs", "on", `record the input used by the policy engine ${pacemakerOnly}`],
  ["enable_config_writes", "on", `write configuration changes to disk ${pacemakerOnly}`],
  ["memreserve", "6500", "number of kbytes to preallocate in heartbeat"],
  ["quorum_server", undefined, "the name or ip of quorum server"],
];

/** The original's directives. */
export const parameterTable: readonly Parameter[] = rows.map(([name, standard, description]) => ({
  name,
  description,
  ...(standard === undefined ? {} : { standard }),
  ...(name === "debug" ? { unlisted: true } : {}),
}));

/** Directives that are ours alone; they stand behind the original's. */
export const ownParameters: readonly Parameter[] = [
  ["journal", "/var/log/heartbeat.jsonl", "structured log, JSON lines"],
  ["start_timeout", "120", "longest time that the start of a resource may take"],
  ["stop_timeout", "120", "longest time that one try to stop a resource may take"],
  ["status_timeout", "20", "longest time that a status call may take"],
  ["stop_attempts", "11", "tries of a failing stop"],
  ["announce_interval", "60", "pause between two announcements of a held address"],
  ["monitor_interval", "0", "pause between two questions whether the services of held groups run"],
  ["migration_threshold", "3", "the failure of a service that moves its group"],
  ["failure_timeout", "600", "age at which a failure does not count any more"],
  ["fence_timeout", "60", "longest time that one reset by one device may take"],
  ["fence_retry", "5", "pause after every device has failed to reset a node"],
  ["fence_delay", "5", "how long the side with the smaller right to live holds its fire"],
  ["strong_auth", "on", "sign with HMAC-SHA256 where every peer can"],
  ["address_agent", "builtin", "who sets addresses: the daemon, or the scripts IPaddr and IPaddr2"],
  ["dead_man", "on", "whether the kernel mutes the host when no daemon lives"],
  ["builtin_ipfail", "on", "ipfail of a respawn line is the one that is built in"],
].map(([name = "", standard = "", description = ""]) => ({ name, standard, description }));

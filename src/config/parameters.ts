import type { Timing } from "../core/settings.js";
import type { HaCf } from "./ha-cf.js";

/** Defaults as the original shows them to scripts (resources.md 2.1) and to `cl_status hbparameter`. */
const defaults: readonly (readonly [string, string])[] = [
  ["auto_failback", "legacy"],
  ["autojoin", "none"],
  ["baud", "19200"],
  ["cluster", "linux-ha"],
  ["compression", "zlib"],
  ["compression_threshold", "2"],
  ["conn_logd_time", "60"],
  ["coredumps", "true"],
  ["coreroot", "/var/lib/heartbeat/cores"],
  ["crm", "false"],
  ["debug", "0"],
  ["hbgenmethod", "file"],
  ["hopfudge", "1"],
  ["log_badpack", "true"],
  ["max_rexmit_delay", "250"],
  ["memreserve", "6500"],
  ["msgfmt", "classic"],
  ["realtime", "true"],
  ["rtprio", "1"],
  ["syslogmsgfmt", "true"],
  ["traditional_compression", "no"],
  ["uuidfrom", "file"],
];

/** @returns every single-valued directive: as written where it was written (`5`, not `5000`), computed times with `ms`. */
export function parametersOf(
  { singles, environment }: HaCf,
  timing: Timing,
  port: number,
): ReadonlyMap<string, string> {
  const written = Object.entries(singles).map(([name, given]) => [name, given.word.text] as const);
  const computed = (["keepalive", "deadtime", "warntime", "initdead", "deadping"] as const).map(
    (name) => [name, `${timing[name]}ms`] as const,
  );
  return new Map([...defaults, ["udpport", String(port)], ...computed, ...written, ...environment]);
}

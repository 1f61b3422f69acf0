import { type Fault, fault } from "./report.js";
import { isSingle, singleReaders } from "./singles.js";
import { falseBlank } from "./source.js";
import { nearest } from "./suggest.js";

/**
 * What becomes of a directive. `carried`: it does what it did. `accepted`: its value is checked and nothing else, and nobody
 * would miss more. `not-yet`: likewise, but the operator expects an effect, so each line gets a warning. `refused`: only
 * harmless values are let through.
 */
export type DirectiveStatus = "carried" | "accepted" | "not-yet" | "refused";

/** Directives that read their line in their own way. */
const lineDirectives = [
  ...[
    "node",
    "ucast",
    "ucast6",
    "bcast",
    "udp",
    "mcast",
    "mcast6",
    "ping",
    "ping6",
    "ping_group",
    "respawn",
    "failfast",
  ],
  ...["apiauth", "stonith", "stonith_host", "fence_levels", "fence_priority", "serial", "env"],
  ...["arbiter", "takeover_policy", "monitor"],
] as const;
export type LineDirective = (typeof lineDirectives)[number];

/** What the operator of a directive that is not carried has to do without. */
const missing: ReadonlyMap<string, string> = new Map([]);

/** Directives that the original obeyed and nothing here needs: what the operator may have hoped for, and what does that instead. */
const idle: ReadonlyMap<string, readonly [loss: string, instead: string]> = new Map([
  [
    "use_apphbd",
    [
      "no application heartbeat daemon is told",
      "The guardian watches the daemon and restarts it; watchdog has the machine reset when both are dead. Remove the line.",
    ],
  ],
  [
    "quorum_server",
    [
      "with haresources the original asked it neither",
      "Ping nodes and ipfail tell a node that it is cut off; stonith_host makes sure of the other one. Remove the line.",
    ],
  ],
] as const);

const harmless = new Set([
  ...["compression", "compression_threshold", "traditional_compression"],
  ...["crm_daemon_dir", "crmd_spawns_pengine", "record_config_changes"],
  ...["record_pengine_inputs", "enable_config_writes", "use_apphbd", "quorum_server"],
]);
const refused = new Set(["crm", "pacemaker", "autojoin"]);

/** Directives that the original does not know (and refuses). */
export const ownDirectives: ReadonlySet<string> = new Set([
  ...[
    "journal",
    "start_timeout",
    "stop_timeout",
    "status_timeout",
    "stop_attempts",
    "announce_interval",
    "monitor",
    "monitor_interval",
    "migration_threshold",
    "failure_timeout",
    "fence_timeout",
    "fence_retry",
    "fence_delay",
    "fence_levels",
    "fence_priority",
    "strong_auth",
    "address_agent",
    "dead_man",
    "builtin_ipfail",
    "arbiter",
    "takeover_policy",
    "lease_time",
    "clock_drift",
    "ask_address",
    "ping_quorum",
  ],
]);

/** @returns what becomes of a directive, by its name. */
function statusOf(name: string): DirectiveStatus {
  if (refused.has(name)) return "refused";
  if (harmless.has(name)) return "accepted";
  return missing.has(name) ? "not-yet" : "carried";
}

/** Every directive there is. */
export const directives: ReadonlyMap<string, DirectiveStatus> = new Map(
  [...Object.keys(singleReaders), ...lineDirectives].map((name) => [name, statusOf(name)]),
);

/** @returns whether `name` is a directive with a line of its own kind; narrows its type. */
export const isLineDirective = (name: string): name is LineDirective => !isSingle(name) && directives.has(name);

/** @returns the warning for a directive that has no effect, or has none yet; `undefined` for all others. */
export function notCarried(name: string): Fault | undefined {
  const [missed, instead] = idle.get(name) ?? [];
  if (missed !== undefined) return fault("without-effect", `${name} has no effect: ${missed}.`, instead);
  const loss = statusOf(name) === "not-yet" ? missing.get(name) : undefined;
  return loss === undefined
    ? undefined
    : fault("not-carried-yet", `not carried yet: ${name}: ${loss}.`, `Remove the line when it is not needed.`);
}

/** @returns why a first word is no directive, with the one that was probably meant. */
export function unknownDirective(name: string, path: string): Fault {
  const text = `Illegal directive [${name.length > 60 ? `${name.slice(0, 60)}…` : name}] in ${path}`;
  return fault("unknown-directive", text, meantInstead(name));
}

function meantInstead(name: string): string {
  const blank = falseBlank(name);
  if (blank !== undefined) return `The word contains ${blank}, which only looks like a blank; type the line again.`;
  if (name.startsWith("//") || name.startsWith("＃") || name.startsWith(";")) return "Comments begin with #.";
  if (name === "auth" || /^\d+$/.test(name)) return "Keys belong into authkeys.";
  if (name.includes("=")) return "Directive and value are separated by a blank, without an equals sign.";
  const known = meantDirective(name);
  if (known === undefined) return "No directive has a similar name; docs/configuration.md lists them all.";
  return known === name.toLowerCase()
    ? `Directive names are case-sensitive: write ${known}.`
    : `Did you mean ${known}?`;
}

/** @returns the directive that an unknown word was probably meant to be. */
export function meantDirective(name: string): string | undefined {
  const word = name.toLowerCase().split(/[=\u00a0]/)[0] ?? "";
  return directives.has(word) ? word : nearest(word, directives.keys());
}

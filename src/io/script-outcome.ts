import type { ResourceAction } from "../core/effect.js";
import type { ResourceOutcome } from "../core/event.js";

/**
 * What the end of a script means. Init scripts answer `status` in words, not by their exit code; so did the original read
 * them. OCF agents answer by exit code.
 */

/** How the process of a call ended. */
export type CallEnd =
  | { readonly kind: "exited"; readonly code: number; readonly output: string; readonly complaint: string }
  | { readonly kind: "signalled"; readonly signal: string }
  | { readonly kind: "timed-out" }
  /** The kernel refused to start it. */
  | { readonly kind: "not-started"; readonly errno: string };

/** @returns the outcome for the core. */
export function outcomeOf(kind: "lsb" | "ocf", action: ResourceAction, end: CallEnd): ResourceOutcome {
  switch (end.kind) {
    case "timed-out":
      return { kind: "failed", why: "timed-out" };
    case "signalled":
      return { kind: "failed", why: "killed" };
    case "not-started":
      return { kind: "failed", why: end.errno === "EACCES" ? "not-executable" : "not-found" };
    case "exited":
      if (action === "status") return kind === "ocf" ? monitored(end.code) : asked(end);
      return end.code === 0 ? { kind: "succeeded" } : { kind: "failed", why: "exit-code", code: end.code };
  }
}

const asked = (end: CallEnd & { kind: "exited" }): ResourceOutcome => ({
  kind: hasNoStatusVerb(end) ? "unknown" : statusInWords(end.output),
});

/** `nginx is not running` → stopped; `running`, `Running`, `OK` → running; anything else (`RUNNING`, `ok`, nothing) → stopped. */
export function statusInWords(output: string): "running" | "stopped" {
  if (/[nN][oO][tT] [\s\S]*[rR]unning/.test(output)) return "stopped";
  return /[rR]unning|OK/.test(output) ? "running" : "stopped";
}

/** Exit codes of an OCF monitor: 0 running, 7 cleanly stopped, 8 running as master. */
function monitored(code: number): ResourceOutcome {
  if (code === 0 || code === 8) return { kind: "running" };
  return code === 7 ? { kind: "stopped" } : { kind: "failed", why: "exit-code", code };
}

/**
 * Many init scripts have no `status`: they print how to use them and exit with a code (3 in the LSB, 1 or 2 elsewhere).
 * That is neither "stopped" nor a failure of the service; such a service is started without asking.
 */
export const hasNoStatusVerb = (end: CallEnd): boolean =>
  end.kind === "exited" &&
  end.code !== 0 &&
  /usage|unknown (verb|command|argument|action)/i.test(`${end.output}\n${end.complaint}`.replace(ofKill, ""));

/** A `kill` in the script that got no number, for the pid file is gone: that is no word about the script's verbs. */
const ofKill = /^.*\bkill: usage:.*$/gim;

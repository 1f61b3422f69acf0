import type { Settings } from "../core/settings.js";
import type { HaCf } from "./ha-cf.js";
import { fault, type Report } from "./report.js";
import { wholeFile } from "./source.js";

/** @returns where groups go when their preferred node returns; the original's default is the one it calls deprecated. */
export function failbackOf({ singles, unread }: HaCf, report: Report): Settings["autoFailback"] {
  const { auto_failback: given, nice_failback: nice } = singles;
  if (nice !== undefined) {
    const text = "nice_failback flag is obsolete.. Use auto_failback {on, off, legacy} instead.";
    const outcome =
      given === undefined
        ? `nice_failback ${nice.value} has been strictly interpreted as 'auto_failback legacy'`
        : "The auto_failback line counts; remove this one.";
    report.warn(nice.word, fault("nice-failback", text, outcome));
  }
  const value = given?.value ?? "legacy";
  if (value === "legacy" && !unread.has("auto_failback"))
    report.warn(
      given?.word ?? nice?.word ?? wholeFile,
      fault(
        "auto-failback-legacy",
        "Deprecated 'legacy' auto_failback option selected.",
        "Please convert to 'auto_failback on'.",
      ),
    );
  return value;
}

/** The built-in ipfail counts ping nodes; without any it has nothing to count. */
export function checkIpfail({ respawns, pings }: HaCf, report: Report): void {
  for (const { respawn, directive } of respawns)
    if (respawn.builtIn === "ipfail" && pings.length === 0)
      report.warn(
        directive,
        fault(
          "ipfail-without-ping",
          "ipfail compares ping nodes, and there is none: it will never move anything.",
          "Add a line: ping <address of the gateway of the service network>",
        ),
      );
}

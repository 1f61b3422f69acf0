import type { MonitoringSettings } from "../core/settings.js";
import { milliseconds, seconds } from "../core/time.js";
import type { GroupConfig } from "./config.js";
import type { HaCf } from "./ha-cf.js";
import type { HostFacts } from "./host-facts.js";
import { type Fault, fault, type Report } from "./report.js";
import type { Word } from "./source.js";
import type { Statement } from "./statements.js";
import { nearest } from "./suggest.js";

/** Whether services still run: `monitor_interval` and what belongs to it, and `monitor` lines. Ours alone; without them nobody asks, as in 3.0.6. */
export interface MonitorLine {
  readonly directive: Word;
  /** The resource as haresources has it. */
  readonly resource: Word;
  readonly command: readonly string[];
}

const syntax = "Like: monitor nginx /usr/bin/curl -fsS -o /dev/null http://127.0.0.1/";

/** Reads `monitor RESOURCE COMMAND …`. */
export function readMonitor(
  { directive, values }: Statement,
  { facts, report }: { readonly facts: HostFacts; readonly report: Report },
): readonly MonitorLine[] {
  const [resource, command, ...args] = values;
  const why = commandFault(command, facts);
  const quoted = args.find(({ text }) => /["']/.test(text));
  if (quoted !== undefined) report.warn(quoted, quotes(quoted.text));
  if (resource !== undefined && command !== undefined && why === undefined)
    return [{ directive, resource, command: [command.text, ...args.map(({ text }) => text)] }];
  const place = resource === undefined ? directive : (command ?? resource);
  report.error(place, why ?? fault("bad-monitor", "monitor needs a resource and a command.", syntax));
  return [];
}

const quotes = (text: string): Fault =>
  fault(
    "quotes-mean-nothing",
    `[${text}] is passed on as it stands: ha.cf has no quotes, and no shell reads them.`,
    "Put what needs a shell into a script of its own, and name that.",
  );

function commandFault(command: Word | undefined, facts: HostFacts): Fault | undefined {
  if (command === undefined) return fault("bad-monitor", "monitor needs a resource and a command.", syntax);
  const { text } = command;
  if (!text.startsWith("/")) return fault("bad-monitor", `monitor command [${text}] is not a full path.`, syntax);
  const what = facts.commands?.(text);
  if (what === undefined || what === "executable") return undefined;
  const hint = what === "absent" ? "Mend the path, or install it." : "Name a program; a script needs the x bit.";
  return fault("bad-monitor", `monitor command [${text}] is not executable.`, hint);
}

/** @returns how services are monitored. */
export function monitoringOf({ singles }: Pick<HaCf, "singles">): MonitoringSettings {
  return {
    interval: singles.monitor_interval?.value ?? milliseconds(0),
    threshold: singles.migration_threshold?.value ?? 3,
    failureTimeout: singles.failure_timeout?.value ?? seconds(600),
  };
}

/** @returns the command that asks for a resource, by its text; whatever cannot work goes to the report. */
export function monitorsOf(
  { monitors, singles, unread }: HaCf,
  groups: readonly GroupConfig[],
  report: Report,
): ReadonlyMap<string, readonly string[]> {
  const commands = new Map<string, readonly string[]>();
  for (const { directive, resource, command } of monitors) {
    const why = commands.has(resource.text) ? twice(resource.text) : resourceFault(resource.text, groups);
    if (why !== undefined) report.error(resource, why);
    else commands.set(resource.text, command);
    if (isIdle({ singles, unread })) report.warn(directive, withoutInterval("monitor"));
  }
  for (const name of ["migration_threshold", "failure_timeout"] as const) {
    const word = singles[name]?.word;
    if (word !== undefined && isIdle({ singles, unread })) report.warn(word, withoutInterval(name));
  }
  checkReach(singles, report);
  return commands;
}

/** A shorter pause keeps a core busy with starting scripts. */
const shortest = milliseconds(100);

function checkReach(singles: HaCf["singles"], report: Report): void {
  const { interval, threshold, failureTimeout } = monitoringOf({ singles });
  const word = singles.monitor_interval?.word;
  if (word === undefined || interval === 0) return;
  if (interval < shortest) {
    const text = `monitor_interval (${interval} ms) has every script started more than ten times a second.`;
    report.warn(word, fault("monitor-interval-short", text, `Write monitor_interval ${shortest}ms or more.`));
  }
  // Failures come at least an interval apart.
  if ((threshold - 1) * interval < failureTimeout) return;
  const text = `${threshold} failures (migration_threshold) cannot come within failure_timeout (${failureTimeout} ms): they are at least monitor_interval (${interval} ms) apart, so the group would never move.`;
  report.warn(word, fault("threshold-out-of-reach", text, "Write a longer failure_timeout, or a lower threshold."));
}

const isIdle = ({ singles, unread }: Pick<HaCf, "singles" | "unread">): boolean =>
  !unread.has("monitor_interval") && (singles.monitor_interval?.value ?? 0) === 0;

const withoutInterval = (name: string): Fault =>
  fault(
    "without-effect",
    `${name} has no effect without monitor_interval: nobody asks whether a service still runs.`,
    "Write monitor_interval 10s, or remove the line.",
  );

const twice = (text: string): Fault =>
  fault("monitor-repeated", `There is a monitor line for ${text} already.`, "Remove one of the two.");

function resourceFault(text: string, groups: readonly GroupConfig[]): Fault | undefined {
  const resources = groups.flatMap((group) => group.resources);
  const meant = resources.find((resource) => resource.text === text);
  if (meant?.kind === "script") return undefined;
  if (meant !== undefined)
    return fault("monitor-of-address", `${text} is an address: the daemon watches it itself.`, "Remove the line.");
  const scripts = resources.flatMap((resource) => (resource.kind === "script" ? [resource.text] : []));
  const near = nearest(text, scripts);
  const hint =
    near === undefined
      ? `Write it as haresources does: ${scripts.join(" ") || "there is no script"}.`
      : `Did you mean ${near}?`;
  return fault("unknown-resource", `haresources has no resource ${text}.`, hint);
}

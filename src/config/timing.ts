import type { Timing } from "../core/settings.js";
import { type Duration, milliseconds, seconds, times } from "../core/time.js";
import type { HaCf } from "./ha-cf.js";
import { fault, type Report } from "./report.js";
import type { Given, GivenSingles } from "./singles.js";
import { type Place, wholeFile } from "./source.js";

/** Defaults of configuration.md 2, and ours for the directives that are ours. */
const defaults = {
  keepalive: seconds(1),
  deadtime: seconds(30),
  startTimeout: seconds(120),
  stopTimeout: seconds(120),
  statusTimeout: seconds(20),
  stopAttempts: 11,
  stopRetryPause: seconds(1),
  announceInterval: seconds(60),
};

/** @returns the times of ha.cf with their defaults. */
export function timingOf({ singles, environment }: HaCf): Timing {
  const keepalive = singles.keepalive?.value ?? defaults.keepalive;
  const deadtime = singles.deadtime?.value ?? defaults.deadtime;
  return {
    keepalive,
    deadtime,
    warntime: singles.warntime?.value ?? times(deadtime, 0.5),
    deadping: singles.deadping?.value ?? deadtime,
    initdead: singles.initdead?.value ?? defaultInitdead(deadtime),
    startTimeout: singles.start_timeout?.value ?? defaults.startTimeout,
    stopTimeout: singles.stop_timeout?.value ?? defaults.stopTimeout,
    statusTimeout: singles.status_timeout?.value ?? defaults.statusTimeout,
    stopAttempts: singles.stop_attempts?.value ?? formerStopAttempts(environment) ?? defaults.stopAttempts,
    stopRetryPause: defaults.stopRetryPause,
    announceInterval: singles.announce_interval?.value ?? defaults.announceInterval,
  };
}

/** The original's steps: a short deadtime says nothing of how long a machine's network needs to come up. */
function defaultInitdead(deadtime: Duration): Duration {
  if (deadtime > 10_000) return deadtime;
  return deadtime < 6_000 ? seconds(12) : times(deadtime, 2);
}

/** The original counts repeats (`HA_STOPRETRYMAX`, resources.md 4), we count calls. Its "for ever" is not offered. */
function formerStopAttempts(environment: ReadonlyMap<string, string>): number | undefined {
  const repeats = environment.get("STOPRETRYMAX") ?? "";
  return /^\d{1,3}$/.test(repeats) && Number(repeats) > 0 ? Number(repeats) + 1 : undefined;
}

/**
 * Compares the times with each other. A relation is reported where its smaller side was written, or at the file without one; it is
 * not judged when one of its sides could not be read, because the default in its place is nobody's wish.
 */
export function checkTiming({ singles, unread }: HaCf, timing: Timing, report: Report): void {
  if (unread.has("deadtime")) return;
  if (!unread.has("keepalive")) checkDeadtimes(singles, timing, report);
  if (!unread.has("keepalive")) checkWarntime(singles, timing, report);
  checkInitdead(singles, timing, report);
}

const placeOf = (...given: readonly (Given<unknown> | undefined)[]): Place =>
  given.find((one) => one !== undefined)?.word ?? wholeFile;
const shown = (duration: Duration): string => (duration % 1000 === 0 ? `${duration / 1000} s` : `${duration} ms`);

function checkDeadtimes(singles: GivenSingles, { keepalive, deadtime, deadping }: Timing, report: Report): void {
  const place = placeOf(singles.deadtime, singles.keepalive);
  if (deadtime <= 2 * keepalive) {
    const text = `Dead time [${deadtime}] is too small compared to keeplive [${keepalive}]`;
    report.error(
      place,
      fault(
        "deadtime-too-small",
        text,
        `deadtime must be longer than 2 × keepalive; write at least ${shown(times(keepalive, 3))}, better 10 × keepalive.`,
      ),
    );
  } else if (deadtime < 3 * keepalive) {
    const text = `deadtime (${shown(deadtime)}) is shorter than 3 × keepalive (${shown(keepalive)}): two lost packets in a row look like a death.`;
    report.warn(
      place,
      fault(
        "deadtime-short",
        text,
        `Write deadtime ${shown(times(keepalive, 10)).replace(" ", "")}, or a shorter keepalive.`,
      ),
    );
  }
  if (singles.deadping !== undefined && deadping <= 2 * keepalive) {
    const text = `Ping dead time [${deadping}] is too small compared to keeplive [${keepalive}]`;
    report.error(
      singles.deadping.word,
      fault(
        "deadping-too-small",
        text,
        "deadping must be longer than 2 × keepalive; leave it out to have it equal to deadtime.",
      ),
    );
  }
}

function checkInitdead(singles: GivenSingles, { deadtime, initdead }: Timing, report: Report): void {
  if (singles.initdead === undefined) return;
  const place = singles.initdead.word;
  const twice = `Write initdead ${shown(times(deadtime, 2)).replace(" ", "")}: after a power failure the other node may need longer to boot than deadtime.`;
  if (initdead < deadtime)
    report.error(
      place,
      fault("initdead-too-small", `Initial dead time [${initdead}] is smaller than deadtime [${deadtime}]`, twice),
    );
  else if (initdead < 2 * deadtime)
    report.warn(
      place,
      fault(
        "initdead-short",
        `initdead (${shown(initdead)}) is shorter than 2 × deadtime (${shown(deadtime)}).`,
        twice,
      ),
    );
  else if (initdead < 10_000)
    report.warn(
      place,
      fault(
        "initdead-short",
        `Initial dead time [${initdead} ms] may be too small!`,
        "Initial dead time accounts for slow network startup time",
      ),
    );
}

function checkWarntime(singles: GivenSingles, { keepalive, warntime, deadtime }: Timing, report: Report): void {
  if (singles.warntime === undefined) return;
  const place = singles.warntime.word;
  const half = shown(milliseconds(deadtime / 2)).replace(" ", "");
  if (warntime >= deadtime)
    report.warn(
      place,
      fault(
        "warntime-too-long",
        `warntime (${shown(warntime)}) is not shorter than deadtime (${shown(deadtime)}): nobody is warned before a death.`,
        `Write warntime ${half}.`,
      ),
    );
  else if (warntime <= keepalive)
    report.warn(
      place,
      fault(
        "warntime-short",
        `warntime (${shown(warntime)}) is not longer than keepalive (${shown(keepalive)}): every heartbeat looks late.`,
        `Write warntime ${half}.`,
      ),
    );
}

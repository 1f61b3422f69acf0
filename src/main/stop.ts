import { ask } from "../cli/control-client.js";
import type { GroupSnapshot, Snapshot } from "../control/snapshot.js";
import type { Paths } from "../io/paths.js";
import { findMaster, waitForEnd } from "../io/pid-file.js";
import { loadConfig } from "./load.js";
import { startCodes } from "./start.js";
import { signal } from "./steer.js";

const remindEvery = 5000;
const shortestWait = 60_000;
const longestWait = 900_000;

/**
 * `heartbeat -k`: asks for an orderly stop and waits for it; how long at most depends on the time limits of the stop scripts. Says what
 * it waits for, and in the end what could not be stopped. @returns 0 when everything is relinquished.
 */
export async function stop(paths: Paths): Promise<number> {
  const known = findMaster(paths);
  if (known.kind !== "running") {
    process.stderr.write("INFO: Heartbeat already stopped.\n");
    return 0;
  }
  const watch = watchGroups(paths);
  if (!signal(known.pid, "SIGTERM")) {
    watch.close();
    return startCodes.notRoot;
  }
  const limit = await patience(paths);
  const remind = (waited: number): void => tellProgress(watch.latest(), known.pid, waited, limit);
  const ended = await waitForEnd(known.pid, limit, { interval: remindEvery, remind });
  watch.close();
  return ended ? tellLeftBehind(watch.latest()) : tellUnended(watch.latest(), known.pid, limit);
}

/** @returns how long an orderly stop may take: every stop script of one group after the other, as often as it is tried. */
async function patience(paths: Paths): Promise<number> {
  const { config } = await loadConfig(paths);
  if (config === undefined) return shortestWait;
  const { stopTimeout, stopAttempts } = config.settings.timing;
  const longest = Math.max(
    0,
    ...config.groups.map((group) => group.resources.filter((one) => one.kind === "script").length),
  );
  const needed = shortestWait + longest * stopTimeout * Math.min(stopAttempts, 3);
  return Math.min(longestWait, needed);
}

interface GroupWatch {
  /** What the daemon showed last; `undefined` when it did not answer. */
  latest(): Snapshot | undefined;
  close(): void;
}

/** Follows the daemon to its end: afterwards nobody can be asked what it could not stop. */
function watchGroups(paths: Paths): GroupWatch {
  let latest: Snapshot | undefined;
  const conversation = ask(paths.controlSocket, { verb: "watch" });
  const follow = async (): Promise<void> => {
    for (;;) {
      const heard = await conversation.next(remindEvery);
      if (heard.kind === "lost") return;
      if (heard.kind === "answer" && heard.answer.kind === "snapshot") latest = heard.answer.snapshot;
    }
  };
  void follow();
  return { latest: () => latest, close: () => conversation.close() };
}

function busyGroups(snapshot: Snapshot | undefined): readonly GroupSnapshot[] {
  return snapshot?.groups.filter((group) => !["idle", "elsewhere", "granted", "failed"].includes(group.state)) ?? [];
}

function inWords(groups: readonly GroupSnapshot[]): string {
  return groups.map((group) => `${group.name} is ${group.state}`).join(", ");
}

function tellProgress(snapshot: Snapshot | undefined, pid: number, waited: number, limit: number): void {
  const words = [snapshot?.phaseReason, inWords(busyGroups(snapshot))].filter((text) => text).join("; ");
  process.stderr.write(
    `INFO: waiting for heartbeat (pid ${pid}) since ${Math.round(waited / 1000)} s of at most ${limit / 1000} s: ${words || "the last processes to end"}\n`,
  );
}

/** The service still runs, or may: whoever shuts this machine down, or starts it elsewhere by hand, must know. */
function tellLeftBehind(snapshot: Snapshot | undefined): number {
  const stuck = busyGroups(snapshot).filter((group) => group.state === "stuck");
  for (const { name, because } of stuck) process.stderr.write(`CRIT: heartbeat ended without ${name}: ${because}\n`);
  return stuck.length === 0 ? 0 : startCodes.failed;
}

function tellUnended(snapshot: Snapshot | undefined, pid: number, limit: number): number {
  const groups = inWords(busyGroups(snapshot));
  const why = groups === "" ? "" : `: ${groups}`;
  process.stderr.write(
    `heartbeat: pid ${pid} is still there after ${limit / 1000} s${why}; see heartbeat status and the log\n`,
  );
  return startCodes.failed;
}

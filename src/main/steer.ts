import { hostname } from "node:os";
import { ask } from "../cli/control-client.js";
import { directives, ownDirectives } from "../config/directives.js";
import type { Paths } from "../io/paths.js";
import { findMaster, waitForEnd } from "../io/pid-file.js";
import { loadConfig } from "./load.js";
import type { Options } from "./options.js";
import { showProblems, start, startCodes } from "./start.js";

/** `heartbeat -s`: is it running? 0 yes, 1 a stale pid file, 3 no. The process behind the number is looked at. */
export function status(paths: Paths): number {
  const known = findMaster(paths);
  if (known.kind === "running") {
    const host = hostname();
    process.stdout.write(`heartbeat OK [pid ${known.pid} et al] is running on ${host} [${host}]...\n`);
    return 0;
  }
  process.stdout.write("heartbeat is stopped. No process\n");
  return known.kind === "stale" ? 1 : 3;
}

const remindEvery = 5000;
const shortestWait = 60_000;
const longestWait = 900_000;

/** `heartbeat -k`: asks for an orderly stop and waits for it; how long depends on the time limits of the stop scripts. */
export async function stop(paths: Paths): Promise<number> {
  const known = findMaster(paths);
  if (known.kind !== "running") {
    process.stderr.write("INFO: Heartbeat already stopped.\n");
    return 0;
  }
  if (!signal(known.pid, "SIGTERM")) return startCodes.notRoot;
  const limit = await patience(paths);
  const remind = (waited: number): void => void tellProgress(paths, known.pid, waited, limit);
  if (await waitForEnd(known.pid, limit, { interval: remindEvery, remind })) return 0;
  process.stderr.write(
    `heartbeat: pid ${known.pid} is still there after ${limit / 1000} s; see heartbeat status and the log\n`,
  );
  return startCodes.failed;
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

async function tellProgress(paths: Paths, pid: number, waited: number, limit: number): Promise<void> {
  const conversation = ask(paths.controlSocket, { verb: "status" });
  const heard = await conversation.next(1000);
  conversation.close();
  const snapshot = heard.kind === "answer" && heard.answer.kind === "snapshot" ? heard.answer.snapshot : undefined;
  const busy = snapshot?.groups.filter((group) => !["idle", "elsewhere"].includes(group.state)) ?? [];
  const groups = busy.map((group) => `${group.name} is ${group.state}`).join(", ");
  const what = [snapshot?.phaseReason, groups].filter((text) => text).join("; ") || "the last processes to end";
  process.stderr.write(
    `INFO: waiting for heartbeat (pid ${pid}) since ${Math.round(waited / 1000)} s of at most ${limit / 1000} s: ${what}\n`,
  );
}

/** `heartbeat -r`: checks the files; good ones are taken over by the running daemon, bad ones leave it alone. */
export async function reload(options: Options, paths: Paths): Promise<number> {
  const known = findMaster(paths);
  if (known.kind !== "running") return start(options, paths);
  const { config, problems } = await loadConfig(paths);
  showProblems(problems);
  if (config === undefined) {
    process.stderr.write(`info: Config errors: Heartbeat pid ${known.pid} NOT restarted\n`);
    return startCodes.failed;
  }
  process.stderr.write(`info: Signalling heartbeat pid ${known.pid} to reread config files\n`);
  return signal(known.pid, "SIGHUP") ? 0 : startCodes.notRoot;
}

/** `-R` was the original's way to start itself anew; from outside it means a reload, and needs a running daemon. */
export async function restart(options: Options, paths: Paths): Promise<number> {
  if (findMaster(paths).kind === "running") return reload(options, paths);
  process.stderr.write("ERROR: heartbeat is not running.\n");
  return startCodes.configuration;
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch (error) {
    process.stderr.write(
      `heartbeat: cannot signal pid ${pid}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return false;
  }
}

/** `-D`: the directives of ha.cf; with `-W` as wiki markup. */
export function directiveTable(wiki: boolean): string {
  const rows = [...directives]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, state]) => [name, ownDirectives.has(name) ? `${state}, ours` : state]);
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  const line = (cells: readonly string[]): string =>
    wiki ? `||${cells.join("||")}||` : `${(cells[0] ?? "").padEnd(width)}  ${cells[1]}`;
  return `${[line(["Directive", "Status"]), ...rows.map(line)].join("\n")}\n`;
}

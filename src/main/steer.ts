import { hostname } from "node:os";
import type { Paths } from "../io/paths.js";
import { findMaster } from "../io/pid-file.js";
import { loadConfig } from "./load.js";
import type { Options } from "./options.js";
import { logOf, showProblems, start, startCodes } from "./start.js";

/** Milliseconds that a command waits for the log. */
const logLimit = 1_000;

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
  const text = `Signalling heartbeat pid ${known.pid} to reread config files`;
  process.stderr.write(`info: ${text}\n`);
  const log = logOf(config, paths);
  log.line({ level: "info", program: "heartbeat", text });
  await log.flush(logLimit);
  return signal(known.pid, "SIGHUP") ? 0 : startCodes.notRoot;
}

/** `-R` was the original's way to start itself anew; from outside it means a reload, and needs a running daemon. */
export async function restart(options: Options, paths: Paths): Promise<number> {
  if (findMaster(paths).kind === "running") return reload(options, paths);
  process.stderr.write("ERROR: heartbeat is not running.\n");
  return startCodes.configuration;
}

/** @returns whether the signal was sent; a refusal is said. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
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

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { type Paths, pathOptionsFrom, resolvePaths } from "../../src/io/paths.js";
import { type RunnerProcess, startRunner } from "../../src/io/runner-process.js";
import type { ClientSettings, RunnerSettings } from "../../src/io/runner-protocol.js";
import { scriptEnvironment } from "../../src/io/script-environment.js";
import { temporaryDirectory } from "./temporary.js";

/** A host in a directory: its own /etc, /run and /var, and the settings of a script runner in it. */
export interface RunnerWorld {
  readonly paths: Paths;
  readonly settings: RunnerSettings;
  /** Writes a script into resource.d (or elsewhere beneath the root). */
  script(name: string, text: string, where?: string, mode?: number): string;
  /** What ha-log or ha-debug holds. */
  log(name?: "ha-log" | "ha-debug"): string;
  /** A file that scripts may write: `$DIR/<name>`. */
  file(name: string): string;
  read(name: string): string;
}

export function runnerWorld(
  clients: readonly ClientSettings[] = [],
  fencing: RunnerSettings["fencing"] = [],
  monitors: RunnerSettings["monitors"] = {},
): RunnerWorld {
  const root = temporaryDirectory();
  const paths = resolvePaths(pathOptionsFrom({ HEARTBEAT_ROOT: root }));
  for (const directory of [paths.runDir, paths.logDir, paths.varDir]) mkdirSync(directory, { recursive: true });
  const file = (name: string): string => join(root, name);
  const settings: RunnerSettings = {
    places: paths,
    monitors,
    environment: {
      ...scriptEnvironment({
        parameters: [["keepalive", "1"]],
        paths,
        node: "alpha",
        niceFailback: true,
        logfile: join(paths.logDir, "ha-log"),
        debugfile: join(paths.logDir, "ha-debug"),
        facility: "local1",
        debugLevel: 0,
        logd: false,
      }),
      DIR: root,
    },
    coresDir: paths.coresDir,
    socket: paths.runnerSocket,
    ledger: paths.childLedger,
    host: "alpha",
    log: {
      logfile: join(paths.logDir, "ha-log"),
      debugfile: join(paths.logDir, "ha-debug"),
      facility: undefined,
      debugLevel: 0,
      syslogFormat: true,
      journal: undefined,
    },
    clients,
    respawnPause: 50,
    reboot: [join(root, "reboot")],
    hooks: { rcDir: paths.rcDir, harc: paths.harc, fifo: paths.fifo },
    fencing,
  };
  return {
    paths,
    settings,
    file,
    script(name, text, where = paths.resourceDir, mode = 0o755) {
      const path = join(where, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      chmodSync(path, mode);
      return path;
    },
    log: (name = "ha-log") => readIfThere(join(paths.logDir, name)),
    read: (name) => readIfThere(file(name)),
  };
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

/** Starts a runner in the world; it ends with the test. */
export async function runnerIn(t: TestContext, world: RunnerWorld): Promise<RunnerProcess> {
  const runner = startRunner(world.settings);
  t.after(() => void runner.leave(1000));
  await runner.ready;
  return runner;
}

/** @returns whether a process of that number lives (a zombie does not). */
export function alive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

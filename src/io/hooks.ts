import { accessSync, constants, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Hook } from "../ports/hooks.js";
import type { ChildLedger } from "./child-ledger.js";
import type { OpenLog } from "./log.js";
import { startScript } from "./script-process.js";

/**
 * The hooks of rc.d: a message whose type is the name of a file there runs that file, through harc where there is one. They run
 * one at a time and in the order of the messages, as they always did; beside the resource work and never before it, so that a hook
 * that sleeps delays hooks and nothing else. The files are looked for once: a new one needs a restart.
 */
export interface Hooks {
  /** Queues a run; what is no file in rc.d is no hook. */
  run(hook: Hook): void;
  /** Runs that wait or are under way. */
  readonly pending: number;
}

export interface HookSettings {
  readonly rcDir: string;
  /** `/etc/ha.d/harc`; without it the hooks are run directly. */
  readonly harc: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where hooks print to. */
  readonly output: string;
  readonly coresDir: string;
  /** Milliseconds that one hook may take; 60 s. */
  readonly limit?: number;
}

const usualLimit = 60_000;
/** Hooks that may wait; an endless loop of messages must not fill the memory. */
const mostWaiting = 200;

/**
 * The scripts that the original ships for these types move resources: behind the back of the daemon, which does the same work itself.
 * Whatever file stands there instead is run, as long as it does not call the programs that do it.
 */
const doneByDaemon: readonly string[] = ["ip-request", "ip-request-resp", "hb_takeover"];
const movers = /\b(ResourceManager|mach_down|req_resource|hb_standby|hb_takeover)\b/;

export function hooks(settings: HookSettings, log: Lines, ledger: ChildLedger): Hooks {
  const known = knownHooks(settings, log);
  const waiting: Hook[] = [];
  let busy = false;
  const next = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    for (let hook = waiting.shift(); hook !== undefined; hook = waiting.shift())
      await perform(hook, settings, log, ledger);
    busy = false;
  };
  return {
    get pending() {
      return waiting.length + (busy ? 1 : 0);
    },
    run(hook) {
      if (!known.has(hook.type)) return;
      if (waiting.length >= mostWaiting)
        return say(log, "ERROR", `Too many hooks are waiting: ${hook.type} is not run`);
      waiting.push(hook);
      void next();
    },
  };
}

type Lines = Pick<OpenLog, "line">;

const say = (log: Lines, level: string, text: string): void => log.line({ level, program: "harc", text });

function knownHooks({ rcDir }: HookSettings, log: Lines): ReadonlySet<string> {
  const names = entriesOf(rcDir).filter((name) => /^[\w.-]+$/.test(name));
  const idle = names.filter((name) => doneByDaemon.includes(name) && movesResources(join(rcDir, name)));
  if (idle.length > 0)
    say(log, "debug", `${idle.join(", ")} in ${rcDir} would move resources, which heartbeat does itself: not run`);
  return new Set(names.filter((name) => !idle.includes(name)));
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function movesResources(path: string): boolean {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .some((line) => !/^\s*#/.test(line) && movers.test(line));
  } catch {
    return true;
  }
}

async function perform(hook: Hook, settings: HookSettings, log: Lines, ledger: ChildLedger): Promise<void> {
  const { limit = usualLimit } = settings;
  const script = join(settings.rcDir, hook.type);
  if (!isExecutable(script)) return say(log, "ERROR", `${script}: not executable`);
  const through = isExecutable(settings.harc);
  // harc says so itself.
  if (!through) say(log, "info", `Running ${script} ${hook.type}`);
  const running = startScript({
    path: through ? settings.harc : script,
    words: [hook.type],
    environment: { ...process.env, ...settings.environment, ...hookEnvironment(hook) },
    directory: workingDirectory(settings.coresDir),
    output: { file: settings.output },
    timeout: limit,
  });
  if (running.pid !== undefined) ledger.add(running.pid);
  const end = await running.finished;
  if (running.pid !== undefined) ledger.remove(running.pid);
  if (end.kind === "timed-out") say(log, "ERROR", `${script} did not end within ${limit / 1000} s; it was ended`);
  if (end.kind === "not-started") say(log, "ERROR", `${script} cannot be started: ${end.errno}`);
}

/** @returns the fields of the message as `HA_<field>`; names that no shell could read are left out. */
export function hookEnvironment({ fields }: Hook): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields))
    if (/^\w+$/.test(name)) environment[`HA_${name}`] = value.replaceAll("\0", "").slice(0, longestValue);
  return environment;
}

const longestValue = 4096;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function workingDirectory(coresDir: string): string {
  const directory = join(coresDir, "root");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch {
    return "/";
  }
}

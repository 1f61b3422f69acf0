/**
 * Running other programs, always with a time limit. The lab is glue around `ip`, `nft`, `unshare` and `nsenter`; a glue that can hang
 * is worse than one that fails, so nothing here waits for ever.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** How a program ended. `code` is 128 + the signal's number when it was killed, as in a shell, and 124 when it ran out of time. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Optional circumstances of a run. */
export interface RunOptions {
  /** Text for its standard input; none means end of file. */
  readonly input?: string;
  /** Milliseconds before it is killed; 30 seconds when left out. */
  readonly timeout?: number;
  /** Variables added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The environment without what was meant for this `node` alone (test runner, coverage, inspector): a daemon of the lab must not take
 * itself for a part of the test.
 */
export function cleanEnvironment(): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("NODE_"));
  const { PATH = "" } = process.env;
  const path = [...new Set([...PATH.split(":"), "/usr/sbin", "/usr/bin", "/sbin", "/bin"])].join(":");
  return { ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ""])), PATH: path, LC_ALL: "C" };
}

const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Runs a program to its end and says how it ended; it never throws, even if the program does not exist (code 127). */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = "", ...rest] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: "pipe", env: { ...cleanEnvironment(), ...options.env } });
    let stdout = "";
    let stderr = "";
    let late = false;
    const limit = options.timeout ?? 30_000;
    const finish = (code: number) => {
      clearTimeout(timer);
      // A daemon that inherited these pipes would otherwise keep this process waiting for an end of file that never comes.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: late ? 124 : code, stdout, stderr: late ? `${stderr}(killed after ${limit} ms)\n` : stderr });
    };
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, limit);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (error) => {
      stderr += `${error.message}\n`;
      finish(127);
    });
    const codeOf = (code: number | null, signal: string | null): number => code ?? 128 + (SIGNALS[signal ?? ""] ?? 0);
    child.on("close", (code, signal) => finish(codeOf(code, signal)));
    // What was written last may still be in the pipe; a pipe that a daemon has inherited never ends.
    child.on("exit", (code, signal) => setTimeout(() => setImmediate(() => finish(codeOf(code, signal))), 50));
    child.stdin.on("error", () => undefined).end(options.input ?? "");
  });
}

/** Like `run`, for steps that have to succeed: a failure is thrown with the program's own words. */
export async function mustRun(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const outcome = await run(argv, options);
  if (outcome.code !== 0) {
    const script = options.input === undefined ? "" : `\nfed with:\n${options.input}`;
    throw new Error(`${argv.join(" ")}: exit code ${outcome.code}\n${outcome.stderr}${outcome.stdout}${script}`);
  }
  return outcome;
}

/** Resolves once the child has ended; at once if it already has. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  // While somebody waits for it, it counts, even if it was started as one that does not keep this process alive.
  child.ref();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

/** Milliseconds of patience, for loops that poll. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What `until` takes for an answer that is still to come. */
type NotYet = undefined | null | false;

/** Asks again and again until the answer is something; throws, naming what was waited for, after `timeout` milliseconds. */
export async function until<T>(
  what: string,
  timeout: number,
  ask: () => Promise<T | NotYet> | T | NotYet,
  every = 20,
): Promise<T> {
  const end = performance.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${timeout} ms in vain for: ${what}`);
    await pause(every);
  }
}

/** Makes one word of a shell command out of any text. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

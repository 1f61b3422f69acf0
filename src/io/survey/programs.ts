import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** How a program that was asked something ended. What it prints is cut at 4 MiB. */
export type Ran =
  | { readonly kind: "exited"; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "hung" }
  | { readonly kind: "not-started"; readonly why: string };

export interface RunOptions {
  /** Milliseconds; then the program and all that it started are killed. */
  readonly limit: number;
  readonly environment?: Readonly<Record<string, string>>;
}

const longestOutput = 4 * 1024 * 1024;

/** Runs a program in a process group of its own, without input. */
export function runBriefly(command: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C", PATH: searchPath(), ...options.environment },
    });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    const settle = (ran: Ran): void => {
      clearTimeout(limit);
      // A service that the script left behind keeps our pipes open; we do not wait for it.
      child.stdout.destroy();
      child.stderr.destroy();
      done(ran);
    };
    const limit = setTimeout(() => {
      killGroup(child);
      settle({ kind: "hung" });
    }, options.limit);
    child.once("error", (error) => settle({ kind: "not-started", why: error.message }));
    child.once("exit", (code) =>
      setImmediate(() => settle({ kind: "exited", code: code ?? -1, stdout: stdout(), stderr: stderr() })),
    );
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (text.length < longestOutput) text += chunk;
  });
  return () => text;
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // it ended in the same moment
  }
}

/** The caller's search path, with the directories of system programs that users often lack. */
const searchPath = (): string => [process.env["PATH"] ?? "", "/usr/local/sbin", "/usr/sbin", "/sbin"].join(delimiter);

/** Whether an executable of that name is on the search path. */
export function isOnPath(name: string): boolean {
  return searchPath()
    .split(delimiter)
    .filter((directory) => directory !== "")
    .some((directory) => isExecutable(join(directory, name)));
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

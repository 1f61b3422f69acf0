import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { killGroup } from "./child-ledger.js";
import type { CallEnd } from "./script-outcome.js";

/**
 * One run of a script, in a session and process group of its own. What ends a run is the exit of the script, never the end
 * of its output: a service that it left behind may keep the output open for years. For the same reason `start` and `stop`
 * write straight into a file and not into a pipe of ours, whose end would one day kill the service with SIGPIPE.
 */
export interface ScriptProcess {
  readonly path: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly directory: string;
  /** `captured`: what the script says is wanted as its answer; otherwise the file that it is appended to. */
  readonly output: "captured" | { readonly file: string };
  /** What it reads on its standard input; absent: nothing. */
  readonly input?: string;
  /** Milliseconds until the group is sent SIGTERM. */
  readonly timeout: number;
}

export interface RunningScript {
  readonly pid: number | undefined;
  readonly finished: Promise<CallEnd>;
  /** Ends the process group, with SIGTERM and a little later with SIGKILL. */
  end(): void;
}

/** Milliseconds between SIGTERM and SIGKILL. */
export const killGrace = 2000;
/** After the exit, output that is still in the pipe is awaited for this many milliseconds. */
const outputGrace = 100;
const longestOutput = 64 * 1024;
/** A disk with less space than so many bytes counts as full. */
const leastSpace = 64 * 1024;

/** @returns the run, begun. Never throws: what cannot be started has ended as `not-started`. */
export function startScript(script: ScriptProcess): RunningScript {
  const file = script.output === "captured" ? undefined : openOutput(script.output.file);
  const child = launch(script, file?.fd);
  if (typeof child === "string") return notStarted(child, file);
  if (child === undefined) return startScript({ ...script, path: "/bin/sh", words: [script.path, ...script.words] });
  const words = { output: gather(child.stdout), complaint: gather(child.stderr) };
  const ending = endingOf(child);
  const limit = setTimeout(() => ending.begin("timed-out"), script.timeout);
  const finished = new Promise<CallEnd>((settle) => {
    child.once("error", (error: NodeJS.ErrnoException) => settle({ kind: "not-started", errno: error.code ?? "EIO" }));
    child.once("exit", (code, signal) =>
      settle(endOf(child, words, { code, signal, timedOut: ending.begun === "timed-out" })),
    );
  }).finally(() => clearTimeout(limit));
  return {
    pid: child.pid,
    finished: finished.then((end) => withWrittenOutput(end, file)),
    end: () => ending.begin("abandoned"),
  };
}

/** @returns the child; `undefined` for a script without `#!` (a shell would run it, so do we); else the error's name. */
function launch(script: ScriptProcess, fd: number | undefined): ChildProcess | string | undefined {
  const stdio: StdioOptions = [script.input === undefined ? "ignore" : "pipe", fd ?? "pipe", fd ?? "pipe"];
  try {
    const child = spawn(script.path, script.words, {
      cwd: script.directory,
      env: script.environment,
      stdio,
      detached: true,
    });
    child.stdin?.on("error", () => {});
    child.stdin?.end(script.input);
    return child;
  } catch (error) {
    const { code = "EIO" } = error as NodeJS.ErrnoException;
    return code === "ENOEXEC" && script.path !== "/bin/sh" ? undefined : code;
  }
}

function notStarted(errno: string, file: OutputFile | undefined): RunningScript {
  if (file !== undefined) closeSync(file.fd);
  return { pid: undefined, finished: Promise.resolve({ kind: "not-started", errno }), end: () => {} };
}

function endingOf(child: ChildProcess) {
  let begun: "timed-out" | "abandoned" | undefined;
  return {
    get begun() {
      return begun;
    },
    begin(why: "timed-out" | "abandoned"): void {
      if (child.pid === undefined || begun !== undefined) return;
      begun = why;
      const leader = child.pid;
      killGroup(leader, "SIGTERM");
      // Also for members that outlive their leader: as long as one lives, the number of the group is not given away.
      setTimeout(() => killGroup(leader, "SIGKILL"), killGrace);
    },
  };
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
}

async function endOf(child: ChildProcess, words: Gathered, exit: Exit): Promise<CallEnd> {
  await outputEnded(child);
  if (exit.timedOut) return { kind: "timed-out" };
  if (exit.code === null) return { kind: "signalled", signal: exit.signal ?? "SIGKILL" };
  return { kind: "exited", code: exit.code, output: words.output(), complaint: words.complaint() };
}

interface Gathered {
  readonly output: () => string;
  readonly complaint: () => string;
}

/** Collects the beginning of a stream; the rest is read and dropped, so that the writer never waits. */
function gather(stream: Readable | null): () => string {
  const pieces: Buffer[] = [];
  let length = 0;
  stream?.on("data", (piece: Buffer) => {
    if (length < longestOutput) pieces.push(piece);
    length += piece.length;
  });
  stream?.on("error", () => {});
  return () => Buffer.concat(pieces).subarray(0, longestOutput).toString("utf8");
}

/** Waits until the pipes are empty, or a moment at most: something left behind may hold them open. */
async function outputEnded(child: ChildProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const ended = streams.map((stream) => stream.readableEnded || new Promise((done) => stream.once("close", done)));
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((done) => {
    timer = setTimeout(done, outputGrace);
  });
  await Promise.race([Promise.all(ended), enough]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}

interface OutputFile {
  readonly fd: number;
  /** Where this run's output begins. */
  readonly from: number;
}

/**
 * @returns the file, opened for appending; `/dev/null` when it cannot be opened or its disk is full: a script that cannot print
 * fails (`set -e`), and a full /var/log must neither fail a start nor make a group stuck.
 */
function openOutput(path: string): OutputFile {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    if (path !== "/dev/null" && bavail * bsize < leastSpace) return nowhere();
    const fd = openSync(path, "a+", 0o644);
    return { fd, from: fstatSync(fd).size };
  } catch {
    return nowhere();
  }
}

const nowhere = (): OutputFile => ({ fd: openSync("/dev/null", "a+"), from: 0 });

/** Adds what the script wrote into its file meanwhile (others write there too: see `reasonFrom`), and closes our copy. */
function withWrittenOutput(end: CallEnd, file: OutputFile | undefined): CallEnd {
  if (file === undefined) return end;
  try {
    if (end.kind !== "exited" || end.code === 0) return end;
    const into = Buffer.alloc(8192);
    const length = readSync(file.fd, into, 0, into.length, file.from);
    return { ...end, complaint: into.subarray(0, length).toString("utf8") };
  } catch {
    return end;
  } finally {
    closeSync(file.fd);
  }
}

/** Lines that heartbeat's own processes wrote into the same file in the meantime. */
const ownLine = /^([A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \S+ \w+: \[\d+\]: |\S+\([^)]*\)\[\d+\]:\t|\d{4}\/\d\d\/\d\d_)/;

/** @returns the last words of a script that failed, at most three lines: the reason, for the log. */
export function reasonFrom(complaint: string): string {
  const said = complaint.split("\n").map((line) => line.trim());
  return said
    .filter((line) => line !== "" && !ownLine.test(line))
    .slice(-3)
    .join("; ");
}

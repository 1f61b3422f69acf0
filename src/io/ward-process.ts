import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { longestReport, type WardOrder, type WardReport, wardReport } from "./guardian-protocol.js";
import { readObjects, writeObject } from "./json-lines.js";
import { realtimeOptions } from "./realtime.js";

/** The daemon process as its guardian sees it: a pipe, an exit, and words on stderr that nobody else would keep. */
export interface WardProcess {
  readonly pid: number | undefined;
  tell(order: WardOrder): void;
  /** Nothing more is read from this process, or told about it: it has passed the node on and ends by itself, or is ended. */
  letGo(): void;
  /** SIGKILL to the process and its own group. Resource scripts and services are in other groups. */
  kill(): void;
}

export interface WardListeners {
  onReport(report: WardReport): void;
  onExit(code: number | undefined, signal: string | undefined): void;
  /** The pipe ended; the exit will be told too. */
  onLinkLost(): void;
  /** A line that the daemon (or Node itself, dying) wrote to stderr. */
  onComplaint(line: string): void;
}

const longestComplaint = 200;
/** Time for the end of a process that was let go. */
const leaveLimit = 10_000;

/** Starts `node <args>` in a session of its own. */
export function startWard(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  listeners: WardListeners,
): WardProcess {
  const child = spawn(process.execPath, [...realtimeOptions, ...args], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    detached: true,
    env: environment,
  });
  // With "pipe" at position 3 Node gives a connected pair of sockets.
  const pipe = child.stdio[3] as unknown as Duplex;
  pipe.on("error", () => {});
  let gone = false;
  pipe.once("close", () => gone || listeners.onLinkLost());
  readObjects(pipe, longestReport, (value) => {
    const report = wardReport(value);
    if (report !== undefined && !gone) listeners.onReport(report);
  });
  let complaints = 0;
  child.stderr?.on("error", () => {});
  child.stderr?.on("data", (piece: Buffer) => {
    for (const line of piece.toString("utf8").split("\n"))
      if (line.trim() !== "" && ++complaints <= longestComplaint) listeners.onComplaint(line);
  });
  child.once("error", () => gone || listeners.onExit(undefined, undefined));
  child.once("exit", (code, signal) => gone || listeners.onExit(code ?? undefined, signal ?? undefined));
  return {
    pid: child.pid,
    tell: (order) => void writeObject(pipe, order, longestReport),
    letGo() {
      gone = true;
      pipe.destroy();
      const enough = setTimeout(() => this.kill(), leaveLimit);
      child.once("exit", () => clearTimeout(enough));
    },
    kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // The group is gone with its leader.
      }
    },
  };
}

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * /run/heartbeat.pid: eleven bytes, `%10d\n`. A number in a file proves nothing: the process may be gone, or be somebody
 * else's by now. So the process is looked at before anything is said about it, or done to it.
 */
export type PidFile =
  /** No file, or nothing usable in it. */
  | { readonly kind: "none" }
  /** The process that it names is gone or is not heartbeat. */
  | { readonly kind: "stale"; readonly pid: number }
  | { readonly kind: "running"; readonly pid: number };

/** What `ps` shows of the process that the file names; the guardian sets it before it writes the file. */
export const masterTitle = "heartbeat: master control process";

/** @returns what the file says, checked against the process table. */
export function readPidFile(path: string): PidFile {
  const pid = numberIn(path);
  if (pid === undefined) return { kind: "none" };
  return isHeartbeat(pid) ? { kind: "running", pid } : { kind: "stale", pid };
}

/**
 * @returns the master control process: as the pid file has it, else as the lock has it, into which it wrote itself too. A pid file
 * that somebody removed or overwrote must not make `-k` say that all is stopped while addresses are held.
 */
export function findMaster({
  pidFile,
  masterLock,
}: {
  readonly pidFile: string;
  readonly masterLock: string;
}): PidFile {
  const known = readPidFile(pidFile);
  if (known.kind === "running") return known;
  const holder = readPidFile(masterLock);
  return holder.kind === "running" ? holder : known;
}

export function writePidFile(path: string, pid: number): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${String(pid).padStart(10)}\n`, { mode: 0o644 });
}

/** Removes the file if it still is about `pid`: a successor's file is left alone. */
export function removePidFile(path: string, pid: number): void {
  if (numberIn(path) === pid) rmSync(path, { force: true });
}

function numberIn(path: string): number | undefined {
  try {
    const text = readFileSync(path, "latin1").slice(0, 64).trim();
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process lives and calls itself what the master control process calls itself (the original's has the same title). */
function isHeartbeat(pid: number): boolean {
  try {
    if (/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "latin1"))) return false;
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").startsWith(masterTitle);
  } catch {
    return false;
  }
}

/** Waits until the process is gone. @returns false when it is still there after `limit` milliseconds; calls `remind` every `interval`. */
export async function waitForEnd(
  pid: number,
  limit: number,
  { interval, remind }: { readonly interval: number; readonly remind: (waited: number) => void },
): Promise<boolean> {
  const begun = Date.now();
  let reminded = begun;
  while (isHeartbeat(pid)) {
    if (Date.now() - begun >= limit) return false;
    if (Date.now() - reminded >= interval) {
      reminded = Date.now();
      remind(reminded - begun);
    }
    await sleep(50);
  }
  return true;
}

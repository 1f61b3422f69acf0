import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as libc from "../io/libc.js";
import { writePidFile } from "../io/pid-file.js";

const O_CREAT = 0o100;
/** Between two looks at a lock, in milliseconds. */
const lookAgain = 50;

/**
 * One master control process per installation, and one daemon. The pid file cannot promise that (two starts at the same moment both
 * find none); a lock that the kernel drops with its holder can. The holder's number is written into it.
 * @returns false when another process has it.
 */
export function lockForLife(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const file = libc.open(path, libc.O_RDWR | O_CREAT, 0o644);
  // Where no lock can be made (a strange file system) the pid file must do.
  if (!file.ok) return true;
  if (libc.flock(file.value, libc.LOCK_EX | libc.LOCK_NB).ok) {
    locks.set(path, file.value);
    writePidFile(path, process.pid);
    return true;
  }
  libc.close(file.value);
  return false;
}

/** Descriptors of the locks that this process has. */
const locks = new Map<string, number>();

/** Gives a lock up before the process ends: its successor needs it now. */
export function releaseLock(path: string): void {
  const descriptor = locks.get(path);
  if (descriptor !== undefined) libc.close(descriptor);
  locks.delete(path);
}

/** @returns whether the lock could be had within `limit` milliseconds. */
export const lockWithin = (path: string, limit: number): Promise<boolean> => within(limit, () => lockForLife(path));

/** Waits until nobody has the lock. @returns false when somebody still has it after `limit` milliseconds. */
export const unlockedWithin = (path: string, limit: number): Promise<boolean> => within(limit, () => !isLocked(path));

/** @returns whether a living process has the lock. */
export function isLocked(path: string): boolean {
  const file = libc.open(path, libc.O_RDWR, 0);
  if (!file.ok) return false;
  const free = libc.flock(file.value, libc.LOCK_EX | libc.LOCK_NB).ok;
  libc.close(file.value);
  return !free;
}

async function within(limit: number, done: () => boolean): Promise<boolean> {
  const end = performance.now() + limit;
  while (!done()) {
    if (performance.now() >= end) return false;
    await sleep(lookAgain);
  }
  return true;
}

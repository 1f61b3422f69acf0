import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import * as libc from "../io/libc.js";

const O_CREAT = 0o100;

/**
 * One master control process per installation. The pid file cannot promise that (two starts at the same moment both find none);
 * a lock that the kernel drops with its holder can.
 * @returns false when another process has it.
 */
export function lockInstallation(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const file = libc.open(path, libc.O_RDWR | O_CREAT, 0o600);
  // Where no lock can be made (a strange file system) the pid file must do.
  if (!file.ok) return true;
  if (libc.flock(file.value, libc.LOCK_EX | libc.LOCK_NB).ok) return true;
  libc.close(file.value);
  return false;
}

/** Core dumps: whether the kernel may write them, and the directories where they land: `<coreroot>/<user>`, as the original has it. */
import { chmodSync, chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import * as libc from "./libc.js";

/**
 * Allows core dumps of any size that the hard limit lets through, or none. Children inherit it.
 * @returns why that was refused; `undefined` when it was done.
 */
export function allowCoreDumps(allowed: boolean): string | undefined {
  const limit = libc.getCoreLimit();
  if (!limit.ok) return libc.describeError(limit);
  const set = libc.setCoreLimit({ soft: allowed ? limit.value.hard : 0n, hard: limit.value.hard });
  return set.ok ? undefined : libc.describeError(set);
}

/** @returns the working directory of a user's processes, made when it is not there; `/` when that cannot be. */
export function coresDirectory(root: string, owner: { readonly user: string; readonly uid?: number }): string {
  const directory = join(root, owner.user);
  try {
    if (mkdirSync(directory, { recursive: true }) === undefined) return directory;
    // A core has everything in it that the process had in memory.
    chmodSync(directory, 0o700);
    if (owner.uid !== undefined) chownSync(directory, owner.uid, 0);
    return directory;
  } catch {
    return "/";
  }
}

/** Makes `<coreroot>/root` this process's working directory, so that its core lands there. */
export function workWhereCoresLand(root: string): void {
  try {
    process.chdir(coresDirectory(root, { user: "root" }));
  } catch {
    process.chdir("/");
  }
}

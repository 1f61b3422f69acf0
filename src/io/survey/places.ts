import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PlaceFacts } from "../../ports/survey.js";
import { findUser } from "../accounts.js";
import type { Paths } from "../paths.js";
import { findMaster } from "../pid-file.js";
import { quietly, type System } from "./system.js";

/**
 * @param users whose programs must be able to work in their directories below `cores`.
 * @param logs files that are written.
 */
export function surveyPlaces(
  paths: Paths,
  system: System,
  { users, logs }: { readonly users: readonly string[]; readonly logs: readonly string[] },
): PlaceFacts {
  const directories = [...logs.map((log) => dirname(paths.place(log))), paths.varDir];
  return {
    fifo: kindOf(paths.fifo),
    fifoPath: paths.fifo,
    pidFile: findMaster(paths).kind,
    pidPath: paths.pidFile,
    shut: users.flatMap((user) => shutFor(user, join(paths.coresDir, user))),
    rootWritable: ((quietly(() => statSync(system.path("/")).mode) ?? 0) & 0o022) !== 0,
    disks: [...new Set(directories)].filter(existsSync).flatMap(diskOf),
  };
}

function kindOf(path: string): PlaceFacts["fifo"] {
  const facts = quietly(() => lstatSync(path));
  if (facts === undefined) return "absent";
  return facts.isFIFO() ? "fifo" : "other";
}

/** The first directory on the way to `path` that the user may not enter. What does not exist is made when it is needed. */
function shutFor(user: string, path: string): PlaceFacts["shut"] {
  const account = findUser(user);
  if (account === undefined || account.uid === 0) return [];
  const way = [path];
  for (let above = dirname(path); above !== way[0]; above = dirname(above)) way.unshift(above);
  for (const step of way) {
    const facts = quietly(() => statSync(step));
    if (facts === undefined) return [];
    const because = obstacle(facts, account);
    if (because !== undefined) return [{ path: step, user, because }];
  }
  return [];
}

interface Owned {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  isDirectory(): boolean;
}

/** Like the kernel: the first of owner, group and others that fits is the one that counts. */
export function obstacle(facts: Owned, account: { readonly uid: number; readonly gid: number }): string | undefined {
  if (!facts.isDirectory()) return "it is no directory";
  const [who, bit] =
    facts.uid === account.uid
      ? (["the owner", 0o100] as const)
      : facts.gid === account.gid
        ? (["the group", 0o010] as const)
        : (["others", 0o001] as const);
  if ((facts.mode & bit) !== 0) return undefined;
  return `mode ${(facts.mode & 0o7777).toString(8).padStart(4, "0")}, owner ${facts.uid}:${facts.gid}; ${who} may not enter`;
}

function diskOf(path: string): PlaceFacts["disks"] {
  const disk = quietly(() => statfsSync(path));
  if (disk === undefined) return [];
  const isRoot = process.getuid?.() === 0;
  const writable = !isRoot || quietly(() => accessSync(path, constants.W_OK) ?? true) === true;
  return [{ path, free: disk.bavail * disk.bsize, writable }];
}

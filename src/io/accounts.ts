import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Users and groups of this host. The files are asked first, then `getent` (directory services). May wait: for start-up only. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** Its primary group. */
  readonly gid: number;
}

/** @returns the user called `name`, or `undefined` when this host knows none. */
export function findUser(name: string): Account | undefined {
  const entry = lookUp("passwd", name);
  const [uid, gid] = [Number(entry?.[2]), Number(entry?.[3])];
  return entry !== undefined && Number.isInteger(uid) && Number.isInteger(gid) ? { name, uid, gid } : undefined;
}

/** @returns the number of the group called `name`, or `undefined`. */
export function findGroup(name: string): number | undefined {
  const gid = Number(lookUp("group", name)?.[2]);
  return Number.isInteger(gid) ? gid : undefined;
}

/** Who owns heartbeat's files: hacluster:haclient where the package made them, else nobody in particular. */
export function heartbeatOwner(): { readonly uid: number; readonly gid: number } | undefined {
  const uid = findUser("hacluster")?.uid;
  const gid = findGroup("haclient");
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

/** @returns the fields of the entry, from /etc/<database> or else from `getent`. */
function lookUp(database: "passwd" | "group", name: string): readonly string[] | undefined {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/.test(name)) return undefined;
  return entryOf(readDatabase(database), name) ?? entryOf(askNameService(database, name), name);
}

const entryOf = (text: string, name: string): readonly string[] | undefined =>
  text
    .split("\n")
    .map((line) => line.split(":"))
    .find((fields) => fields[0] === name);

function readDatabase(database: string): string {
  try {
    return readFileSync(`/etc/${database}`, "utf8");
  } catch {
    return "";
  }
}

function askNameService(database: string, name: string): string {
  try {
    return execFileSync("getent", [database, name], {
      encoding: "utf8",
      timeout: 3000,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return ""; // unknown, or no getent on this host
  }
}

import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readAuthkeys } from "../config/authkeys.js";
import { formatProblem, type Problem } from "../config/problem.js";
import { reportOn } from "../config/report.js";
import { digests } from "../io/digests.js";
import { createSeals, type Seals } from "../witness/seal.js";

/** The clusters that a witness serves, and what the operator should know about the files that name them. */
export interface WitnessKeys {
  /** `undefined`: the file is there and cannot be used. */
  readonly clusters: ReadonlyMap<string, Seals | undefined>;
  /** One text per problem. */
  readonly problems: readonly { readonly level: "ERROR" | "WARN"; readonly text: string }[];
  /** Whether the directory could be read. */
  readonly isComplete: boolean;
}

/** Of a cluster: what `cluster` in ha.cf may say and a file may be called. */
const clusterName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What editors and package managers leave behind. */
const leftover = /^\.|~$|\.(saved|bak|swp|dpkg-\w+|rpm\w+)$/;
const mostClusters = 1_000;
const largestFile = 64 * 1024;

type Trouble = WitnessKeys["problems"][number];

/** Reads all key files of a directory: each is a copy of a cluster's authkeys under the cluster's name. */
export async function readWitnessKeys(directory: string): Promise<WitnessKeys> {
  const problems: Trouble[] = [];
  const clusters = new Map<string, Seals | undefined>();
  const names = await namesIn(directory, problems);
  for (const name of names ?? []) clusters.set(name, await sealsIn(join(directory, name), problems));
  return { clusters, problems, isComplete: names !== undefined };
}

async function namesIn(directory: string, problems: Trouble[]): Promise<readonly string[] | undefined> {
  const say = (text: string): void => void problems.push({ level: "ERROR", text });
  try {
    const names = (await readdir(directory)).filter((name) => !leftover.test(name)).sort();
    for (const name of names.filter((one) => !clusterName.test(one)))
      say(`${join(directory, name)}: no name of a cluster (letters, digits, . _ -; at most 64)`);
    const good = names.filter((one) => clusterName.test(one));
    if (good.length > mostClusters) say(`${directory}: more than ${mostClusters} clusters; the others are not served`);
    return good.slice(0, mostClusters);
  } catch (error) {
    say(`${directory}: ${reasonOf(error)} (mkdir -m 700 ${directory}, and put a copy of a cluster's authkeys into it)`);
    return undefined;
  }
}

async function sealsIn(path: string, problems: Trouble[]): Promise<Seals | undefined> {
  const file = await contentOf(path);
  if (typeof file === "string") {
    problems.push({ level: "ERROR", text: `${path}: ${file}` });
    return undefined;
  }
  const found: Problem[] = [];
  const keys = readAuthkeys({ path, ...file }, reportOn(path, found));
  for (const problem of found)
    problems.push({
      level: problem.severity === "error" ? "ERROR" : "WARN",
      text: formatProblem(problem).replace(/\s+/g, " "),
    });
  if (keys === undefined || found.some(({ severity }) => severity === "error")) return undefined;
  const seals = createSeals(keys, digests);
  if (seals === undefined)
    problems.push({ level: "ERROR", text: `${path}: crc has no secret; a witness needs one (heartbeat keygen)` });
  return seals;
}

/** @returns text and mode of the same file, or why not. */
async function contentOf(path: string): Promise<{ readonly text: string; readonly mode: number } | string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const stat = await file.stat();
    if (!stat.isFile()) return "not a file";
    if (stat.size > largestFile) return `larger than ${largestFile} bytes: not an authkeys file`;
    return { text: await file.readFile("utf8"), mode: stat.mode & 0o7777 };
  } catch (error) {
    return reasonOf(error);
  } finally {
    await file?.close();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { ConfigFiles } from "../../config/check.js";
import { type Difference, differencesBetween } from "../../config/difference.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";

export interface CompareOptions {
  readonly directory: string;
  /** Another directory with the three files, or a revision of the git repository in which `directory` is. */
  readonly against: string;
  readonly json: boolean;
}

/** `heartbeat check --against`: what the two sets of files mean differently; 0 nothing, 1 something, 5 there is nothing to compare with. */
export async function compare(around: Surroundings, options: CompareOptions): Promise<number> {
  const { directory, against, json } = options;
  const { terminal } = around;
  const here = around.loadFiles(directory);
  const there = isDirectory(against) ? around.loadFiles(against) : filesOfRevision(directory, against, here);
  if (typeof there === "string") {
    terminal.error(`${there}\n`);
    return exitCodes.failed;
  }
  const differences = differencesBetween(here, there);
  if (json) terminal.out(`${JSON.stringify({ same: differences.length === 0, differences }, undefined, 2)}\n`);
  else
    terminal.out(
      differences.length === 0 ? `${directory} and ${against} mean the same\n` : shown(differences, against),
    );
  return differences.length === 0 ? exitCodes.completed : exitCodes.refused;
}

const shown = (differences: readonly Difference[], against: string): string =>
  differences
    .map(({ file, what, here, there, consequence }) => {
      const side = (text: string | undefined): string => text ?? "(nothing)";
      return `${file}: ${what}\n    here: ${side(here)}\n    ${against}: ${side(there)}\n    ${consequence}\n`;
    })
    .join("");

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const gitLimit = 10_000;

/** authkeys is seldom under version control, and should not be: when the revision has none there is nothing to compare. */
function filesOfRevision(directory: string, revision: string, here: ConfigFiles): ConfigFiles | string {
  const show = (name: string): string | undefined => {
    try {
      return execFileSync("git", ["-C", directory, "show", `${revision}:./${name}`], {
        encoding: "utf8",
        timeout: gitLimit,
        stdio: ["ignore", "pipe", "ignore"],
      });
    } catch {
      return undefined;
    }
  };
  const [haCf, haresources] = [show("ha.cf"), show("haresources")];
  if (haCf === undefined && haresources === undefined)
    return `${revision} is neither a directory nor a git revision of ${directory} with these files`;
  const source = (name: string, text: string | undefined) => ({ path: join(directory, name), text });
  const keys = show("authkeys");
  return {
    haCf: source("ha.cf", haCf),
    authkeys: keys === undefined ? here.authkeys : source("authkeys", keys),
    haresources: source("haresources", haresources),
  };
}

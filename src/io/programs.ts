import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Where programs of administrators are, whatever PATH heartbeat was started with. */
const usual = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin"];

/** @returns the path of the program; `undefined` when there is none that may be run. */
export function findProgram(name: string, path = process.env["PATH"] ?? ""): string | undefined {
  if (name === "" || name.includes("/")) return undefined;
  const directories = [...path.split(":").filter((directory) => directory.startsWith("/")), ...usual];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

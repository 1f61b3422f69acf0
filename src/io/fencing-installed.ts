import { readdirSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./programs.js";

/** @returns whether something of this type can be run here: `stonith` with that plug-in, or a fence agent. */
export function isFencingInstalled(type: string): boolean {
  if (type.startsWith("fence_")) return findProgram(type) !== undefined;
  if (findProgram("stonith") === undefined) return false;
  const [folder, name = ""] = type.startsWith("external/") ? ["external", type.slice(9)] : ["stonith2", `${type}.so`];
  return plugInRoots().some((root) => entriesOf(join(root, folder)).includes(name));
}

/** Debian keeps them in /usr/lib, others in /usr/lib64 or below the name of the architecture. */
function plugInRoots(): readonly string[] {
  const libraries = ["/usr/lib", "/usr/lib64", ...entriesOf("/usr/lib").map((name) => `/usr/lib/${name}`)];
  return libraries.map((library) => join(library, "stonith/plugins"));
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

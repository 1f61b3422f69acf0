/** Where things are in the checkout, found from this file's own place, whether it runs from `src/` or from `dist/src/`. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findCheckout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("package.json was not found above the program: is this a whole checkout?");
    folder = parent;
  }
  return folder;
}

/** The folder with package.json. */
export const checkout = findCheckout();

/** A file that the lab copies into its machines; it lies beside the sources and is not compiled. */
export const labFile = (name: string): string => join(checkout, "src/lab/files", name);

/** A compiled program of the lab, to be run by another `node`. */
export const labProgram = (name: string): string => join(checkout, "dist/src/lab", name);

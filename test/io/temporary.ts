import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const directories: string[] = [];
process.once("exit", () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
});

/** A directory of its own for one test, gone at the end of the process: whatever a test ends in `t.after` may use it until then. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "hb-"));
  directories.push(directory);
  return directory;
}

/** Settles when `condition` holds; fails when that takes longer than `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 5000, what = "the awaited condition"): Promise<void> {
  const deadline = Date.now() + limit;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limit} ms`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

export const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

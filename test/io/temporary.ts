import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A directory of its own for one test, gone when the test is over. */
export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "hb-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
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

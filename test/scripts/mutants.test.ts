import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";

const home = join(import.meta.dirname, "../../..");

interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

it("every planted fault still finds the rule that it breaks", () => {
  const mutants: readonly Mutant[] = JSON.parse(readFileSync(join(home, "scripts/mutants.json"), "utf8"));
  const lost = mutants.filter(({ file, find, replace }) => {
    const text = readFileSync(join(home, "dist/src", file), "utf8");
    return find === replace || text.split(find).length !== 2;
  });
  assert.deepEqual(
    lost.map(({ name, file }) => `${file}: ${name}`),
    [],
    "scripts/mutants.json speaks of lines that are no more",
  );
  assert.ok(mutants.length >= 30);
  assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
});

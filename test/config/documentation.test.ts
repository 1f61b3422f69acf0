import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { directives, ownDirectives } from "../../src/config/directives.js";

const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
/** Name and status of each row of the tables of directives. */
const rows = [...page.matchAll(/^\| `(\w+)` \|[^|]*\|[^|]*\| ([a-z ]+) \|/gm)].map(
  ([, name = "", status = ""]) => [name, status] as const,
);

test("docs/configuration.md has one row for every directive, with its true status", () => {
  const wanted = [...directives].map(
    ([name, status]) => [name, ownDirectives.has(name) ? "ours" : status.replace("-", " ")] as const,
  );
  const sorted = (list: readonly (readonly [string, string])[]) => list.map((row) => row.join(": ")).sort();
  assert.deepEqual(sorted(rows), sorted(wanted));
});

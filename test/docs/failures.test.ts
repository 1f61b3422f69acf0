/** docs/FAILURES.md promises something for every failure, and cites what shows it; a story or test that is gone must not stay in it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { citationsIn, missingCitations } from "./citations.js";
import { document } from "./readme-commands.js";

const page = document("docs/FAILURES.md");
const root = fileURLToPath(new URL("../../..", import.meta.url));
const stories = [...page.matchAll(/`stories\/([a-z-]+)`/g)].map(([, name = ""]) => name);

test("every failure has something that shows what happens then", () => {
  const rows = page.split("\n").filter((line) => /^\| (?!failure|means|---)/.test(line));
  assert.ok(rows.length > 25);
  assert.deepEqual(
    rows.filter((row) => !/`(stories|lab)\//.test(row)),
    [],
  );
});

test("every story and every test that the page cites exists", () => {
  assert.deepEqual(
    stories.filter((name) => !existsSync(join(root, "test/stories", `${name}.story`))),
    [],
  );
  assert.deepEqual(missingCitations(citationsIn(page)), []);
});

/** docs/seed-checklist.md says which test shows what; a test that is renamed or gone must not stay in it. */
import assert from "node:assert/strict";
import { accessSync } from "node:fs";
import { test } from "node:test";
import { citationsIn, missingCitations } from "./citations.js";
import { document } from "./readme-commands.js";

const page = document("docs/seed-checklist.md");
const rows = [...page.matchAll(/^\| ([SC]\d+) \| (.+) \| (done|partly|missing|no counterpart) \| (.+) \|$/gm)].map(
  ([, row = "", , status = "", shown = ""]) => ({ row, status, shown }),
);
const citations = rows.flatMap(({ row, shown }) => citationsIn(shown).map((one) => ({ row, ...one })));

test("every row of the seed is there once, in order, with its status", () => {
  const wanted = [
    ...Array.from({ length: 145 }, (_, index) => `S${index + 1}`),
    ...Array.from({ length: 14 }, (_, index) => `C${index + 1}`),
  ];
  assert.deepEqual(
    rows.map(({ row }) => row),
    wanted,
  );
});

test("the sum above the tables is that of the tables", () => {
  const counted = ["done", "partly", "missing", "no counterpart"]
    .map((status) => `${rows.filter((one) => one.status === status).length} ${status}`)
    .join(", ");
  assert.ok(page.includes(`In all: ${counted}.`), counted);
});

test("every cited test exists under that name", () => {
  assert.ok(citations.length > 150, `${citations.length}`);
  assert.deepEqual(missingCitations(citations), []);
});

test("what is done or partly done is shown by a test, a command, or the row that shows it", () => {
  const bare = rows
    .filter(({ status }) => status === "done" || status === "partly")
    .filter(
      ({ shown }) => !/`[a-z]+\/[a-z-]+` "|`scripts\/|\bS\d+\b|README|cited by heading|slip of the pen/.test(shown),
    );
  assert.deepEqual(bare, []);
  accessSync(new URL("../../../scripts/setup.sh", import.meta.url));
});

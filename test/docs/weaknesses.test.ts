/** docs/weaknesses.md says which test shows that ours does not share a weakness; a test that is renamed or gone must not stay in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { citationsIn, missingCitations } from "./citations.js";
import { document } from "./readme-commands.js";

const page = document("docs/weaknesses.md");

test("every weakness of 3.0.6 has its row, in order", () => {
  const rows = [...page.matchAll(/^\| ([ABCD]\d+) \|/gm)].map(([, row = ""]) => row);
  const wanted = Object.entries({ A: 10, B: 17, C: 8, D: 15 }).flatMap(([letter, count]) =>
    Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
  );
  assert.deepEqual(rows, wanted);
});

test("every test that the page cites exists under that name", () => {
  assert.ok(citationsIn(page).length > 40);
  assert.deepEqual(missingCitations(citationsIn(page)), []);
});

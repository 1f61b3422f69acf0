/** docs/weaknesses.md says which test shows that ours does not share a weakness; a test that is renamed or gone must not stay in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { citationsIn, missingCitations } from "./citations.js";
import { document } from "./readme-commands.js";

const page = document("docs/weaknesses.md");

test("every test that the page cites exists under that name", () => {
  assert.ok(citationsIn(page).length > 40);
  assert.deepEqual(missingCitations(citationsIn(page)), []);
});

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { describe, it } from "node:test";
import { parseStory, tellStory } from "../../src/sim/story.js";

/** The stories live beside the sources; the tests run from dist. */
const folder = join(import.meta.dirname, "../../../test/stories");
const update = env["UPDATE_STORIES"] === "1";

describe("stories", () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".story"))) {
    const path = join(folder, file);
    const written = readFileSync(path, "utf8");
    it(`${file.replace(".story", "")}: ${written.split("\n")[0]?.replace(/^# /, "")}`, () => {
      const { text, violations } = tellStory(parseStory(written));
      if (update) writeFileSync(path, text);
      assert.deepEqual(violations, []);
      if (!update) assert.equal(text, written, "the story goes differently now; UPDATE_STORIES=1 rewrites it");
    });
  }
});

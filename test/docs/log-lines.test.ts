/**
 * Log watchers match the lines of 3.0.6. Every line of its ha-log in twenty recorded scenarios is either said by ours in the same words, or
 * docs/log-lines.md says why it is not. "Said": it stands in a story, which is the real core's output, or its fixed words stand in one
 * source file.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { document } from "./readme-commands.js";

interface RecordedLine {
  readonly program: string;
  /** The line's text; NODE stands for a node's name, N for a number. */
  readonly line: string;
  readonly scenarios: readonly string[];
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const recorded = JSON.parse(document("test/vectors/ha-log-lines.json")) as readonly RecordedLine[];
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
const normal = (text: string): string => text.replaceAll(/master\d/g, "NODE").replaceAll(/\d+/g, "N");

const stories = filesBelow("test/stories").map(normal).join("\n");
const sources = [...filesBelow("src"), ...filesBelow("share")];
const page = document("docs/log-lines.md");
const excused = [...page.matchAll(/^\| `(.+?)` \| .+ \|$/gm)].map(([, pattern = ""]) => pattern);

const bodyOf = (line: string): string => line.replace(/^(info|notice|WARN|ERROR|CRIT|INFO): */, "");
/** What stands in a line whatever the node, the number, the path, the share and the resource. */
const fixedWords = (body: string): readonly string[] =>
  body
    .split(
      /(?<=Running ).*|(?<=failure of ).*|NODE|\bN\b|\[[^\]]*\]|\([^)]*\)|"[^"]*"|\/\S+|\b(?:all|local|foreign)\b|\S+::\S*/,
    )
    .map((part) => part.trim())
    .filter((part) => part.length > 3);

function isSaid({ line }: RecordedLine): boolean {
  const body = bodyOf(line);
  if (stories.includes(body)) return true;
  const words = fixedWords(body);
  return words.length > 0 && sources.some((source) => words.every((part) => source.includes(part)));
}

test("every line of the original's log is said in its words, or the page says why it is not", () => {
  assert.ok(recorded.length > 150);
  const silent = recorded.filter((one) => !isSaid(one) && !excused.some((text) => one.line.includes(text)));
  assert.deepEqual(
    silent.map(({ program, line }) => `${program}: ${line}`),
    [],
  );
});

test("the page excuses no line that is said, or that the original never wrote", () => {
  const idle = excused.filter((text) => !recorded.some((one) => one.line.includes(text) && !isSaid(one)));
  assert.deepEqual(idle, []);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { formatProblem, type Problem } from "../../src/config/problem.js";
import { type Broken, breaking, chapters } from "./broken-configurations.js";
import { check } from "./cluster.js";

const page = new URL("../../../docs/configuration-problems.md", import.meta.url);

test("nothing is said about a good configuration", () => {
  const { config, problems } = check({});
  assert.deepEqual(problems, []);
  assert.ok(config);
});

for (const { title, table } of chapters)
  for (const broken of table)
    test(`${title}: ${broken.why} (${shortened(broken.edits.join(", "))})`, () => {
      const { texts, host } = breaking(broken);
      const { config, problems } = check(texts, host);
      assert.deepEqual(
        problems.map((problem) => summary(problem, broken)),
        broken.says,
      );
      assert.equal(
        config === undefined,
        problems.some((problem) => problem.severity === "error"),
      );
      for (const problem of problems) {
        assert.ok(problem.text.length > 10, "a message says something");
        assert.ok(problem.hint.length > 10, "a message says how to mend it");
      }
    });

test("docs/configuration-problems.md shows what the program says (UPDATE=1 rewrites it)", () => {
  const wanted = pageText();
  if (process.env["UPDATE"] === "1") writeFileSync(page, wanted);
  assert.equal(readFileSync(page, "utf8"), wanted);
});

function summary({ severity, file, line, column, code }: Problem, { file: edited }: Broken): string {
  const name = file.replace("/etc/ha.d/", "");
  return `${severity} ${name === edited ? "" : `${name} `}${line}:${column} ${code}`;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function pageText(): string {
  return [
    "# What the configuration check says\n",
    "Each entry shows a change to a good configuration of two nodes, and what `heartbeat check` says of it. An *error* keeps heartbeat",
    "from starting (and a reload from happening: the configuration in force stays); a *warning* does not. Words in brackets like",
    "`[keepalive]` and sentences that were the original's are kept, so that log watchers find them. `→` replaces a line,",
    "`+` adds one at the end, `-` removes one. This page is generated from the tests.\n",
    ...chapters.flatMap(({ title, table }) => [`## ${title}\n`, ...table.map(entry)]),
  ].join("\n");
}

function entry(broken: Broken): string {
  const { texts, host } = breaking(broken);
  const said = check(texts, host).problems.map((problem) => `${formatProblem(problem)}\n    [${problem.code}]`);
  const mode = broken.mode === undefined ? [] : [`mode ${broken.mode.toString(8)}`];
  const change = [...broken.edits.map(shortened), ...mode].map((line) => line.replace(/\u00a0/g, "␣"));
  return [
    `### ${broken.why}\n`,
    "```",
    ...(change.length > 0 ? [...change, ""] : []),
    ...said.map((one) => shown(one)),
    "```\n",
  ].join("\n");
}

const shown = (text: string): string => text.replace(/\u00a0/g, "␣");

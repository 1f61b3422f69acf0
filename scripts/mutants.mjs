/**
 * Faults planted into the compiled core, one at a time, in a copy: `npm run mutants` says which test notices each. A mutant that nobody notices
 * is a rule that nobody tests. `-- --only WORD` runs those whose name contains the word; `--out FILE` writes the table (docs/mutants.md).
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { only: { type: "string" }, out: { type: "string" }, minutes: { type: "string", default: "3" } },
});
const home = join(import.meta.dirname, "..");
const mutants = JSON.parse(readFileSync(join(home, "scripts/mutants.json"), "utf8"));
const limit = Number(values.minutes) * 60_000;

/** From the quickest to the slowest; the first that fails has caught the mutant. */
const suites = [
  ["stories", ["--test", "dist/test/sim/stories.test.js"]],
  ["unit tests of the core", ["--test", "dist/test/core/"]],
  ["short simulation", ["dist/src/sim/main.js", "--plan", "short", "--seed", "1", "--seeds", "150"]],
  ["crash points", ["--test", "dist/test/sim/crash-points.test.js"]],
  ["long simulation", ["dist/src/sim/main.js", "--plan", "long", "--seed", "1", "--seeds", "60"]],
];

const copy = mkdtempSync(join(tmpdir(), "heartbeat-mutants-"));
for (const part of ["dist", "test", "package.json"]) cpSync(join(home, part), join(copy, part), { recursive: true });
symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));

const rows = [];
try {
  // What fails without any mutant proves nothing about one.
  const broken = runAll();
  if (broken !== undefined) throw new Error(`${broken} fails already without any planted fault`);
  const chosen = mutants.filter(({ name }) => values.only === undefined || name.includes(values.only));
  for (const mutant of chosen) {
    const caught = tryOut(mutant);
    rows.push({ ...mutant, caught });
    console.log(
      `${caught === undefined ? "SURVIVES" : "caught  "}  ${mutant.name}${caught === undefined ? "" : `  (${caught})`}`,
    );
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const survivors = rows.filter(({ caught }) => caught === undefined);
console.log(`${rows.length} mutants, ${rows.length - survivors.length} caught, ${survivors.length} survive`);
if (values.out !== undefined) writeFileSync(values.out, page());
process.exitCode = survivors.length === 0 ? 0 : 1;

/** @returns the name of the suite that noticed it; a suite that takes too long has noticed it too. */
function tryOut({ file, find, replace }) {
  const path = join(copy, "dist/src", file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2) throw new Error(`${file}: "${find}" is there ${parts.length - 1} times, not once`);
  writeFileSync(path, parts.join(replace));
  try {
    return runAll();
  } finally {
    writeFileSync(path, original);
  }
}

/** @returns the first suite that fails. */
function runAll() {
  for (const [name, args] of suites) {
    const { status } = spawnSync(process.execPath, args, { cwd: copy, stdio: "ignore", timeout: limit });
    if (status !== 0) return status === null ? `${name}, never ended` : name;
  }
  return undefined;
}

function page() {
  const lines = rows.map(
    ({ name, file, caught }) => `| ${name} | \`${file.replace(".js", ".ts")}\` | ${caught ?? "**nobody**"} |`,
  );
  return `# Planted faults

Written by \`npm run mutants -- --out docs/mutants.md\`: each row is a rule of the core broken on purpose, and the first suite that noticed.

| what is broken | file | noticed by |
|---|---|---|
${lines.join("\n")}
`;
}

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
  options: {
    only: { type: "string" },
    /** Begins with this one; the first is 1. */
    from: { type: "string", default: "1" },
    out: { type: "string" },
    /** Stories and unit tests only: who survives may still be caught by a simulation. */
    quick: { type: "boolean", default: false },
    /** Of processor time, for one suite: a busy machine is no mutant. */
    minutes: { type: "string", default: "3" },
  },
});
const home = join(import.meta.dirname, "..");
const mutants = JSON.parse(readFileSync(join(home, "scripts/mutants.json"), "utf8"));
const processorSeconds = Math.round(Number(values.minutes) * 60);
/** A process that waits for ever uses no processor. */
const longestWait = 30 * 60_000;

/** Ends at the first story that goes another way. */
const tellStories = `
  import { readdirSync, readFileSync } from "node:fs";
  import { parseStory, tellStory } from "./dist/src/sim/story.js";
  for (const name of readdirSync("test/stories").filter((one) => one.endsWith(".story"))) {
    const written = readFileSync("test/stories/" + name, "utf8");
    const { text, violations } = tellStory(parseStory(written));
    if (violations.length > 0 || text !== written) process.exit(1);
  }`;
const importAll = (folder) => `
  import { readdirSync } from "node:fs";
  for (const name of readdirSync("${folder}").filter((one) => one.endsWith(".test.js"))) await import("./${folder}/" + name);`;

/** From the quickest to the slowest; the first that fails has caught the mutant. */
const suites = [
  ["stories", ["--input-type=module", "-e", tellStories]],
  ["unit tests of the core", ["--input-type=module", "-e", importAll("dist/test/core")]],
  ["short simulation", ["dist/src/sim/main.js", "--plan", "short", "--seed", "1", "--seeds", "150"]],
  ["crash points", ["dist/test/sim/crash-points.test.js"]],
  [
    "seeds of long campaigns",
    ["--test", "--test-name-pattern=what was found by long campaigns", "dist/test/sim/worlds.test.js"],
  ],
  ["long simulation", ["dist/src/sim/main.js", "--plan", "long", "--seed", "1", "--seeds", "60"]],
];
/** What fails without any mutant proves nothing about one; each suite is run once without before it is believed. */
const sound = new Set();

const copy = mkdtempSync(join(tmpdir(), "heartbeat-mutants-"));
for (const part of ["dist", "test", "package.json"]) cpSync(join(home, part), join(copy, part), { recursive: true });
symlinkSync(join(home, "node_modules"), join(copy, "node_modules"));

const rows = [];
try {
  const chosen = mutants
    .slice(Number(values.from) - 1)
    .filter(({ name }) => values.only === undefined || name.includes(values.only));
  for (const mutant of chosen) {
    const caught = tryOut(mutant);
    rows.push({ ...mutant, caught });
    console.log(
      `${caught === undefined ? "SURVIVES" : "caught  "}  ${mutant.name}${caught === undefined ? "" : `  (${caught})`}`,
    );
    if (values.out !== undefined) writeFileSync(values.out, page());
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const survivors = rows.filter(({ caught }) => caught === undefined);
console.log(`${rows.length} mutants, ${rows.length - survivors.length} caught, ${survivors.length} survive`);
process.exitCode = survivors.length === 0 ? 0 : 1;

/** @returns the name of the suite that noticed it; a suite that takes too long has noticed it too. */
function tryOut({ file, find, replace }) {
  const path = join(copy, "dist/src", file);
  const original = readFileSync(path, "utf8");
  const parts = original.split(find);
  if (parts.length !== 2) throw new Error(`${file}: "${find}" is there ${parts.length - 1} times, not once`);
  for (const [name, args] of suites.slice(0, values.quick ? 2 : suites.length)) {
    if (!sound.has(name) && run(args) !== 0) throw new Error(`${name} fails already without any planted fault`);
    sound.add(name);
    writeFileSync(path, parts.join(replace));
    const status = run(args);
    writeFileSync(path, original);
    if (status !== 0) return status === undefined ? `${name}, never ended` : name;
  }
  return undefined;
}

/** @returns the exit code; `undefined`: it used up its time. */
function run(args) {
  const limited = ["-c", `ulimit -t ${processorSeconds}; exec "$0" "$@"`, process.execPath, ...args];
  const { status } = spawnSync("sh", limited, { cwd: copy, stdio: "ignore", timeout: longestWait });
  return status ?? undefined;
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

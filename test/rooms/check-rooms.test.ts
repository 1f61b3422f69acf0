import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Compiled tests run in dist/test/rooms; the script stays where it is. */
const SCRIPT = fileURLToPath(new URL("../../../scripts/check-rooms.mjs", import.meta.url));

/** Runs the check over a house of these files. */
function check(files: Readonly<Record<string, string>>): { readonly code: number | null; readonly lines: string[] } {
  const root = mkdtempSync(join(tmpdir(), "rooms-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, root], {
      encoding: "utf8",
      timeout: 20_000,
    });
    assert.equal(stderr, "");
    return { code: status, lines: stdout.trim().split("\n") };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const thing = "export const thing = 1;\nexport type Thing = number;\n";
const imports = (from: string, kind = "import"): string => `// a line before\n${kind} { thing } from "${from}";\n`;

const all = ["core", "wire", "config", "control", "ports", "io", "daemon", "cli", "status", "dashboard", "sim", "lab"];

/** Which room may import values of which, written out a second time. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ["core"],
  config: ["core"],
  control: ["core"],
  ports: [],
  io: ["core", "ports"],
  daemon: ["core", "wire", "config", "control", "ports"],
  cli: ["config", "control", "status"],
  status: ["control"],
  dashboard: ["control", "status"],
  sim: ["core", "wire", "config", "ports", "daemon"],
  lab: ["config", "control", "io"],
};

test("every import between two rooms is allowed or named with its line, room by room", () => {
  for (const from of all) {
    const files: Record<string, string> = Object.fromEntries(all.map((room) => [`src/${room}/b.ts`, thing]));
    const allowed = mayImport[from] ?? [];
    for (const to of all) if (to !== from) files[`src/${from}/to-${to}.ts`] = imports(`../${to}/b.js`);
    const { code, lines } = check(files);
    const named = lines.filter((line) => line.includes(": direction: ")).map((line) => line.split(": direction: "));
    const wrong = all.filter((to) => to !== from && !allowed.includes(to)).sort();
    assert.deepEqual(
      named.map(([place]) => place),
      wrong.map((to) => `src/${from}/to-${to}.ts:2`),
    );
    assert.ok(named.every(([, text]) => /imports \w+\/ \(.*may import|make it `import type`/.test(text ?? "")));
    assert.equal(code, wrong.length === 0 ? 0 : 1);
    assert.equal(lines.length, wrong.length + 1, lines.join("\n"));
  }
});

test("ports and lab may know the core's types, not its values", () => {
  for (const room of ["ports", "lab"]) {
    const core = { "src/core/b.ts": thing };
    assert.equal(check({ ...core, [`src/${room}/a.ts`]: imports("../core/b.js", "import type") }).code, 0);
    assert.equal(check({ ...core, [`src/${room}/a.ts`]: 'import { type Thing } from "../core/b.js";\n' }).code, 0);
    const mixed = check({ ...core, [`src/${room}/a.ts`]: 'import { type Thing, thing } from "../core/b.js";\n' });
    assert.equal(mixed.code, 1);
    assert.match(mixed.lines[0] ?? "", /^src\/\w+\/a\.ts:1: direction: .*make it `import type`/);
  }
});

test("main.ts may import anything, and a folder that is no room is named", () => {
  const files = {
    "src/core/b.ts": thing,
    "src/io/b.ts": thing,
    "src/main.ts": `${imports("./core/b.js")}${imports("./io/b.js", "export")}`,
  };
  assert.equal(check(files).code, 0);
  const { code, lines } = check({ ...files, "src/shed/a.ts": "export {};\n" });
  assert.equal(code, 1);
  assert.match(lines[0] ?? "", /^src\/shed\/a\.ts:1: room: no room is called shed/);
});

test("re-exports, side effects, imports over several lines and import() count as imports", () => {
  const forms: readonly (readonly [string, number])[] = [
    ['export * from "../io/b.js";\n', 1],
    ['export { thing } from "../io/b.js";\n', 1],
    ['import "../io/b.js";\n', 1],
    ['\n\nimport {\n  thing,\n} from "../io/b.js";\n', 3],
    ['const x = 1;\nconst later = await import("../io/b.js");\n', 2],
    ["import { thing } from '../io/b.js'\n", 1],
  ];
  for (const [text, line] of forms) {
    const { code, lines } = check({ "src/io/b.ts": thing, "src/core/a.ts": text });
    assert.equal(code, 1, text);
    assert.ok(lines[0]?.startsWith(`src/core/a.ts:${line}: direction: core/ imports io/`), `${text}\n${lines[0]}`);
  }
});

test("no clock, no luck, no timer and nothing of Node in the pure rooms", () => {
  const planted = [
    "Date.now()",
    "new Date()",
    "Math.random()",
    "performance.now()",
    "setTimeout(() => {}, 1)",
    "setInterval(() => {}, 1)",
    "setImmediate(() => {})",
    "queueMicrotask(() => {})",
    "process.hrtime()",
    "Buffer.from([])",
  ];
  for (const room of ["core", "wire", "config", "control"]) {
    const text = `${planted.map((expression) => `export const x${planted.indexOf(expression)} = ${expression};`).join("\n")}\n`;
    const { lines } = check({ [`src/${room}/a.ts`]: text });
    assert.deepEqual(
      lines.slice(0, -1).map((line) => line.split(": pure: ")[0]),
      planted.map((_, index) => `src/${room}/a.ts:${index + 1}`),
    );
    const node = check({ [`src/${room}/a.ts`]: 'import { hrtime } from "node:process";\n' });
    assert.match(node.lines[0] ?? "", /:1: outside: \w+\/ imports node:process/);
  }
  assert.equal(check({ "src/io/a.ts": `export const x = ${planted[0]};\n` }).code, 0);
});

test("a template's own code counts, its text does not; nor do comments, strings and regular expressions", () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the planted text is meant as it stands
  const innocent = [
    "// Date.now() would be wrong here",
    "/* Math.random()\n import { x } from '../io/b.js' */",
    'export const a = "Date.now() setTimeout(";',
    "export const b = `Math.random() ${1 + 1} performance`;",
    "export const c = /Date[\"'`]/.test('x');",
    "export const d = `${`Date ${1}`} Date`;",
  ].join("\n");
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: until here
  const { code, lines } = check({ "src/core/a.ts": innocent });
  assert.equal(code, 0, lines.join("\n"));
  assert.equal(check({ "src/core/a.ts": `${innocent}\nexport const e = \`\${Date.now()}\`;\n` }).code, 1);
});

test("packages stay where they belong", () => {
  assert.equal(check({ "src/io/a.ts": 'import koffi from "koffi";\nimport { x } from "node:fs";\n' }).code, 0);
  assert.equal(check({ "src/cli/a.ts": 'import { Command } from "commander";\n' }).code, 0);
  for (const [room, name] of [
    ["io", "commander"],
    ["cli", "koffi"],
    ["daemon", "node:fs"],
    ["ports", "node:net"],
    ["status", "node:fs"],
    ["core", "koffi"],
  ] as const)
    assert.match(check({ [`src/${room}/a.ts`]: `import x from "${name}";\n` }).lines[0] ?? "", /:1: outside: /);
});

test("files that import each other in a circle are named; a circle of types is only noted", () => {
  const loop = {
    "src/core/a.ts": 'import { b } from "./b.js";\nexport const a = b;\n',
    "src/core/b.ts": 'import { c } from "./c.js";\nexport const b = c;\n',
    "src/core/c.ts": 'import { a } from "./a.js";\nexport const c = a;\n',
  };
  const found = check(loop);
  assert.equal(found.code, 1);
  assert.match(
    found.lines[0] ?? "",
    /^src\/core\/\w\.ts:1: circle: src\/core\/a\.ts, src\/core\/b\.ts, src\/core\/c\.ts/,
  );
  const types = check({
    ...loop,
    "src/core/c.ts": 'import type { a } from "./a.js";\nexport const c: typeof a = 1;\n',
  });
  assert.equal(types.code, 0);
  assert.match(types.lines[0] ?? "", /^note: circle of types only: src\/core\/a\.ts, /);
});

test("an import of a file that is not there is named", () => {
  assert.match(check({ "src/core/a.ts": imports("./gone.js") }).lines[0] ?? "", /^src\/core\/a\.ts:2: missing: /);
});

test("this house is in order", () => {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, root], { encoding: "utf8", timeout: 20_000 });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /rooms: [1-9]\d+ files, 0 to mend/);
});

// Keeps the house in order: which room may import which, no clock and no luck where decisions are made, no import cycles.
// Prints `file:line: rule: what (how to mend)` and ends with 1 when there is anything to mend.
//
//   node scripts/check-rooms.mjs [folder that holds src/]
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/**
 * Rooms of src/. `rooms`: may be imported; `types`: only with `import type`; `outside`: packages, `node:` for all of Node's.
 * `pure`: no clock, no luck, no Node: what happens there follows from its arguments alone.
 */
const ROOMS = {
  core: { pure: true, rooms: [], types: [], outside: [] },
  wire: { pure: true, rooms: ["core"], types: [], outside: [] },
  config: { pure: true, rooms: ["core"], types: [], outside: [] },
  control: { pure: true, rooms: ["core"], types: [], outside: [] },
  doctor: { pure: true, rooms: ["core", "config", "control"], types: ["ports"], outside: [] },
  witness: { pure: true, rooms: ["core", "wire"], types: [], outside: [] },
  disklease: { pure: true, rooms: ["core"], types: [], outside: [] },
  ports: { rooms: [], types: ["core"], outside: [] },
  io: { rooms: ["ports", "core", "witness"], types: [], outside: ["node:", "koffi"] },
  daemon: { rooms: ["core", "wire", "config", "control", "ports"], types: [], outside: [] },
  cli: { rooms: ["control", "config", "doctor", "status"], types: [], outside: ["node:", "commander"] },
  status: { rooms: ["control"], types: [], outside: [] },
  dashboard: { rooms: ["control", "status"], types: [], outside: ["node:"] },
  sim: { rooms: ["core", "wire", "config", "ports", "daemon"], types: [], outside: ["node:"] },
  lab: { rooms: ["control", "config", "io"], types: ["core"], outside: ["node:", "koffi"] },
};

/** Where everything meets: the folder of the processes, and the file that chooses among them. */
const MEETING_PLACES = ["main.ts", "main"];

const FORBIDDEN = [
  [/\bDate\b/, "Date", "take the instant from the event"],
  [/\bMath\s*\.\s*random\b/, "Math.random", "draw from the seed in the state (core/random.ts)"],
  [/\bperformance\b/, "performance", "take the instant from the event"],
  [
    /\b(?:set|clear)(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
    "a timer",
    "make it a deadline in the state; the daemon has the one timer",
  ],
  [/\b(?:process|Buffer|require)\b(?=\s*[.(])/, "a Node global", "do it in io/ and pass the value in"],
];

/** Every .ts file below `folder`, sorted. */
function sourcesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => join(folder, name))
    .sort();
}

/** The text with everything blanked that is not code: comments, contents of strings and regular expressions. Positions stay. */
export function codeOf(text) {
  const blank = (part) => part.replace(/[^\n]/g, " ");
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(?<=[=(,:;!&|?{}[\]]\s*|\breturn\s|^\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/gm;
  return blankTemplates(
    text.replace(token, (part) => (/^["']/.test(part) ? part[0] + blank(part.slice(1, -1)) + part[0] : blank(part))),
    blank,
  );
}

/** Texts between backquotes go; what stands in `${…}` is code and stays. */
function blankTemplates(text, blank) {
  let code = "";
  let depth = []; // one entry per open template: braces open inside its current ${…}, or -1 while in its text
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    const inText = depth.at(-1) === -1;
    if (char === "\\" && inText) {
      code += blank(text.slice(i, i + 2));
      i++;
    } else if (char === "`") {
      depth = inText ? depth.slice(0, -1) : [...depth, -1];
      code += "`";
    } else if (inText && char === "$" && text[i + 1] === "{") {
      depth[depth.length - 1] = 0;
      code += "${";
      i++;
    } else if (inText) {
      code += blank(char);
    } else {
      if (depth.length > 0 && char === "{") depth[depth.length - 1]++;
      if (depth.length > 0 && char === "}") depth[depth.length - 1]--;
      code += char;
    }
  }
  return code;
}

/** What the file imports: `{ specifier, line, typeOnly }`. */
function importsOf(text, code) {
  const found = [];
  const statement = /\b(import|export)\s+(type\s+)?([\w$*\s{},]*?)\bfrom\s*["']|\bimport\s*["']|\bimport\s*\(\s*["']/g;
  for (const match of code.matchAll(statement)) {
    const start = match.index + match[0].length;
    const specifier = text.slice(start, code.indexOf(text[start - 1], start));
    const inline = /^\s*\{([^}]*)\}\s*$/.exec(match[3] ?? "");
    const names = inline?.[1].split(",").map((name) => name.trim()) ?? [];
    const allTypes = names.some(Boolean) && names.every((name) => name === "" || name.startsWith("type "));
    found.push({ specifier, line: lineAt(text, match.index), typeOnly: match[2] !== undefined || allTypes });
  }
  return found;
}

const lineAt = (text, index) => text.slice(0, index).split("\n").length;

/** The folder below src/, or the file's own name when it lies there directly. */
const roomOf = (src, file) => relative(src, file).split(sep)[0];

/** Problems of one import; pushes the edge into `edges` when it stays in the house. */
function judgeImport(house, file, found, edges) {
  const room = roomOf(house.src, file);
  if (MEETING_PLACES.includes(room)) return note(edges, house, file, found);
  const rules = ROOMS[room];
  if (!found.specifier.startsWith(".")) {
    const allowed = rules.outside.some((name) =>
      name.endsWith(":") ? found.specifier.startsWith(name) : found.specifier === name,
    );
    if (allowed) return [];
    const mend = rules.pure
      ? "these rooms are compiled without Node; pass the value in"
      : "put it behind a port, in io/";
    return [problem(house, file, found.line, "outside", `${room}/ imports ${found.specifier}`, mend)];
  }
  const problems = note(edges, house, file, found);
  const target = targetOf(file, found.specifier);
  const other = roomOf(house.src, target);
  if (other === room || rules.rooms.includes(other)) return problems;
  const typesAllowed = rules.types.includes(other);
  if (typesAllowed && found.typeOnly) return problems;
  const may = [...rules.rooms, ...rules.types.map((name) => `${name} (types)`)].join(", ") || "nothing";
  const mend = typesAllowed
    ? "make it `import type`, or move the value"
    : `${room}/ may import ${may}; pass the value in or move the thing to a room below both`;
  return [...problems, problem(house, file, found.line, "direction", `${room}/ imports ${other}/`, mend)];
}

const targetOf = (file, specifier) => resolve(dirname(file), specifier.replace(/\.js$/, ".ts"));

function note(edges, house, file, found) {
  if (!found.specifier.startsWith(".")) return [];
  const target = targetOf(file, found.specifier);
  if (!house.files.has(target))
    return [problem(house, file, found.line, "missing", `${found.specifier} is not there`, "mend the path")];
  edges.push({ from: file, to: target, typeOnly: found.typeOnly, line: found.line });
  return [];
}

function judgeWords(house, file, code) {
  const room = roomOf(house.src, file);
  if (ROOMS[room]?.pure !== true) return [];
  const problems = [];
  for (const [index, line] of code.split("\n").entries())
    for (const [pattern, name, mend] of FORBIDDEN)
      if (pattern.test(line)) problems.push(problem(house, file, index + 1, "pure", `${room}/ uses ${name}`, mend));
  return problems;
}

const problem = (house, file, line, rule, what, mend) =>
  `${relative(house.root, file)}:${line}: ${rule}: ${what} (${mend})`;

/** Groups of files that import each other in a circle (Tarjan's strongly connected components of more than one file). */
function circles(files, edges) {
  const next = new Map([...files].map((file) => [file, []]));
  for (const { from, to } of edges) next.get(from)?.push(to);
  const order = new Map();
  const low = new Map();
  const stack = [];
  const result = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const to of next.get(file) ?? []) {
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) low.set(file, Math.min(low.get(file), low.get(to)));
    }
    if (low.get(file) !== order.get(file)) return;
    const members = stack.splice(stack.indexOf(file));
    if (members.length > 1 || next.get(file).includes(file)) result.push(members.sort());
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return result;
}

function judgeCircles(house, edges) {
  const describe = (members) => members.map((file) => relative(house.root, file)).join(", ");
  const place = (members) => edges.find(({ from, to }) => members.includes(from) && members.includes(to));
  const real = circles(
    house.files,
    edges.filter(({ typeOnly }) => !typeOnly),
  );
  const problems = real.map((members) => {
    const { from, line } = place(members);
    return problem(house, from, line, "circle", describe(members), "move what both need into a file of its own");
  });
  const known = new Set(real.flat());
  const notes = circles(house.files, edges)
    .filter((members) => !members.some((file) => known.has(file)))
    .map((members) => `note: circle of types only: ${describe(members)}`);
  return { problems, notes };
}

/** @returns everything to mend in the tree, and notes about what is tolerated. */
export function checkRooms(root) {
  const src = join(root, "src");
  const files = sourcesBelow(src);
  const house = { root, src, files: new Set(files) };
  const edges = [];
  const problems = [];
  for (const file of files) {
    const room = roomOf(src, file);
    if (!MEETING_PLACES.includes(room) && ROOMS[room] === undefined) {
      problems.push(
        problem(
          house,
          file,
          1,
          "room",
          `no room is called ${room}`,
          "put it into a room, or add the room to the table",
        ),
      );
      continue;
    }
    const text = readFileSync(file, "utf8");
    const code = codeOf(text);
    problems.push(...importsOf(text, code).flatMap((found) => judgeImport(house, file, found, edges)));
    problems.push(...judgeWords(house, file, code));
  }
  const circle = judgeCircles(house, edges);
  return { files: files.length, problems: [...problems, ...circle.problems], notes: circle.notes };
}

const root = resolve(process.argv[2] ?? join(import.meta.dirname, ".."));
const { files, problems, notes } = checkRooms(root);
for (const line of [...notes, ...problems]) console.log(line);
console.log(`rooms: ${files} files, ${problems.length} to mend`);
if (problems.length > 0) process.exitCode = 1;

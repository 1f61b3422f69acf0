/**
 * Debian's unchanged cl_status with the original's daemon and with ours, in every state of a node. Needs root and two minutes.
 *
 *     node dist/src/lab/client-table-main.js [--record] [--page docs/compatibility.md]
 *
 * `--record` plays the original beside ours and writes what it said into test/vectors; otherwise the recording is the yardstick.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ClientAnswer, playStates } from "./client-states.js";
import { clientTable, differences } from "./client-table.js";
import { ourDaemon } from "./daemons.js";
import { fetchOriginal, originalDaemon } from "./original.js";
import { writeSection } from "./page.js";
import { checkout } from "./tree.js";

const recording = join(checkout, "test/vectors/cl_status-states-3.0.6.json");
const words = process.argv.slice(2);
const original = await fetchOriginal();
if (original.kind === "unavailable") throw new Error(original.reason);
const say = (whose: string) => (line: string) => void process.stderr.write(`${whose}: ${line}\n`);
const { root } = original;
const [theirs, ours] = await Promise.all([
  words.includes("--record") ? record() : recorded(),
  playStates({ daemon: { ...ourDaemon(), packages: [root] }, lines: [] }, say("ours")),
]);
const table = clientTable(theirs, ours);
process.stdout.write(`${table}\n`);
const page = words[words.indexOf("--page") + 1];
if (words.includes("--page") && page !== undefined) writeSection(page, "cl_status", table);
process.exitCode = differences(theirs, ours).length === 0 ? 0 : 1;

async function record(): Promise<readonly ClientAnswer[]> {
  const answers = await playStates({ daemon: originalDaemon(original), lines: [] }, say("3.0.6"));
  const lines = answers.map((answer) => JSON.stringify(answer));
  const about = "What cl_status of Debian's heartbeat 3.0.6 said with its own daemon (src/lab/client-states.ts).";
  writeFileSync(recording, `{\n"about": ${JSON.stringify(about)},\n"answers": [\n${lines.join(",\n")}\n]\n}\n`);
  return answers;
}

function recorded(): readonly ClientAnswer[] {
  return (JSON.parse(readFileSync(recording, "utf8")) as { answers: ClientAnswer[] }).answers;
}

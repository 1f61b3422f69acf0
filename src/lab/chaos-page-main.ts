/**
 * `chaos-page-main.js FILE…`: writes what the rounds in results files (`chaos-main.js --out`) came to into docs/measurements.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KINDS } from "./chaos/menu.js";
import type { Round } from "./chaos/round.js";
import { chaosTable, failureList, handTable, splitList, sumTable } from "./chaos/table.js";
import { writeSection } from "./page.js";
import { checkout } from "./tree.js";

const rounds = process.argv
  .slice(2)
  .flatMap((file) => readFileSync(file, "utf8").trim().split("\n"))
  .map((line): Round => ({ moves: [], nodes: [], ...(JSON.parse(line) as Partial<Round>) }) as Round);
const ours = rounds.filter((one) => one.product === "ours");
const parts = [
  sumTable(rounds),
  "\nFault by fault:\n",
  chaosTable(rounds),
  "\nThe holder crashes, or its processes are gone or get no time, its kernel lives (milliseconds from the fault):\n",
  handTable(rounds),
  "\nRounds of ours in which two answered:\n",
  splitList(ours) || "none",
  "\nRounds of ours that failed otherwise (a silence that need not have been, or no rest afterwards):\n",
  failureList(ours) || "none",
];
writeSection(join(checkout, "docs/measurements.md"), "chaos", parts.join("\n"));
process.stdout.write(`${rounds.length} rounds of ${KINDS.length} kinds of faults written\n`);

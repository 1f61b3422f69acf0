/**
 * Debian's unchanged BasicSanityCheck with the original's daemon and with ours. Needs root; a minute, with `--whole` up to ten.
 *
 *     node dist/src/lab/sanity-check-main.js [--whole]
 */
import { fetchOriginal } from "./original.js";
import { playSanityCheck } from "./sanity-check.js";

const original = await fetchOriginal();
if (original.kind === "unavailable") throw new Error(original.reason);
const { theirs, ours } = await playSanityCheck(original.root, process.argv.includes("--whole") ? "whole" : "daemon");
for (const { daemon, complaints, said, seconds } of [theirs, ours])
  process.stdout.write(
    `${daemon}: ${complaints} complaints, ${seconds.toFixed(0)} s\n${said.map((line) => `  ${line}\n`).join("")}`,
  );
process.exitCode = ours.complaints > theirs.complaints ? 1 : 0;

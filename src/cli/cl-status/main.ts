import { hostname } from "node:os";
import { controlSocketPath } from "../control-client.js";
import { logLine } from "./output.js";
import { clStatus } from "./program.js";

/** Entry of `bin/cl_status`. */
const output = await clStatus(process.argv.slice(2), controlSocketPath(process.env));
process.stdout.write(output.stdout);
for (const { form, text } of output.stderr)
  process.stderr.write(`${form === "log" ? logLine(text, new Date(), hostname(), process.pid) : text}\n`);
process.exitCode = output.exit;

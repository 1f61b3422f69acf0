/** Runs the lab command by itself, without the rest of the command line: `node dist/src/lab/command-main.js -c DIRECTORY`. */
import { labCommand } from "./command.js";

process.exitCode = await labCommand(process.argv.slice(2));

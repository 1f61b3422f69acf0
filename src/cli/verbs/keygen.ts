import { dirname } from "node:path";
import { freshAuthkeys } from "../authkeys.js";
import { makeDirectory, writeAll } from "../config-files.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";

export interface KeygenOptions {
  readonly output: string;
  readonly print: boolean;
  readonly force: boolean;
}

/** `heartbeat keygen`: a new authkeys with a random key, mode 0600, or its text on stdout. */
export function keygen({ terminal }: Surroundings, options: KeygenOptions): number {
  const text = freshAuthkeys();
  if (options.print) {
    terminal.out(text);
    return exitCodes.completed;
  }
  makeDirectory(dirname(options.output));
  const written = writeAll([{ path: options.output, text, mode: 0o600 }], options.force);
  if (!written.ok) {
    terminal.error(`heartbeat: ${written.why}\n`);
    return exitCodes.refused;
  }
  for (const name of written.saved) terminal.out(`the former key is in ${name}\n`);
  terminal.out(`${options.output} written (mode 0600). The other node needs the same file:\n`);
  terminal.out(`  scp -p ${options.output} root@<other node>:${options.output}\n`);
  return exitCodes.completed;
}

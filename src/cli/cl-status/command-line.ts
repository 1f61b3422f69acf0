import { clCodes, complained, type ErrorLine, type Output } from "./output.js";

/** The sub-commands of 3.0.6 and the option letters each of them takes (`:` = the letter before it has a value). */
const letters = {
  hbstatus: "mv",
  listnodes: "mnpv",
  nodestatus: "m",
  nodetype: "m",
  nodeweight: "m",
  nodesite: "m",
  listhblinks: "mv",
  hblinkstatus: "m",
  clientstatus: "m",
  rscstatus: "m",
  hbparameter: "mp:",
  test: "mnpv",
} as const;

export type SubCommand = keyof typeof letters;

export interface Request {
  readonly command: SubCommand;
  /** Option letters that were given. */
  readonly options: ReadonlySet<string>;
  /** Value of `-p` of hbparameter. */
  readonly name: string | undefined;
  readonly words: readonly string[];
}

export const isSubCommand = (word: string): word is SubCommand => Object.hasOwn(letters, word);

/**
 * Options and parameters of a sub-command, in any order, as getopt reads them: letters may be joined (`-nv`), `--` ends them.
 * @returns the request, or what to print when a letter is wrong or lacks its value
 */
export function readWords(command: SubCommand, args: readonly string[]): Request | Output {
  const options = new Set<string>();
  const words: string[] = [];
  let name: string | undefined;
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") {
      words.push(...rest);
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      continue;
    }
    for (let at = 1; at < arg.length; at += 1) {
      const letter = arg.charAt(at);
      const where = letters[command].indexOf(letter);
      if (where < 0 || letter === ":") return wrongOption(command, `invalid option -- '${letter}'`);
      options.add(letter);
      if (letters[command].charAt(where + 1) !== ":") continue;
      name = at + 1 < arg.length ? arg.slice(at + 1) : rest.shift();
      if (name === undefined) return wrongOption(command, `option requires an argument -- '${letter}'`);
      break;
    }
  }
  return { command, options, name, words };
}

export const isOutput = (value: Request | Output): value is Output => "exit" in value;

/** Two lines, the first from getopt itself; the second one's wording differs between sub-commands in 3.0.6 too. */
function wrongOption(command: SubCommand, text: string): Output {
  const code = command === "listnodes" || command === "hbparameter" ? "code " : "";
  const stderr: ErrorLine[] = [
    { form: "bare", text: `${command}: ${text}` },
    { form: "log", text: `Error: getopt returnedcharacter ${code}?.` },
  ];
  return { ...complained(clCodes.parameters, "bare"), stderr };
}

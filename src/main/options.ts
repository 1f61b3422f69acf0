/** The original's command line: single letters, in any order, together or apart. Words that are no option are the verbs' business. */
export interface Options {
  readonly action: "start" | "status" | "stop" | "reload" | "restart" | "directives" | "version";
  readonly foreground: boolean;
  /** How many `-d`. */
  readonly debug: number;
  /** `-v`: print the effective configuration before starting. */
  readonly verbose: boolean;
  /** `-W`: the table of directives as wiki markup. */
  readonly wiki: boolean;
  /** `-l`: leave memory unlocked. */
  readonly unlocked: boolean;
}

export type ParsedOptions =
  | { readonly ok: true; readonly options: Options }
  /** `why` is empty when the original printed nothing but its usage. */
  | { readonly ok: false; readonly why: string };

export const usage = `
Usage: heartbeat [-dDkMrRsvWlVf] [-C Current-resource-state]
\t-C only valid with -R
\t-r is mutually exclusive with -R
       heartbeat <verb> [options]      (heartbeat help lists the verbs)
`;

const actions: Readonly<Record<string, Options["action"]>> = {
  s: "status",
  k: "stop",
  r: "reload",
  R: "restart",
  D: "directives",
  V: "version",
};
const flags = new Set(["f", "v", "W", "l", "d"]);

/** @returns what the words ask for. With several actions the last one counts, as in the original. */
export function parseOptions(words: readonly string[]): ParsedOptions {
  const letters: string[] = [];
  let state: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (!/^-[A-Za-z]/.test(word)) return refused(`${word}: no such verb`);
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? "";
      if (letter === "C") {
        state = word.slice(at + 1) || words[++index];
        if (state === undefined) return refused("");
        break;
      }
      if (letter === "M")
        return refused("-M: running without resource management is not offered; use an empty haresources");
      if (actions[letter] === undefined && !flags.has(letter)) return refused("");
      letters.push(letter);
    }
  }
  return judge(letters, state);
}

const refused = (why: string): ParsedOptions => ({ ok: false, why });

function judge(letters: readonly string[], state: string | undefined): ParsedOptions {
  const given = new Set(letters);
  if (given.has("r") && given.has("R")) return refused("");
  if (state !== undefined && !given.has("R")) return refused("");
  const action = letters.map((letter) => actions[letter]).findLast((one) => one !== undefined) ?? "start";
  return {
    ok: true,
    options: {
      action,
      foreground: given.has("f"),
      debug: letters.filter((letter) => letter === "d").length,
      verbose: given.has("v"),
      wiki: given.has("W"),
      unlocked: given.has("l"),
    },
  };
}

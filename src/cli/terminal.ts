import { createInterface } from "node:readline";

/** The operator's side of a command: a screen or a pipe, perhaps a keyboard. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether a person sees the output and it can be redrawn. */
  readonly isScreen: boolean;
  readonly colour: boolean;
  size(): { readonly columns: number; readonly rows: number };
  onResize(listener: () => void): void;
  /** Somebody to ask, until `close`; `undefined`: nobody is there. */
  readonly interview: (() => Interview) | undefined;
  /** Aborted by ^C, SIGTERM, and by a reader that went away (`| head`). */
  readonly interrupted: AbortSignal;
}

/** Questions and answers. Answers typed (or pasted) ahead are kept. */
export interface Interview {
  /** Fails with `Interrupted` on ^C and at the end of the input. */
  ask(prompt: string): Promise<string>;
  close(): void;
}

export class Interrupted extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours when somebody sees them and nobody forbade them (no-color.org: any non-empty NO_COLOR). */
export const wantsColour = (isScreen: boolean, env: Environment): boolean =>
  isScreen && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";

/** This process's terminal. Call it once. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  const abort = new AbortController();
  const isScreen = stdout.isTTY === true && env["TERM"] !== "dumb";
  stdout.on("error", () => abort.abort());
  return {
    out: (text) => void stdout.write(text),
    error: (text) => void stderr.write(text),
    isScreen,
    colour: wantsColour(isScreen, env),
    // A pipe has no width; 100 columns keep most rows in one line.
    size: () => ({ columns: stdout.columns || 100, rows: stdout.rows || 24 }),
    onResize: (listener) => void stdout.on("resize", listener),
    interview: stdin.isTTY === true && isScreen ? interview : undefined,
    get interrupted() {
      // Only commands that wait look at this; the others keep the default of ^C, which is to end.
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
      return abort.signal;
    },
  };
}

function interview(): Interview {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const ahead: string[] = [];
  let waiter: ((line: string | undefined) => void) | undefined;
  let over = false;
  const settle = (line: string | undefined): void => {
    const waiting = waiter;
    waiter = undefined;
    if (waiting !== undefined) waiting(line);
    else if (line !== undefined) ahead.push(line);
  };
  lines.on("line", settle);
  lines.on("SIGINT", () => lines.close());
  lines.on("close", () => {
    over = true;
    settle(undefined);
  });
  const nextLine = (): Promise<string | undefined> => {
    const line = ahead.shift();
    if (line !== undefined || over) return Promise.resolve(line);
    return new Promise((resolve) => {
      waiter = resolve;
    });
  };
  return {
    async ask(prompt) {
      if (!over) {
        lines.setPrompt(prompt);
        lines.prompt();
      }
      const line = await nextLine();
      if (line === undefined) throw new Interrupted();
      return line;
    },
    close: () => lines.close(),
  };
}

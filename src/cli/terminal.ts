import { createInterface } from "node:readline/promises";

/** The operator's side of a command: a screen or a pipe, perhaps a keyboard. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Whether a person sees the output and it can be redrawn. */
  readonly isScreen: boolean;
  readonly colour: boolean;
  size(): { readonly columns: number; readonly rows: number };
  onResize(listener: () => void): void;
  /** `undefined`: nobody to ask. Fails with `Interrupted` on ^C and at the end of the input. */
  readonly question: ((prompt: string) => Promise<string>) | undefined;
  /** Aborted by ^C, SIGTERM, and by a reader that went away (`| head`). */
  readonly interrupted: AbortSignal;
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
    question: stdin.isTTY === true && isScreen ? question : undefined,
    get interrupted() {
      // Only commands that wait look at this; the others keep the default of ^C, which is to end.
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
      return abort.signal;
    },
  };
}

async function question(prompt: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("SIGINT", () => reject(new Interrupted()));
      lines.once("close", () => reject(new Interrupted()));
      lines.question(prompt).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}

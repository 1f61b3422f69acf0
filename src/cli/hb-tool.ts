import { stamp } from "./cl-status/output.js";
import { isShare, makeWish, type WishOutcome } from "./wish.js";

/**
 * `hb_standby` and `hb_takeover` as 3.0.6 has them: the same words on the same channels, exit 0 when the work has begun, which is when the other node
 * has agreed to it: the original's exits at once.
 * Where the original says nothing and returns 0 although nothing can happen, these say why and return something else.
 */
export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: number;
}

/** 0 begun; 1 usage (the original's) or refused; 2 not permitted (the original's); 3 not running; 4 no answer. */
export const toolCodes = { begun: 0, usage: 1, refused: 1, notPermitted: 2, notRunning: 3, noAnswer: 4 } as const;

/** The original's peer has 10 s to answer a request; a daemon that is silent for longer is stuck. */
const patience = 12_000;

export interface ToolCall {
  readonly verb: "standby" | "takeover";
  /** The name the tool was called by, for its usage text. */
  readonly program: string;
  readonly args: readonly string[];
  readonly socket: string;
  readonly now: () => Date;
}

/** Runs one of the two tools; never throws. */
export async function hbTool(call: ToolCall): Promise<ToolOutput> {
  const [word = "all", second] = call.args;
  if (second !== undefined) return usage(call.program, `${call.program}: too many arguments\n`);
  if (word === "--help") return usage(call.program, "");
  if (!isShare(word)) return usage(call.program, `${call.program}: wrong resources(${word}).\n`);
  const wish = { request: { verb: call.verb, what: word }, until: "begun", limit: patience } as const;
  return told(call, word, await makeWish(call.socket, wish));
}

/** The original puts the complaint and the word `usage:` on stdout and the pattern on stderr. */
const usage = (program: string, complaint: string): ToolOutput => ({
  stdout: `${complaint}usage:\n`,
  stderr: `${program} [all|foreign|local|failback]\n`,
  exit: toolCodes.usage,
});

function told(call: ToolCall, word: string, outcome: WishOutcome): ToolOutput {
  const complain = (text: string, exit: number): ToolOutput => ({
    stdout: "",
    stderr: `${call.program}: ${text}\n`,
    exit,
  });
  switch (outcome.kind) {
    case "accepted":
    case "completed":
      return { stdout: "", stderr: call.verb === "standby" ? goingStandby(call, word) : "", exit: toolCodes.begun };
    case "refused":
      return complain(`refused: ${outcome.text}`, toolCodes.refused);
    case "failed":
      return complain(`failed: ${outcome.text}`, toolCodes.refused);
    case "notPermitted":
      return complain(outcome.text, toolCodes.notPermitted);
    case "notRunning":
      return complain(outcome.text, toolCodes.notRunning);
    case "timedOut":
      return complain(`no answer from heartbeat within ${patience / 1000} seconds`, toolCodes.noAnswer);
    case "lost":
      return complain(outcome.text, toolCodes.noAnswer);
  }
}

/** On stderr, because the original logs it there. */
const goingStandby = (call: ToolCall, word: string): string => `${stamp(call.now())} Going standby [${word}].\n`;

import type { Share } from "../../control/protocol.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";
import { makeWish, type WishOutcome } from "../wish.js";

export interface WishOptions {
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** `heartbeat standby` and `heartbeat takeover`: the text and the exit code tell what became of it. */
export async function wishVerb(
  around: Surroundings,
  verb: "standby" | "takeover",
  what: Share,
  options: WishOptions,
): Promise<number> {
  const { terminal } = around;
  const wish = {
    request: { verb, what },
    until: options.wait ? "done" : "begun",
    limit: options.timeout * 1000,
  } as const;
  const progress = (text: string): void => {
    if (!options.json) terminal.out(`${verb} ${what}: begun${text === "" ? "" : ` (${text})`}\n`);
  };
  const outcome = await makeWish(around.controlSocket, wish, progress);
  const text = describe(verb, what, outcome, options.timeout);
  const exit = exitOf(outcome);
  if (options.json)
    terminal.out(`${JSON.stringify({ verb, what, outcome: outcome.kind, text: outcome.text, exit })}\n`);
  else if (exit === exitCodes.completed) terminal.out(`${text}\n`);
  else terminal.error(`${text}\n`);
  return exit;
}

function describe(verb: string, what: Share, outcome: WishOutcome, timeout: number): string {
  const because = outcome.text === "" ? "" : `: ${outcome.text}`;
  switch (outcome.kind) {
    case "accepted":
      return `${verb} ${what} begun${because}; follow it with: heartbeat monitor`;
    case "completed":
    case "refused":
    case "failed":
      return `${verb} ${what} ${outcome.kind}${because}`;
    case "timedOut":
      return outcome.accepted
        ? `${verb} ${what} not finished after ${timeout} s; it goes on, follow it with: heartbeat monitor`
        : `heartbeat did not answer within ${timeout} s; whether it heard the wish is not known`;
    default:
      return outcome.text;
  }
}

export function exitOf(outcome: WishOutcome): number {
  switch (outcome.kind) {
    case "accepted":
      return exitCodes.completed;
    case "lost":
      return exitCodes.failed;
    default:
      return exitCodes[outcome.kind];
  }
}

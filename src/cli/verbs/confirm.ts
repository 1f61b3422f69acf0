import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";
import { makeWish, type WishOutcome } from "../wish.js";
import { exitOf } from "./wishes.js";

export interface ConfirmOptions {
  /** Seconds. */
  readonly timeout: number;
  readonly json: boolean;
}

/** `heartbeat confirm NODE dead`: the operator vouches for it that a silent node is down, so that its groups may be taken. */
export async function confirm(around: Surroundings, node: string, options: ConfirmOptions): Promise<number> {
  const { terminal } = around;
  const wish = { request: { verb: "confirm", node }, until: "done", limit: options.timeout * 1000 } as const;
  const outcome = await makeWish(around.controlSocket, wish);
  const exit = exitOf(outcome);
  if (options.json)
    terminal.out(`${JSON.stringify({ verb: "confirm", node, outcome: outcome.kind, text: outcome.text, exit })}\n`);
  else if (exit === exitCodes.completed) terminal.out(`${describe(outcome)}\n`);
  else terminal.error(`${describe(outcome)}\n`);
  return exit;
}

function describe({ kind, text }: WishOutcome): string {
  if (kind === "timedOut") return "heartbeat did not answer in time; whether it heard the confirmation is not known";
  return kind === "refused" ? `not confirmed: ${text}` : text;
}

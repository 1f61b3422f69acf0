import type { Snapshot } from "../../control/snapshot.js";
import { painted } from "../../status/line.js";
import { render } from "../../status/render.js";
import { ask, type Heard, type LossReason } from "../control-client.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";

export interface StatusOptions {
  readonly json: boolean;
  readonly links: boolean;
}

export type Answered =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "trouble"; readonly text: string; readonly exit: number };

const leftMute =
  "It was killed: the rules of its dead-man's switch keep this host mute for the service addresses until it is started again (heartbeat doctor says how to remove them).";

/** The daemon answers at its next turn; one that needs longer than this is in trouble. */
const patience = 5_000;

/** `heartbeat status`: one picture; 0 when there is one, 3 not running, 4 not permitted, 2 no answer. */
export async function showStatus(around: Surroundings, options: StatusOptions): Promise<number> {
  const answered = await oneSnapshot(around.controlSocket);
  const { terminal } = around;
  if (answered.kind === "trouble") {
    if (options.json) terminal.out(`${JSON.stringify({ error: answered.text })}\n`);
    else terminal.error(`${answered.text}\n`);
    if (!options.json && answered.exit === exitCodes.notRunning && (await around.hasDeadManRules?.()) === true)
      terminal.error(`${leftMute}\n`);
    return answered.exit;
  }
  const { snapshot } = answered;
  if (options.json) terminal.out(`${JSON.stringify(snapshot, undefined, 2)}\n`);
  else terminal.out(picture(around, snapshot, options.links));
  return exitCodes.completed;
}

const picture = ({ terminal }: Surroundings, snapshot: Snapshot, links: boolean): string =>
  render(snapshot, { width: terminal.size().columns, links })
    .map((line) => `${painted(line, terminal.colour)}\n`)
    .join("");

/** Asks once. */
export async function oneSnapshot(socket: string, limit: number = patience): Promise<Answered> {
  const conversation = ask(socket, { verb: "status" });
  try {
    return understood(await conversation.next(limit), limit);
  } finally {
    conversation.close();
  }
}

const exitOfLoss: Readonly<Record<LossReason, number>> = {
  "not-running": exitCodes.notRunning,
  "not-permitted": exitCodes.notPermitted,
  "bad-reply": exitCodes.failed,
  "hung-up": exitCodes.failed,
  "path-too-long": exitCodes.failed,
};

/** What was heard, as a snapshot or as words for the operator. */
export function understood(heard: Heard, limit: number): Answered {
  if (heard.kind === "silent")
    return {
      kind: "trouble",
      text: `heartbeat is running but did not answer within ${limit / 1000} s`,
      exit: exitCodes.timedOut,
    };
  if (heard.kind === "lost") return { kind: "trouble", text: heard.text, exit: exitOfLoss[heard.why] };
  const { answer } = heard;
  if (answer.kind === "snapshot") return { kind: "snapshot", snapshot: answer.snapshot };
  const denied = answer.kind === "error" && answer.code === "not-permitted";
  return { kind: "trouble", text: answer.text, exit: denied ? exitCodes.notPermitted : exitCodes.failed };
}

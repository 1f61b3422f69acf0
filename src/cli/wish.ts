import type { ControlVerb, Share } from "../control/protocol.js";
import type { Heard } from "./control-client.js";
import { ask } from "./control-client.js";

/** What became of an operator's wish, as far as this conversation heard. */
export type WishOutcome =
  | { readonly kind: "accepted" | "completed" | "refused" | "failed"; readonly text: string }
  /** `accepted`: it had begun when the time ran out, and goes on. */
  | { readonly kind: "timedOut"; readonly accepted: boolean; readonly text: string }
  | { readonly kind: "notRunning" | "notPermitted" | "lost"; readonly text: string };

export interface Wish {
  readonly request: Exclude<ControlVerb, { readonly verb: "status" | "watch" }>;
  /** `begun`: return as soon as the daemon has said yes or no; `done`: wait for the end. */
  readonly until: "begun" | "done";
  /** Milliseconds for everything together. */
  readonly limit: number;
}

/** Words for the four shares: the original's, in the order of its usage text. */
export const shares: readonly Share[] = ["all", "foreign", "local", "failback"];
export const isShare = (word: string): word is Share => (shares as readonly string[]).includes(word);

/**
 * Tells the daemon the wish and listens for its fate.
 * @param onBegun called once with the daemon's text when the work has begun
 */
export async function makeWish(socket: string, wish: Wish, onBegun?: (text: string) => void): Promise<WishOutcome> {
  const conversation = ask(socket, wish.request);
  const end = performance.now() + wish.limit;
  let begun: string | undefined;
  try {
    for (;;) {
      const left = end - performance.now();
      const fate = fateOf(left > 0 ? await conversation.next(left) : { kind: "silent" }, begun);
      if (fate.kind !== "begun") return fate;
      if (wish.until === "begun") return { kind: "accepted", text: fate.text };
      if (begun === undefined) onBegun?.(fate.text);
      begun = fate.text;
    }
  } finally {
    conversation.close();
  }
}

function fateOf(
  heard: Heard,
  begun: string | undefined,
): WishOutcome | { readonly kind: "begun"; readonly text: string } {
  if (heard.kind === "silent") return { kind: "timedOut", accepted: begun !== undefined, text: begun ?? "" };
  if (heard.kind === "lost") return { kind: lossKind(heard.why), text: heard.text };
  const { answer } = heard;
  switch (answer.kind) {
    case "wish":
      return answer.outcome === "running"
        ? { kind: "begun", text: answer.text }
        : { kind: answer.outcome, text: answer.text };
    case "error":
      return { kind: answer.code === "not-permitted" ? "notPermitted" : "refused", text: answer.text };
    case "snapshot":
      return { kind: "lost", text: "heartbeat answered something else than it was asked" };
  }
}

function lossKind(why: (Heard & { kind: "lost" })["why"]): "notRunning" | "notPermitted" | "lost" {
  if (why === "not-running") return "notRunning";
  return why === "not-permitted" ? "notPermitted" : "lost";
}

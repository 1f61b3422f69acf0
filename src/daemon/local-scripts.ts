import { type Message, textOf } from "../core/message.js";
import type { Hooks } from "../ports/hooks.js";
import type { Log } from "../ports/log.js";
import { decodeClassic } from "../wire/classic.js";
import { CLIENT_LIMITS } from "../wire/refusal.js";
import { hookOf, hooksBetween } from "./hook-events.js";
import type { Loop } from "./loop.js";

/** The scripts of this node and the daemon: what happens runs their hooks, what they write into the FIFO goes to the cluster. */
export interface LocalScriptsParts {
  readonly loop: Loop;
  readonly hooks: Hooks;
  readonly log: Log;
}

/** @returns what takes the text of a message from the FIFO, one character per byte. Never throws for what it is given. */
export function serveLocalScripts({ loop, hooks, log }: LocalScriptsParts): (text: string) => void {
  let before = loop.state;
  loop.onTurn(() => {
    for (const hook of hooksBetween(before, loop.state)) hooks.run(hook);
    before = loop.state;
  });
  loop.onDelivery((message) => {
    const hook = hookOf(message, loop.state);
    if (hook !== undefined) hooks.run(hook);
  });
  return (text) => {
    const message = messageIn(text);
    if (message === undefined)
      return log.line({
        level: "WARN",
        program: "heartbeat",
        text: "A message in the FIFO cannot be read; it is dropped.",
      });
    if (!isDoneAlready(message)) loop.clientSent(message, "script");
  };
}

function messageIn(text: string): Message | undefined {
  const decoded = decodeClassic(
    Uint8Array.from(text, (character) => character.charCodeAt(0)),
    CLIENT_LIMITS,
  );
  return decoded.ok && textOf(decoded.message, "t") !== undefined ? decoded.message : undefined;
}

/** The original's mach_down reports that it has taken over; the daemon told the others itself. */
const isDoneAlready = (message: Message): boolean =>
  textOf(message, "t") === "resource" && textOf(message, "info") === "mach_down";

import { decimalOf, type Message, textOf } from "../core/message.js";
import { nodeName } from "../core/names.js";
import type { Settings } from "../core/settings.js";
import type { Medium } from "../ports/medium.js";
import type { Codec, Decoded } from "../wire/codec.js";
import { subjectOf } from "./subject.js";

/**
 * Serial lines join two nodes each. Where there are more, they are laid in a ring, and every node passes on to its other lines what
 * one of them brings, so that a message reaches all nodes both ways round and one broken cable cuts nobody off. `ttl` ends the
 * journey of a message whose sender is gone; the sender itself never passes on what it said.
 */
export interface Ring {
  /** Passes the message on, if it is one that should be. */
  passOn(from: Medium, heard: Decoded & { readonly ok: true }): void;
}

/** Of so many datagrams of ours it is remembered that they were passed on. A copy that comes later dies by its ttl. */
const mostRemembered = 256;

export function createRing(
  media: readonly Medium[],
  codec: Codec,
  { self, nodes }: Pick<Settings, "self" | "nodes">,
): Ring {
  const lines = media.filter((medium) => medium.carries === "stream");
  // Between two nodes every line leads to the one that spoke.
  if (lines.length < 2 || nodes.length < 3) return { passOn: () => {} };
  const known = new Set(nodes);
  const passed = new Set<string>();
  return {
    passOn(from, { message, authenticated }) {
      const source = nodeName(textOf(message, "src") ?? "");
      if (from.carries !== "stream" || source === self || !known.has(source)) return;
      // What is for us has arrived.
      if (nodeName(textOf(message, "dest") ?? "") === self) return;
      const next = oneHopFurther(message);
      if (next === undefined || wasPassed(passed, message)) return;
      const bytes = codec.encodeForLine(next, authenticated);
      const subject = subjectOf(message);
      for (const line of lines) if (line !== from) line.send(bytes, false, subject);
    },
  };
}

/** @returns the message with its ttl one lower; `undefined` when it has come to its end. */
export function oneHopFurther(message: Message): Message | undefined {
  const ttl = decimalOf(message, "ttl");
  if (ttl === undefined || ttl <= 0) return undefined;
  return message.map((field) => (field.name === "ttl" ? { name: "ttl", value: String(ttl - 1) } : field));
}

/** Our datagrams have numbers, so the second copy need not go round again. The original's have none. */
function wasPassed(passed: Set<string>, message: Message): boolean {
  const [session, number] = [textOf(message, "hbs"), textOf(message, "hbn")];
  if (session === undefined || number === undefined) return false;
  const id = `${session} ${number}`;
  if (passed.has(id)) return true;
  passed.add(id);
  for (const oldest of passed) {
    if (passed.size <= mostRemembered) break;
    passed.delete(oldest);
  }
  return false;
}

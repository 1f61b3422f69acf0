import { type Message, textOf } from "../core/message.js";

/**
 * @returns what a message is about; of two that are about the same only the newer one needs to travel. Numbered messages: the very same one,
 *   sent again. The others: a request for the same number, or a newer acknowledgement. Without this a slow line would fill with
 *   requests for what already waits to be sent over it.
 */
export function subjectOf(message: Message): string {
  const source = textOf(message, "src") ?? "";
  const number = textOf(message, "seq");
  if (number !== undefined) return `${source} ${number}`;
  return ["t", "dest", "firstseq"].reduce((text, name) => `${text} ${textOf(message, name) ?? "-"}`, source);
}

import { type Message, textOf } from "./message.js";

/** @returns the nonces of ours that the message repeats, as `hbe` of its sender lists them. */
export function echoesOf(heard: Message, self: string): readonly string[] {
  const words = textOf(heard, "hbe")?.split(" ") ?? [];
  const prefix = `${self}:`;
  return words.filter((word) => word.startsWith(prefix)).map((word) => word.slice(prefix.length));
}

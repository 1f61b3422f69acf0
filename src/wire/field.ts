import type { Field, Message } from "../core/message.js";
import { EQUALS, OPEN } from "./bytes.js";

/** Name of the field that holds the digest of the classic encoding (wire.md 3). */
export const AUTH = "auth";

/**
 * What a field may be called in both encodings: printable ASCII, no `=` (it ends the name), no `(` in front (in the classic
 * encoding that begins a type tag). A message that was decoded can therefore always be encoded again.
 */
export function isFieldName(name: string): boolean {
  if (name.length === 0 || name.charCodeAt(0) === OPEN) return false;
  // A loop and no regular expression: this runs for every field of every heartbeat.
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < FIRST_PRINTABLE || code > LAST_PRINTABLE || code === EQUALS) return false;
  }
  return true;
}
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** Type tags of the encodings. */
export const STRING_TYPE = 0;
export const BINARY_TYPE = 1;
export const LIST_TYPE = 3;
/** The highest tag that has a meaning (wire.md 2); tags 2, 4 and 5 never occur in this mode, 3 only in messages of clients. */
export const LAST_TYPE = 5;

export const tagOf = ({ value, isList }: Field): string =>
  typeof value === "string" ? (isList === true ? "(3)" : "(0)") : "(1)";

/** @returns the message without its digest fields, of which a forged packet may have several. */
export function withoutAuth(message: Message): Message {
  return message.some(({ name }) => name === AUTH) ? message.filter(({ name }) => name !== AUTH) : message;
}

/** @throws RangeError when a name cannot be written: names come from our own code or from a decoder that checked them. */
export function assertFieldNames(message: Message): void {
  for (const { name } of message)
    if (!isFieldName(name)) throw new RangeError(`field name ${JSON.stringify(name)} cannot be encoded`);
}

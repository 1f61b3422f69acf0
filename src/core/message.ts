/**
 * A message is an ordered list of named fields (wire.md 2). How it becomes bytes is the business of `wire/`; what the
 * fields mean is the business of the core. Text is kept byte for byte (one character per byte, latin-1).
 */

/** One field: a string travels as type 0, bytes as type 1. */
export interface Field {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** The string is a list, `3:abc,2:de,`, and travels as type 3: clients (ccm) send such fields; the core never looks into one. */
  readonly isList?: true;
}

/** Fields in wire order. When a name occurs twice the first one counts. */
export type Message = readonly Field[];

/** @returns the text of the first field called `name`; `undefined` when it is absent or binary. */
export function textOf(message: Message, name: string): string | undefined {
  for (const field of message)
    if (field.name === name) return typeof field.value === "string" ? field.value : undefined;
  return undefined;
}

/** @returns the bytes of the first field called `name`; `undefined` when it is absent or text. */
export function bytesOf(message: Message, name: string): Uint8Array | undefined {
  for (const field of message)
    if (field.name === name) return typeof field.value === "string" ? undefined : field.value;
  return undefined;
}

/** @returns the field called `name` read as lower- or upper-case hexadecimal; `undefined` when absent, malformed or above 2^53. */
export function hexOf(message: Message, name: string): number | undefined {
  const text = textOf(message, name);
  return text !== undefined && /^[0-9a-fA-F]{1,13}$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** @returns the field called `name` read as an unsigned decimal; `undefined` when absent, malformed or above 2^53. */
export function decimalOf(message: Message, name: string): number | undefined {
  const text = textOf(message, name);
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}

/** @returns a message of text fields in the given order; fields whose value is `undefined` are left out. */
export function message(fields: Readonly<Record<string, string | Uint8Array | undefined>>): Message {
  const list: Field[] = [];
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) list.push({ name, value });
  return list;
}

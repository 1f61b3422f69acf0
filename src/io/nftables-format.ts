/**
 * Nf_tables, the kernel's packet filter, in its own words (linux/netfilter/nf_tables.h): requests become bytes. Pure functions without a
 * socket, only as much as the dead-man's switch needs. Numbers of attributes are big-endian; what is compared with a packet or a mark is as
 * the packet or the machine has it.
 */
import { attribute, cString, NLM_F_ACK, NLM_F_CREATE, NLM_F_DUMP, request, uint32 } from "./netlink-format.js";

const SUBSYSTEM = 10;
const BATCH_BEGIN = 0x10;
const BATCH_END = 0x11;
const NESTED = 0x8000;
const NLM_F_APPEND = 0x800;
const message = (type: number): number => (SUBSYSTEM << 8) | type;
export const NEWGEN = message(15);
export const NEWRULE = message(6);
export const NEWSETELEM = message(12);

export type Family = "inet" | "arp";
const families = { inet: 1, arp: 3 } as const;
/** A netfilter table: its family, its name. */
export interface Table {
  readonly family: Family;
  readonly name: string;
}
export interface Hook {
  readonly number: number;
  readonly priority: number;
}
/** Hooks of the family inet, and of arp. */
export const hooks = { inet: { input: 1, output: 3 }, arp: { input: 0, output: 1 } } as const;

/** One request that still needs its number. */
export type Request = (sequence: number) => Uint8Array;
/** One expression of a rule. */
export type Expression = Uint8Array;

const header = (family: number, resource = 0): Uint8Array =>
  Uint8Array.from([family, 0, resource >> 8, resource & 0xff]);
const nested = (type: number, parts: readonly Uint8Array[]): Uint8Array => attribute(NESTED | type, joined(parts));
const text = (type: number, value: string): Uint8Array => attribute(type, cString(value));
const number = (type: number, value: number): Uint8Array => attribute(type, big32(value));

const ask =
  (table: Table, type: number, flags: number, parts: readonly Uint8Array[]): Request =>
  (sequence) =>
    request(message(type), flags, sequence, [header(families[table.family]), ...parts]);

/** Everything between the two is done at once or not at all. */
export const beginBatch: Request = (sequence) => request(BATCH_BEGIN, 0, sequence, [header(0, SUBSYSTEM)]);
export const endBatch: Request = (sequence) => request(BATCH_END, 0, sequence, [header(0, SUBSYSTEM)]);

/** Makes the table if it is not there. */
export const newTable = (table: Table): Request => ask(table, 0, NLM_F_CREATE, [text(1, table.name)]);
/** Removes the table and everything in it. @param acknowledged the kernel answers when the whole batch is done. */
export const deleteTable = (table: Table, acknowledged = false): Request =>
  ask(table, 2, acknowledged ? NLM_F_ACK : 0, [text(1, table.name)]);

export const newChain = (table: Table, name: string, hook: Hook): Request =>
  ask(table, 3, NLM_F_CREATE, [
    text(1, table.name),
    text(3, name),
    nested(4, [number(1, hook.number), number(2, hook.priority)]),
    text(7, "filter"),
  ]);

export const newRule = (
  table: Table,
  chain: string,
  expressions: readonly Expression[],
  acknowledged = false,
): Request =>
  ask(table, 6, NLM_F_CREATE | NLM_F_APPEND | (acknowledged ? NLM_F_ACK : 0), [
    text(1, table.name),
    text(2, chain),
    nested(4, expressions),
  ]);

/** Key types as the tool `nft` numbers them, so that it can show them. */
export const keys = {
  ipv4: { type: 7, length: 4 },
  ipv6: { type: 8, length: 16 },
  mark: { type: 19, length: 4 },
} as const;
const TIMEOUT = 0x10;
const EVALUATED = 0x20;
/** Room for elements that have run out and are not collected yet. */
const roomOfDynamic = 4096;

/** @param dynamic rules put elements into it, and these run out. @param id any number that no other set of the batch has. */
export function newSet(
  table: Table,
  name: string,
  { key, dynamic, id }: { readonly key: keyof typeof keys; readonly dynamic?: boolean; readonly id: number },
): Request {
  return ask(table, 9, NLM_F_CREATE, [
    text(1, table.name),
    text(2, name),
    number(3, dynamic === true ? TIMEOUT | EVALUATED : 0),
    number(4, keys[key].type),
    number(5, keys[key].length),
    ...(dynamic === true ? [nested(9, [number(1, roomOfDynamic)])] : []),
    number(10, id),
  ]);
}

/** @param remaining milliseconds after which the elements run out. */
export const newElements = (table: Table, set: string, elements: readonly Uint8Array[], remaining?: number): Request =>
  ask(table, 12, NLM_F_CREATE, [
    text(1, table.name),
    text(2, set),
    nested(
      3,
      elements.map((key) => nested(1, [nested(1, [attribute(1, key)]), ...timeout(remaining)])),
    ),
  ]);

const timeout = (remaining: number | undefined): readonly Uint8Array[] =>
  remaining === undefined ? [] : [attribute(4, big64(remaining))];

/** Asks how often the rules of this namespace have been changed; answered by NEWGEN. Waits for nobody. */
export const getGeneration: Request = (sequence) => request(message(16), NLM_F_ACK, sequence, [header(0)]);
/** Lists the rules of the table; each is a NEWRULE. */
export const listRules = (table: Table): Request => ask(table, 7, NLM_F_DUMP, [text(1, table.name)]);
/** Lists the elements of a set, in one or more NEWSETELEM. */
export const listElements = (table: Table, set: string): Request =>
  ask(table, 13, NLM_F_DUMP, [text(1, table.name), text(2, set)]);

const expression = (name: string, parts: readonly Uint8Array[]): Expression =>
  nested(1, [text(1, name), nested(2, parts)]);
const REGISTER = 1;
const META = { mark: 3, nfproto: 15 } as const;
const NETWORK_HEADER = 1;
const DROP = 0;
const UPDATE = 1;
const INVERTED = 1;

export const loadMeta = (key: keyof typeof META): Expression =>
  expression("meta", [number(1, REGISTER), number(2, META[key])]);
export const loadPayload = (offset: number, length: number): Expression =>
  expression("payload", [number(1, REGISTER), number(2, NETWORK_HEADER), number(3, offset), number(4, length)]);
export const equals = (value: Uint8Array): Expression =>
  expression("cmp", [number(1, REGISTER), number(2, 0), nested(3, [attribute(1, value)])]);
export const isIn = (set: string): Expression => expression("lookup", [text(1, set), number(2, REGISTER)]);
export const isNotIn = (set: string): Expression =>
  expression("lookup", [text(1, set), number(2, REGISTER), number(5, INVERTED)]);
/** Whatever the register holds becomes 0: a key that every packet has. */
export const makeZero: Expression = expression("bitwise", [
  number(1, REGISTER),
  number(2, REGISTER),
  number(3, 4),
  nested(4, [attribute(1, new Uint8Array(4))]),
  nested(5, [attribute(1, new Uint8Array(4))]),
]);
/** Puts the register into the set, or renews it there, for so many milliseconds. */
export const update = (set: string, limit: number): Expression =>
  expression("dynset", [text(1, set), number(3, UPDATE), number(4, REGISTER), attribute(6, big64(limit))]);
export const drop: Expression = expression("immediate", [number(1, 0), nested(2, [nested(2, [number(1, DROP)])])]);

/** Bytes of a packet mark, as it lies in a register. */
export const markBytes = (mark: number): Uint8Array => uint32(mark);

function big32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value);
  return bytes;
}

function big64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.round(value)));
  return bytes;
}

/** @returns the parts one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

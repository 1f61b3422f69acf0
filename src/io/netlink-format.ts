/**
 * Rtnetlink, the kernel's own language about addresses, routes and links: requests become bytes, answers become values.
 * Pure functions without a socket. Every structure is in the machine's byte order, padded to four bytes
 * (rtnetlink(7), netlink(7)). Parsers never throw and never read past the end: a message that is cut or lies about its
 * length ends the parse, and what came before it counts.
 */
import { littleEndian } from "./byte-order.js";

export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
export const RTM_NEWROUTE = 24;
export const RTM_GETROUTE = 26;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_REQUEST = 0x01;
export const NLM_F_ACK = 0x04;
const NLM_F_DUMP_INTERRUPTED = 0x10;
export const NLM_F_DUMP = 0x300;
const NLM_F_REPLACE = 0x100;
const NLM_F_EXCLUSIVE = 0x200;
export const NLM_F_CREATE = 0x400;

/** Flags of an address (`IFA_F_…`). */
export const IFA_F_SECONDARY = 0x01;
export const IFA_F_NODAD = 0x02;
export const IFA_F_PERMANENT = 0x80;
/** Flags that an address had been given by somebody, as opposed to states that the kernel reports. */
export const IFA_F_GIVEN = IFA_F_NODAD | 0x04 /* optimistic */ | 0x10 /* homeaddress */ | 0x200 /* noprefixroute */;
const IFA = { ADDRESS: 1, LOCAL: 2, LABEL: 3, BROADCAST: 4, CACHEINFO: 6, FLAGS: 8 } as const;
const RTA = { DST: 1, OIF: 4, GATEWAY: 5, MULTIPATH: 9, VIA: 18 } as const;
const RTM_F_FIB_MATCH = 0x2000;
export const RTN_UNICAST = 1;
export const RTN_LOCAL = 2;
const AF_INET = 2;
const AF_INET6 = 10;
/** In a lifetime: for ever. */
export const FOREVER = 0xffffffff;

/** For how long the kernel keeps an address when nobody renews it, in whole seconds (the kernel counts no finer). */
export interface AddressLifetime {
  readonly valid: number;
  readonly preferred: number;
}

/** One address of one interface, as the kernel has it or is to have it. */
export interface InterfaceAddress {
  readonly index: number;
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly prefix: number;
  readonly label: string | undefined;
  readonly broadcast: Uint8Array | undefined;
  readonly scope: number;
  readonly flags: number;
  readonly lifetime: AddressLifetime | undefined;
}

export interface Route {
  readonly type: number;
  /** Prefix length of the route that matched. */
  readonly prefix: number;
  readonly index: number | undefined;
  /** No gateway: whoever is in the prefix is a neighbour. */
  readonly connected: boolean;
}

/** One message from the kernel. An `ended` with errno 0 is an acknowledgement or the end of a list. */
export type NetlinkMessage =
  | { readonly kind: "ended"; readonly sequence: number; readonly errno: number }
  | {
      readonly kind: "data";
      readonly sequence: number;
      readonly type: number;
      /** The list changed while it was being read: it must be asked for again. */
      readonly interrupted: boolean;
      readonly payload: Uint8Array;
    };

/** @returns the request to add an address. With a lifetime an existing address is renewed, without one it is left alone (EEXIST). */
export function newAddress(wanted: InterfaceAddress, sequence: number): Uint8Array {
  const existing = wanted.lifetime === undefined ? NLM_F_EXCLUSIVE : NLM_F_REPLACE;
  return request(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | existing, sequence, [
    addressHeader(wanted),
    attribute(IFA.LOCAL, wanted.address),
    ...(wanted.broadcast === undefined ? [] : [attribute(IFA.BROADCAST, wanted.broadcast)]),
    ...(wanted.label === undefined ? [] : [attribute(IFA.LABEL, cString(wanted.label))]),
    attribute(IFA.ADDRESS, wanted.address),
    // The header has room for eight flags; only the rare higher ones need the attribute.
    ...(wanted.flags > 0xff ? [attribute(IFA.FLAGS, uint32(wanted.flags))] : []),
    ...(wanted.lifetime === undefined ? [] : [attribute(IFA.CACHEINFO, cacheInfo(wanted.lifetime))]),
  ]);
}

/** @returns the request to delete exactly this address (interface, address and prefix decide; the label must agree if given). */
export function deleteAddress(present: InterfaceAddress, sequence: number): Uint8Array {
  return request(RTM_DELADDR, NLM_F_ACK, sequence, [
    addressHeader(present),
    attribute(IFA.LOCAL, present.address),
    attribute(IFA.ADDRESS, present.address),
  ]);
}

/** @returns the request for all addresses of one family on all interfaces. */
export function listAddresses(family: "ipv4" | "ipv6", sequence: number): Uint8Array {
  const header = new Uint8Array(8);
  header[0] = family === "ipv4" ? AF_INET : AF_INET6;
  return request(RTM_GETADDR, NLM_F_DUMP, sequence, [header]);
}

/** @returns the request for the route that the kernel would take to `destination`, as it stands in the table (not a copy of it). */
export function routeTo(destination: Uint8Array, sequence: number): Uint8Array {
  const header = new Uint8Array(12);
  header[0] = familyOf(destination);
  header[1] = destination.length * 8;
  new DataView(header.buffer).setUint32(8, RTM_F_FIB_MATCH, littleEndian);
  return request(RTM_GETROUTE, NLM_F_ACK, sequence, [header, attribute(RTA.DST, destination)]);
}

/** @returns the messages of one datagram from the kernel, in order, up to the first that cannot be read. */
export function parseMessages(bytes: Uint8Array): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  const view = viewOf(bytes);
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at, littleEndian);
    if (length < 16 || at + length > bytes.length) break;
    messages.push(parseMessage(bytes.subarray(at, at + length)));
    at += aligned(length);
  }
  return messages;
}

function parseMessage(bytes: Uint8Array): NetlinkMessage {
  const view = viewOf(bytes);
  const type = view.getUint16(4, littleEndian);
  const sequence = view.getUint32(8, littleEndian);
  if (type === NLMSG_ERROR || type === NLMSG_DONE) {
    // The kernel writes the error as a negative number; a DONE of an old kernel may carry none.
    const errno = bytes.length >= 20 ? -view.getInt32(16, littleEndian) : 0;
    return { kind: "ended", sequence, errno: errno === 0 ? 0 : errno };
  }
  const interrupted = (view.getUint16(6, littleEndian) & NLM_F_DUMP_INTERRUPTED) !== 0;
  return { kind: "data", sequence, type, interrupted, payload: bytes.subarray(16) };
}

/** @returns the address that an RTM_NEWADDR or RTM_DELADDR message tells of; `undefined` when it is none or is malformed. */
export function parseAddress(message: NetlinkMessage): InterfaceAddress | undefined {
  if (message.kind !== "data" || (message.type !== RTM_NEWADDR && message.type !== RTM_DELADDR)) return undefined;
  if (message.payload.length < 8) return undefined;
  const attributes = parseAttributes(message.payload.subarray(8));
  // On a point-to-point link ADDRESS is the other end; LOCAL is always ours, but IPv6 usually has ADDRESS alone.
  const address = attributes.get(IFA.LOCAL) ?? attributes.get(IFA.ADDRESS);
  if (address === undefined || familyOf(address) !== message.payload[0]) return undefined;
  return {
    index: viewOf(message.payload).getUint32(4, littleEndian),
    address,
    prefix: message.payload[1] ?? 0,
    label: textOf(attributes.get(IFA.LABEL)),
    broadcast: attributes.get(IFA.BROADCAST),
    scope: message.payload[3] ?? 0,
    flags: numberOf(attributes.get(IFA.FLAGS)) ?? message.payload[2] ?? 0,
    lifetime: parseLifetime(attributes.get(IFA.CACHEINFO)),
  };
}

/** @returns the route of an RTM_NEWROUTE message; `undefined` when it is none or is malformed. */
export function parseRoute(message: NetlinkMessage): Route | undefined {
  if (message.kind !== "data" || message.type !== RTM_NEWROUTE || message.payload.length < 12) return undefined;
  const attributes = parseAttributes(message.payload.subarray(12));
  const viaSomebody = [RTA.GATEWAY, RTA.VIA, RTA.MULTIPATH].some((type) => attributes.has(type));
  return {
    type: message.payload[7] ?? 0,
    prefix: message.payload[1] ?? 0,
    index: numberOf(attributes.get(RTA.OIF)),
    connected: !viaSomebody,
  };
}

/** @returns the attributes by type, up to the first that cannot be read. */
export function parseAttributes(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const attributes = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = view.getUint16(at, littleEndian);
    if (length < 4 || at + length > bytes.length) break;
    attributes.set(view.getUint16(at + 2, littleEndian) & 0x3fff, bytes.subarray(at + 4, at + length));
    at += aligned(length);
  }
  return attributes;
}

function parseLifetime(bytes: Uint8Array | undefined): AddressLifetime | undefined {
  if (bytes === undefined || bytes.length < 8) return undefined;
  const view = viewOf(bytes);
  return { preferred: view.getUint32(0, littleEndian), valid: view.getUint32(4, littleEndian) };
}

/** @returns one whole request: header, then the parts as they are. */
export function request(type: number, flags: number, sequence: number, parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(16 + parts.reduce((sum, part) => sum + part.length, 0));
  const view = viewOf(bytes);
  view.setUint32(0, bytes.length, littleEndian);
  view.setUint16(4, type, littleEndian);
  view.setUint16(6, NLM_F_REQUEST | flags, littleEndian);
  view.setUint32(8, sequence, littleEndian);
  let at = 16;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function addressHeader({ address, prefix, flags, scope, index }: InterfaceAddress): Uint8Array {
  const header = Uint8Array.from([familyOf(address), prefix, flags & 0xff, scope, 0, 0, 0, 0]);
  new DataView(header.buffer).setUint32(4, index, littleEndian);
  return header;
}

/** @returns one attribute, padded to four bytes. */
export function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(aligned(4 + value.length));
  const view = viewOf(bytes);
  view.setUint16(0, 4 + value.length, littleEndian);
  view.setUint16(2, type, littleEndian);
  bytes.set(value, 4);
  return bytes;
}

/** `struct ifa_cacheinfo`: preferred, valid, created, updated (the kernel fills the last two). */
function cacheInfo(lifetime: AddressLifetime): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = viewOf(bytes);
  view.setUint32(0, lifetime.preferred, littleEndian);
  view.setUint32(4, lifetime.valid, littleEndian);
  return bytes;
}

/** @returns four bytes in the machine's order. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, littleEndian);
  return bytes;
}

const aligned = (length: number): number => (length + 3) & ~3;
const familyOf = (address: Uint8Array): number =>
  address.length === 4 ? AF_INET : address.length === 16 ? AF_INET6 : 0;
export const cString = (text: string): Uint8Array => Buffer.from(`${text}\0`, "latin1");
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const numberOf = (bytes: Uint8Array | undefined): number | undefined =>
  bytes === undefined || bytes.length < 4 ? undefined : viewOf(bytes).getUint32(0, littleEndian);

function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("latin1");
}

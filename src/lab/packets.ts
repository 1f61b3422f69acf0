/**
 * The packets of the probe, as bytes: echo requests, ARP and neighbour questions, and what an answer looks like on the wire. Pure.
 */

/** Where in our own echo payload things are: a mark, then the question's number. */
const MARK = 0x48_42_6c_62;
const ETHERNET = 14;
const BROADCAST = Uint8Array.of(255, 255, 255, 255, 255, 255);

const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** What a received frame means to the probe. */
export type Heard =
  | {
      readonly kind: "echo";
      readonly source: Uint8Array;
      readonly mac: string;
      readonly id: number;
      readonly number: number;
    }
  /** Somebody says that an address is his: an ARP reply or a neighbour advertisement; `unasked` if it is an announcement. `to`: the frame's receiver. */
  | {
      readonly kind: "claim";
      readonly source: Uint8Array;
      readonly mac: string;
      readonly to: string;
      readonly unasked: boolean;
    };

/** RFC 1071. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** An ICMP or ICMPv6 echo request. The kernel fills in ICMPv6's checksum itself. */
export function echoRequest(family: 4 | 6, id: number, number: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const data = view(bytes);
  data.setUint8(0, family === 4 ? 8 : 128);
  data.setUint16(4, id);
  data.setUint16(6, number & 0xffff);
  data.setUint32(8, MARK);
  data.setUint32(12, number >>> 0);
  if (family === 4) data.setUint16(2, checksum(bytes));
  return bytes;
}

/**
 * "Who has this address?", broadcast. With 0.0.0.0 as sender it is a probe (RFC 5227): everybody answers it, and nobody learns anything from it,
 * so that the MAC may be another one each time and tells which question an answer is for.
 */
export function arpRequest(mac: Uint8Array, sender: Uint8Array, target: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ETHERNET + 28);
  const data = view(bytes);
  bytes.set(BROADCAST, 0);
  bytes.set(mac, 6);
  data.setUint16(12, ETHERTYPE.arp);
  bytes.set([0, 1, 8, 0, 6, 4, 0, 1], ETHERNET);
  bytes.set(mac, ETHERNET + 8);
  bytes.set(sender, ETHERNET + 14);
  bytes.set(target, ETHERNET + 24);
  return bytes;
}

/** The same question for IPv6: a neighbour solicitation to the target's solicited-node group, from the MAC's link-local address. */
export function neighbourSolicitation(mac: Uint8Array, target: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ETHERNET + 40 + 32);
  const data = view(bytes);
  bytes.set([0x33, 0x33, 0xff, ...target.subarray(13)], 0);
  bytes.set(mac, 6);
  data.setUint16(12, ETHERTYPE.ipv6);
  const ip = bytes.subarray(ETHERNET, ETHERNET + 40);
  ip.set([0x60, 0, 0, 0, 0, 32, 58, 255]);
  ip.set(linkLocalOf(mac), 8);
  ip.set([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...target.subarray(13)], 24);
  const icmp = bytes.subarray(ETHERNET + 40);
  icmp.set([135]);
  icmp.set(target, 8);
  icmp.set([1, 1, ...mac], 24);
  const pseudo = Uint8Array.of(...ip.subarray(8, 40), 0, 0, 0, icmp.length, 0, 0, 0, 58, ...icmp);
  view(icmp).setUint16(2, checksum(pseudo));
  return bytes;
}

function linkLocalOf(mac: Uint8Array): Uint8Array {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  return Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, a ^ 2, b, c, 0xff, 0xfe, d, e, f);
}

/** The question that the echo service on a node answers: the same bytes, followed by the node's name. */
export function udpQuestion(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  view(bytes).setUint32(0, MARK);
  view(bytes).setUint32(4, number >>> 0);
  return bytes;
}

/** @returns which question an answer of the echo service is for, and who gave it; undefined if it is no answer. */
export function udpAnswer(bytes: Uint8Array): { readonly number: number; readonly name: string } | undefined {
  if (bytes.length <= 8 || view(bytes).getUint32(0) !== MARK) return undefined;
  return { number: view(bytes).getUint32(4), name: Buffer.from(bytes.subarray(8)).toString("latin1") };
}

/** Reads a frame; undefined if it is none of the probe's business. */
export function hear(frame: Uint8Array): Heard | undefined {
  if (frame.length < ETHERNET + 20) return undefined;
  const type = view(frame).getUint16(12);
  const mac = macText(frame.subarray(6, 12));
  const packet = frame.subarray(ETHERNET);
  if (type === ETHERTYPE.ipv4) return hearIpv4(packet, mac);
  const to = macText(frame);
  if (type === ETHERTYPE.ipv6) return hearIpv6(packet, mac, to);
  return type === ETHERTYPE.arp ? hearArp(packet, to) : undefined;
}

function hearIpv4(packet: Uint8Array, mac: string): Heard | undefined {
  const header = ((packet[0] ?? 0) & 15) * 4;
  const icmp = packet.subarray(header);
  if (packet[9] !== 1 || icmp.length < 16 || icmp[0] !== 0) return undefined;
  return echoOf(icmp, packet.slice(12, 16), mac);
}

function hearIpv6(packet: Uint8Array, mac: string, to: string): Heard | undefined {
  const icmp = packet.subarray(40);
  if (packet[6] !== 58) return undefined;
  if (icmp[0] === 129 && icmp.length >= 16) return echoOf(icmp, packet.slice(8, 24), mac);
  if (icmp[0] !== 136 || icmp.length < 24) return undefined;
  return { kind: "claim", source: icmp.slice(8, 24), mac, to, unasked: ((icmp[4] ?? 0) & 0x40) === 0 };
}

function echoOf(icmp: Uint8Array, source: Uint8Array, mac: string): Heard | undefined {
  const data = view(icmp);
  if (data.getUint32(8) !== MARK) return undefined;
  return { kind: "echo", source, mac, id: data.getUint16(4), number: data.getUint32(12) };
}

function hearArp(packet: Uint8Array, to: string): Heard | undefined {
  if (packet.length < 28) return undefined;
  const source = packet.slice(14, 18);
  const unasked = source.every((byte, index) => byte === packet[24 + index]);
  // An ordinary question is no claim; a question about one's own address is.
  if (packet[7] !== 2 && !unasked) return undefined;
  return { kind: "claim", source, mac: macText(packet.subarray(8, 14)), to, unasked };
}

export const macText = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(":");

export const macBytes = (text: string): Uint8Array =>
  Uint8Array.from(text.split(":"), (part) => Number.parseInt(part, 16));

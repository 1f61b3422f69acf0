/**
 * "Who has this address?", asked before anybody here takes it (duplicate address detection: RFC 5227 for IPv4, RFC 4862 for IPv6).
 * The question has no sender address, so that no neighbour learns a wrong one from it. Pure frame builders and readers.
 */
import { checksum } from "./internet-checksum.js";
import { sameBytes } from "./ip-bytes.js";

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const ARP = [0x08, 0x06];
const IPV6 = [0x86, 0xdd];
const SHORTEST_FRAME = 60;
const ICMPV6 = 58;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const TARGET_LINK_ADDRESS = 2;

/** @returns the Ethernet frame that asks the segment who has `ip`: an ARP probe, or a neighbour solicitation from nobody. */
export function questionAbout(ip: Uint8Array, mac: Uint8Array): Uint8Array {
  return ip.length === 4 ? arpProbe(ip, mac) : solicitation(ip, mac);
}

/** @returns the MAC that says in this frame that it has `ip`; `undefined` when the frame says something else, or is cut. */
export function answerAbout(ip: Uint8Array, frame: Uint8Array): Uint8Array | undefined {
  return ip.length === 4 ? arpOwner(ip, frame) : advertisedOwner(ip, frame);
}

/** @returns the MAC for people: `52:54:00:12:34:56`. */
export const macText = (mac: Uint8Array): string =>
  [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join(":");

function arpProbe(ip: Uint8Array, mac: Uint8Array): Uint8Array {
  const frame = new Uint8Array(SHORTEST_FRAME);
  const nobody = [0, 0, 0, 0];
  const unknown = [0, 0, 0, 0, 0, 0];
  frame.set([...BROADCAST, ...mac, ...ARP, 0, 1, 0x08, 0, 6, 4, 0, 1, ...mac, ...nobody, ...unknown, ...ip]);
  return frame;
}

/** Whoever names the address as its own has it, in a reply or in a question. */
function arpOwner(ip: Uint8Array, frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < 42 || frame[12] !== 0x08 || frame[13] !== 0x06) return undefined;
  return sameBytes(frame.subarray(28, 32), ip) ? frame.slice(22, 28) : undefined;
}

/** To the solicited-node group of the address (RFC 4291, 2.7.1). */
function solicitation(ip: Uint8Array, mac: Uint8Array): Uint8Array {
  const tail = [...ip.subarray(13)];
  const group = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, ...tail];
  const nobody = new Uint8Array(16);
  const icmp = Uint8Array.from([SOLICITATION, 0, 0, 0, 0, 0, 0, 0, ...ip]);
  const sum = checksum(Uint8Array.from([...nobody, ...group, 0, 0, 0, icmp.length, 0, 0, 0, ICMPV6, ...icmp]));
  icmp[2] = sum >> 8;
  icmp[3] = sum & 0xff;
  const ethernet = [0x33, 0x33, 0xff, ...tail, ...mac, ...IPV6];
  return Uint8Array.from([...ethernet, 0x60, 0, 0, 0, 0, icmp.length, ICMPV6, 255, ...nobody, ...group, ...icmp]);
}

function advertisedOwner(ip: Uint8Array, frame: Uint8Array): Uint8Array | undefined {
  if (frame.length < 78 || frame[12] !== 0x86 || frame[13] !== 0xdd) return undefined;
  if (frame[20] !== ICMPV6 || frame[54] !== ADVERTISEMENT || !sameBytes(frame.subarray(62, 78), ip)) return undefined;
  const said = frame.length >= 86 && frame[78] === TARGET_LINK_ADDRESS && frame[79] === 1;
  return said ? frame.slice(80, 86) : frame.slice(6, 12);
}

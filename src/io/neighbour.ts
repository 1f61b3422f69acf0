/**
 * Unsolicited neighbour advertisement: the gratuitous ARP of IPv6 (RFC 4861, 7.2.6), to all nodes of the link, with the
 * override flag so that a cached MAC is replaced. Pure frame builder.
 */

import { checksum } from "./internet-checksum.js";

const ALL_NODES = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
const ALL_NODES_MAC = [0x33, 0x33, 0, 0, 0, 1];
const ICMPV6 = 58;
const ADVERTISEMENT = 136;
const OVERRIDE = 0x20;
const ROUTER = 0x80;
const TARGET_LINK_ADDRESS = 2;

/**
 * @param router whether this host forwards packets; a router that advertises itself without the flag is dropped from its
 * clients' list of default routers.
 * @returns the Ethernet frame with `ip` as source and target.
 */
export function unsolicitedAdvertisement(mac: Uint8Array, ip: Uint8Array, router: boolean): Uint8Array {
  const flags = OVERRIDE | (router ? ROUTER : 0);
  const icmp = Uint8Array.from([ADVERTISEMENT, 0, 0, 0, flags, 0, 0, 0, ...ip, TARGET_LINK_ADDRESS, 1, ...mac]);
  const sum = checksum(Uint8Array.from([...ip, ...ALL_NODES, 0, 0, 0, icmp.length, 0, 0, 0, ICMPV6, ...icmp]));
  icmp[2] = sum >> 8;
  icmp[3] = sum & 0xff;
  const ethernet = [...ALL_NODES_MAC, ...mac, 0x86, 0xdd];
  // Version 6; hop limit 255, the proof for the receiver that it came from its own link.
  const header = [0x60, 0, 0, 0, 0, icmp.length, ICMPV6, 255];
  return Uint8Array.from([...ethernet, ...header, ...ip, ...ALL_NODES, ...icmp]);
}

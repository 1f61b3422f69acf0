/** One round of telling the segment where an address is: what is sent depends on the link and on the family. */
import { readFileSync } from "node:fs";
import type { AddressOutcome } from "../ports/addresses.js";
import { gratuitousArp } from "./arp.js";
import type { Link } from "./link-facts.js";
import { unsolicitedAdvertisement } from "./neighbour.js";
import type { PacketSocket } from "./packet-socket.js";

const ETHERNET = 1;
const IFF_LOOPBACK = 0x8;
const IFF_POINT_TO_POINT = 0x10;

/** Sends the frames; the first that the interface refuses ends the round with its reason. */
export function announceOn(packets: PacketSocket, link: Link, ip: Uint8Array): AddressOutcome {
  // Loopback and point-to-point links have no neighbours that could remember a wrong MAC.
  if ((link.flags & (IFF_LOOPBACK | IFF_POINT_TO_POINT)) !== 0) return { ok: true };
  if (link.hardware !== ETHERNET || link.mac.length !== 6)
    return { ok: false, why: `${link.name} is no Ethernet link (hardware type ${link.hardware})` };
  for (const frame of framesFor(link, ip)) {
    const sent = packets.send(link.index, frame);
    if (!sent.ok) return { ok: false, why: `announcing on ${link.name}: ${sent.message} (${sent.name})` };
  }
  return { ok: true };
}

function framesFor({ name, mac }: Link, ip: Uint8Array): readonly Uint8Array[] {
  if (ip.length === 16) return [unsolicitedAdvertisement(mac, ip, forwardsIpv6(name))];
  return [gratuitousArp("request", mac, ip), gratuitousArp("reply", mac, ip)];
}

function forwardsIpv6(device: string): boolean {
  try {
    return readFileSync(`/proc/sys/net/ipv6/conf/${device}/forwarding`, "latin1").trim() !== "0";
  } catch {
    return false;
  }
}

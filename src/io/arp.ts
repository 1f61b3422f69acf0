/**
 * Gratuitous ARP: "this address is now at this MAC", told to the whole segment unasked, so that switches and neighbours
 * forget the former holder (RFC 826, RFC 5227). Pure frame builders.
 */

export type ArpForm = "request" | "reply";

const BROADCAST = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
const NOBODY = [0, 0, 0, 0, 0, 0];
/** Shortest Ethernet frame without its checksum; shorter ones are padded by most drivers, not by all. */
const SHORTEST_FRAME = 60;

/**
 * @returns the Ethernet frame in which sender and target address are both `ip`. Some systems update their tables from the
 * request form only, others from the reply only, so both are sent. In the reply the target MAC is our own: Linux takes a
 * gratuitous reply for one only then.
 */
export function gratuitousArp(form: ArpForm, mac: Uint8Array, ip: Uint8Array): Uint8Array {
  const operation = form === "request" ? 1 : 2;
  const target = form === "request" ? NOBODY : mac;
  const ethernet = [...BROADCAST, ...mac, 0x08, 0x06];
  const header = [0, 1, 0x08, 0, 6, 4, 0, operation];
  const frame = new Uint8Array(SHORTEST_FRAME);
  frame.set([...ethernet, ...header, ...mac, ...ip, ...target, ...ip]);
  return frame;
}

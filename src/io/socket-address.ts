/** The C library's `sockaddr` of each family, as bytes. Pure. */
import { littleEndian } from "./byte-order.js";

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_PACKET = 17;

/** `sockaddr_in` or `sockaddr_in6`, by the length of the address. `scope` is the interface index that link-local IPv6 needs. */
export function internetAddress(address: Uint8Array, port: number, scope = 0): Uint8Array {
  const ipv4 = address.length === 4;
  const bytes = new Uint8Array(ipv4 ? 16 : 28);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, ipv4 ? AF_INET : AF_INET6, littleEndian);
  view.setUint16(2, port, false);
  bytes.set(address, ipv4 ? 4 : 8);
  if (!ipv4) view.setUint32(24, scope, littleEndian);
  return bytes;
}

/** `sockaddr_ll`: the interface, and for sending the protocol and the destination that an Ethernet frame begins with. */
export function linkAddress(index: number, frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, littleEndian);
  bytes.set(frame.subarray(12, 14), 2);
  view.setInt32(4, index, littleEndian);
  bytes[11] = 6;
  bytes.set(frame.subarray(0, 6), 12);
  return bytes;
}

/** `sockaddr_un` of a path, with its final NUL; `undefined` when the path is too long for one (107 bytes). */
export function unixAddress(path: string): Uint8Array | undefined {
  const text = Buffer.from(`${path}\0`);
  if (text.length > 108) return undefined;
  const bytes = new Uint8Array(2 + text.length);
  new DataView(bytes.buffer).setUint16(0, AF_UNIX, littleEndian);
  bytes.set(text, 2);
  return bytes;
}

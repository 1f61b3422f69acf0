/** Sockets of the probe, as the kernel wants them. */
import { isIPv6 } from "node:net";
import { ipBytes } from "../io/ip-bytes.js";
import * as libc from "../io/libc.js";

const ETH_P_ALL = 3;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const SO_RCVBUFFORCE = 33;

/** What the system call answered; an error is thrown in words. */
export function must<T>(result: libc.SystemResult<T>): T {
  if (!result.ok) throw new Error(libc.describeError(result));
  return result.value;
}

/** A socket that sees every frame that comes in through one card. */
export function listenAt(card: string): number {
  const fd = must(libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_CLOEXEC, 0));
  libc.setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  if (!libc.setsockopt(fd, libc.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20).ok)
    libc.setsockopt(fd, libc.SOL_SOCKET, libc.SO_RCVBUF, 8 << 20);
  must(libc.bind(fd, packetAddress(must(libc.ifNameToIndex(card)))));
  return fd;
}

/** struct sockaddr_ll for "everything on this card". */
function packetAddress(index: number): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(libc.AF_PACKET, 0);
  bytes.writeUInt16BE(ETH_P_ALL, 2);
  bytes.writeInt32LE(index, 4);
  return bytes;
}

/** struct sockaddr_in or sockaddr_in6; without a port for raw sockets. */
export function socketAddress(address: string, port = 0): Uint8Array {
  const six = isIPv6(address);
  const bytes = Buffer.alloc(six ? 28 : 16);
  bytes.writeUInt16LE(six ? libc.AF_INET6 : libc.AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(ipBytes(six ? "ipv6" : "ipv4", address) ?? [], six ? 8 : 4);
  return bytes;
}

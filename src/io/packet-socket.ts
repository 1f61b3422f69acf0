import * as libc from "./libc.js";
import { linkAddress } from "./socket-address.js";

/** Sends whole Ethernet frames and receives none: a socket of protocol 0 stays empty however busy the network is. */
export interface PacketSocket {
  /** Sends one frame on the interface with this index. Never waits; what the interface cannot take at once is an error. */
  send(index: number, frame: Uint8Array): libc.SystemResult;
  close(): void;
}

/**
 * @param mark what the packet filter sees on each frame; needs CAP_NET_ADMIN.
 * @returns a packet socket; `EPERM` without CAP_NET_RAW.
 */
export function openPacketSocket(mark = 0): libc.SystemResult<PacketSocket> {
  const opened = libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return opened;
  const fd = opened.value;
  const marked = mark === 0 ? opened : libc.setsockopt(fd, libc.SOL_SOCKET, libc.SO_MARK, mark);
  if (!marked.ok) {
    libc.close(fd);
    return marked;
  }
  return {
    ok: true,
    value: {
      send: (index, frame) => libc.sendto(fd, frame, linkAddress(index, frame)),
      close: () => void libc.close(fd),
    },
  };
}

import * as libc from "./libc.js";
import { destinationOf } from "./udp-medium.js";
import { openSendingSocket, type UdpMediumSettings } from "./udp-sockets.js";

/**
 * The guardian's own way to the peers: sending sockets only, opened beforehand. It must not listen: a second socket on
 * the port would take datagrams away from the daemon.
 */
export interface NoticeSender {
  /** Sends the datagram by every medium, `copies` times at intervals of `interval` milliseconds; the first ones before it returns. */
  send(datagram: Uint8Array, copies: number, interval: number): void;
  /** Opens again what could not be opened, or belongs to an interface that was replaced. */
  refresh(): void;
}

interface Way {
  readonly fd: number;
  readonly index: number;
  readonly destination: Uint8Array;
}

export function openNoticeSender(media: readonly UdpMediumSettings[]): NoticeSender {
  const ways = new Map<UdpMediumSettings, Way>();
  const refresh = (): void => {
    for (const medium of media) {
      const known = ways.get(medium);
      const index = libc.ifNameToIndex(medium.device);
      if (known !== undefined && index.ok && index.value === known.index) continue;
      if (known !== undefined) libc.close(known.fd);
      ways.delete(medium);
      const way = index.ok ? openWay(medium, index.value) : undefined;
      if (way !== undefined) ways.set(medium, way);
    }
  };
  const sendOnce = (datagram: Uint8Array): void => {
    for (const way of ways.values()) libc.sendto(way.fd, datagram, way.destination);
  };
  refresh();
  return {
    refresh,
    send(datagram, copies, interval) {
      sendOnce(datagram);
      for (let copy = 1; copy < copies; copy += 1) setTimeout(() => sendOnce(datagram), copy * interval);
    },
  };
}

function openWay(medium: UdpMediumSettings, index: number): Way | undefined {
  const destination = destinationOf(medium, index);
  if (!destination.ok) return undefined;
  const socket = openSendingSocket(medium, index);
  return socket.ok ? { fd: socket.value, index, destination: destination.value } : undefined;
}

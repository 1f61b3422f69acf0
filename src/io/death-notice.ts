import * as libc from "./libc.js";
import { openSerialOutput, type SerialSettings } from "./serial-port.js";
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
  close(): void;
}

/** One medium as far as the guardian uses it. */
interface Way {
  send(datagram: Uint8Array, copy: number): void;
  refresh(): void;
  close(): void;
}

export type NoticeMedium = UdpMediumSettings | SerialSettings;

export function openNoticeSender(media: readonly NoticeMedium[]): NoticeSender {
  const ways = media.map((medium) => (medium.kind === "serial" ? serialWay(medium) : udpWay(medium)));
  const sendOnce = (datagram: Uint8Array, copy: number): void => {
    for (const way of ways) way.send(datagram, copy);
  };
  return {
    refresh() {
      for (const way of ways) way.refresh();
    },
    close() {
      for (const way of ways.splice(0)) way.close();
    },
    send(datagram, copies, interval) {
      sendOnce(datagram, 0);
      for (let copy = 1; copy < copies; copy += 1) setTimeout(() => sendOnce(datagram, copy), copy * interval);
    },
  };
}

function udpWay(medium: UdpMediumSettings): Way {
  let open: { readonly fd: number; readonly index: number; readonly destination: Uint8Array } | undefined;
  const refresh = (): void => {
    const index = libc.ifNameToIndex(medium.device);
    if (open !== undefined && index.ok && index.value === open.index) return;
    if (open !== undefined) libc.close(open.fd);
    open = index.ok ? openSocket(medium, index.value) : undefined;
  };
  refresh();
  return {
    refresh,
    close() {
      if (open !== undefined) libc.close(open.fd);
      open = undefined;
    },
    send(datagram) {
      if (open !== undefined) libc.sendto(open.fd, datagram, open.destination);
    },
  };
}

function openSocket(medium: UdpMediumSettings, index: number) {
  const destination = destinationOf(medium, index);
  if (!destination.ok) return undefined;
  const socket = openSendingSocket(medium, index);
  return socket.ok ? { fd: socket.value, index, destination: destination.value } : undefined;
}

/** A slow line loses nothing by itself, so two copies will do: the first may follow half a message of the daemon that died. */
const serialCopies = 2;

/** The line stays as the daemon has set it up. Its descriptor is of no use any more when the device went away and came back. */
function serialWay(medium: SerialSettings): Way {
  let open = openSerialOutput(medium);
  const reopen = (): void => {
    if (open.ok) libc.close(open.value);
    open = openSerialOutput(medium);
  };
  return {
    refresh() {
      if (!open.ok) reopen();
    },
    close() {
      if (open.ok) libc.close(open.value);
    },
    send(datagram, copy) {
      if (copy >= serialCopies) return;
      const sent = open.ok ? libc.write(open.value, datagram) : open;
      if (sent.ok || sent.name === "EAGAIN") return;
      reopen();
      if (open.ok) libc.write(open.value, datagram);
    },
  };
}

/**
 * Receiving sockets, one per interface, port and family, shared by all media there: with two sockets on one port the kernel
 * would deal the datagrams of one sender to either of them by a hash, and each medium would hear a part of the beats.
 *
 * Order: libuv reads one socket after the other, up to 32 datagrams of each per turn of the loop, and hands each to the
 * listener at once, before the next is read. So datagrams of one interface come in their order of arrival; between
 * interfaces the order is accidental. Nothing is queued here: what the loop has not fetched waits in the kernel's buffer.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import * as libc from "./libc.js";
import { openReceivingSocket } from "./udp-sockets.js";

/** Takes datagrams; `from` is the sender's address as text, a hint only (it is never a proof of anything). */
export interface Subscriber {
  /** Sender whose datagrams this subscriber counts as its own; `undefined`: nobody in particular. */
  readonly peer: string | undefined;
  deliver(bytes: Uint8Array): void;
  /** The socket reported an error and is closed; `ensure` makes a new one. */
  lost(why: string): void;
}

export interface Receiver {
  /** Opens the socket if it is closed or belongs to a former interface of this name. @returns the descriptor in use. */
  ensure(index: number): libc.SystemResult;
  subscribe(subscriber: Subscriber): void;
  /** The last to leave closes the socket. */
  unsubscribe(subscriber: Subscriber): void;
}

/** The receivers of this process, by interface, port and family. */
export interface Receivers {
  get(device: string, port: number, family: "ipv4" | "ipv6"): Receiver;
}

export function createReceivers(): Receivers {
  const byPlace = new Map<string, Receiver>();
  return {
    get(device, port, family) {
      const place = `${family} ${port} ${device}`;
      const receiver = byPlace.get(place) ?? createReceiver(device, port, family);
      byPlace.set(place, receiver);
      return receiver;
    },
  };
}

function createReceiver(device: string, port: number, family: "ipv4" | "ipv6"): Receiver {
  const subscribers: Subscriber[] = [];
  let open: { readonly socket: Socket; readonly fd: number; readonly index: number } | undefined;
  const close = (): void => {
    open?.socket.close();
    open = undefined;
  };
  const receive = (bytes: Uint8Array, { address }: RemoteInfo): void =>
    receiverOf(subscribers, address)?.deliver(bytes);
  const ensure = (index: number): libc.SystemResult => {
    if (open?.index === index) return { ok: true, value: open.fd };
    close();
    const fd = openReceivingSocket(device, port, family);
    if (!fd.ok) return fd;
    const socket = adopt(fd.value, family);
    if (socket === undefined) return libc.systemError("adopting the socket", 88 /* ENOTSOCK */);
    socket.on("message", receive);
    socket.on("error", ({ message }) => {
      close();
      for (const subscriber of [...subscribers]) subscriber.lost(message);
    });
    open = { socket, fd: fd.value, index };
    return fd;
  };
  return {
    ensure,
    subscribe: (subscriber) => void subscribers.push(subscriber),
    unsubscribe(subscriber) {
      const at = subscribers.indexOf(subscriber);
      if (at >= 0) subscribers.splice(at, 1);
      if (subscribers.length === 0) close();
    },
  };
}

/** Each datagram goes to exactly one medium: that of its sender if there is one, else the first without a certain sender. */
function receiverOf(subscribers: readonly Subscriber[], address: string): Subscriber | undefined {
  const [from] = address.split("%");
  return (
    subscribers.find((one) => one.peer === from) ?? subscribers.find((one) => one.peer === undefined) ?? subscribers[0]
  );
}

/** Hands a bound descriptor to dgram, which then owns it. */
function adopt(fd: number, family: "ipv4" | "ipv6"): Socket | undefined {
  const socket = createSocket(family === "ipv4" ? "udp4" : "udp6");
  try {
    return socket.bind({ fd, exclusive: true });
  } catch {
    libc.close(fd);
    socket.close();
    return undefined;
  }
}

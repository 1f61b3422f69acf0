/**
 * A UDP socket at an address of this machine. What is sent goes into the kernel in the call itself, so that a last word is out before the
 * process ends; what arrives comes through Node's loop.
 */
import { createSocket, type Socket } from "node:dgram";
import { ipBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { internetAddress } from "./socket-address.js";

/** Numeric; `0.0.0.0` and `::` stand for every address of their family. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface DatagramSocket {
  /** Never waits and never throws: what cannot be sent now is lost. `to`: a C `sockaddr`. @returns whether it went out. */
  send(bytes: Uint8Array, to: Uint8Array): boolean;
  /** `from`: a C `sockaddr`, to answer to. */
  onDatagram(listener: (bytes: Uint8Array, from: Uint8Array) => void): void;
  /** The kernel's number, where 0 was wished for. */
  readonly port: number;
  close(): void;
}

/** Bytes of datagrams that the kernel keeps for us while we are busy. */
const room = 1024 * 1024;

/** @returns the `sockaddr` of a numeric address, with a zone (`fe80::1%eth0`) if need be; `undefined` for anything else. */
export function sockaddrOf({ address, port }: Endpoint): Uint8Array | undefined {
  const [text = "", zone] = address.split("%");
  const bytes = ipBytes(text.includes(":") ? "ipv6" : "ipv4", text);
  const index = zone === undefined ? { ok: true as const, value: 0 } : libc.ifNameToIndex(zone);
  return bytes === undefined || !index.ok ? undefined : internetAddress(bytes, port, index.value);
}

/** @returns the open socket, or why it cannot be opened. */
export function openDatagramSocket(endpoint: Endpoint): libc.SystemResult<DatagramSocket> {
  const local = sockaddrOf(endpoint);
  if (local === undefined) return libc.systemError(`address ${endpoint.address}`, 22 /* EINVAL */);
  const isIpv6 = endpoint.address.includes(":");
  const flags = libc.SOCK_DGRAM | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC;
  const opened = libc.socket(isIpv6 ? libc.AF_INET6 : libc.AF_INET, flags, 0);
  if (!opened.ok) return opened;
  const bound = libc.bind(opened.value, local);
  const socket = bound.ok ? adopt(opened.value, isIpv6) : undefined;
  if (socket !== undefined) return { ok: true, value: wrap(socket, opened.value) };
  libc.close(opened.value);
  return bound.ok ? libc.systemError("adopting the socket", 88 /* ENOTSOCK */) : bound;
}

/** Hands a bound descriptor to dgram, which then owns it. */
function adopt(fd: number, isIpv6: boolean): Socket | undefined {
  const socket = createSocket(isIpv6 ? "udp6" : "udp4");
  try {
    return socket.bind({ fd, exclusive: true });
  } catch {
    socket.close();
    return undefined;
  }
}

function wrap(socket: Socket, fd: number): DatagramSocket {
  let isOpen = true;
  // What the network says back (no route, nobody listens) is silence to us.
  socket.on("error", () => {});
  libc.setsockopt(fd, libc.SOL_SOCKET, SO_RCVBUF, room);
  return {
    send: (bytes, to) => isOpen && libc.sendto(fd, bytes, to).ok,
    onDatagram(listener) {
      socket.on("message", (bytes, from) => {
        const sender = isOpen ? sockaddrOf(from) : undefined;
        if (sender !== undefined) listener(bytes, sender);
      });
    },
    port: portOf(fd),
    close() {
      if (!isOpen) return;
      isOpen = false;
      socket.close();
    },
  };
}

const SO_RCVBUF = 8;

/** Behind the family, in network order, in both forms of a `sockaddr`. */
function portOf(fd: number): number {
  const name = libc.getsockname(fd);
  return name.ok ? ((name.value[2] ?? 0) << 8) | (name.value[3] ?? 0) : 0;
}

/** A witness on a UDP socket. */
import { randomBytes } from "node:crypto";
import type { Duration } from "../core/time.js";
import { Desk, type Passing } from "../witness/desk.js";
import type { Seals } from "../witness/seal.js";
import { type Endpoint, openDatagramSocket } from "./datagram-socket.js";
import { ipText } from "./ip-bytes.js";
import type { SystemResult } from "./libc.js";
import { monotonicNow } from "./monotonic.js";

export interface WitnessServer {
  readonly desk: Desk;
  readonly port: number;
  /** Address of the last datagram that was not answered, for people. */
  readonly refusedFrom: string | undefined;
  /** These are the clusters and their keys from now on. */
  serve(clusters: ReadonlyMap<string, Seals>): void;
  close(): void;
}

export interface WitnessServerSettings {
  readonly listen: Endpoint;
  readonly longestLease: Duration;
  readonly onPassing?: (passing: Passing) => void;
}

/** @returns a witness that has just begun: it knows no lease, and is quiet for `longestLease`. */
export function openWitnessServer({
  listen,
  longestLease,
  onPassing,
}: WitnessServerSettings): SystemResult<WitnessServer> {
  const opened = openDatagramSocket(listen);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const session = randomBytes(8).toString("latin1");
  const desk = new Desk({ session, startedAt: monotonicNow(), longestLease }, onPassing);
  let refused: Uint8Array | undefined;
  socket.onDatagram((bytes, from) => {
    const reply = desk.take(bytes, monotonicNow());
    if (reply === undefined) refused = from;
    else socket.send(reply, from);
  });
  const server: WitnessServer = {
    desk,
    port: socket.port,
    get refusedFrom() {
      return refused && addressText(refused);
    },
    serve: (clusters) => desk.serve(clusters, monotonicNow()),
    close: () => socket.close(),
  };
  return { ok: true, value: server };
}

/** Of a `sockaddr_in` or `sockaddr_in6`. */
const addressText = (sockaddr: Uint8Array): string =>
  ipText(sockaddr.length === 16 ? sockaddr.subarray(4, 8) : sockaddr.subarray(8, 24));

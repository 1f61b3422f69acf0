/** A witness on a UDP socket. */
import { randomBytes } from "node:crypto";
import type { Duration } from "../core/time.js";
import { Desk } from "../witness/desk.js";
import type { Seals } from "../witness/seal.js";
import { type Endpoint, openDatagramSocket } from "./datagram-socket.js";
import type { SystemResult } from "./libc.js";
import { monotonicNow } from "./monotonic.js";

export interface WitnessServer {
  readonly desk: Desk;
  readonly port: number;
  /** These are the clusters and their keys from now on. */
  serve(clusters: ReadonlyMap<string, Seals>): void;
  close(): void;
}

/** @returns a witness that has just begun: it knows no lease, and is quiet for `longestLease`. */
export function openWitnessServer(listen: Endpoint, longestLease: Duration): SystemResult<WitnessServer> {
  const opened = openDatagramSocket(listen);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const desk = new Desk({ session: randomBytes(8).toString("latin1"), startedAt: monotonicNow(), longestLease });
  socket.onDatagram((bytes, from) => {
    const reply = desk.take(bytes, monotonicNow());
    if (reply !== undefined) socket.send(reply, from);
  });
  const server: WitnessServer = {
    desk,
    port: socket.port,
    serve: (clusters) => desk.serve(clusters, monotonicNow()),
    close: () => socket.close(),
  };
  return { ok: true, value: server };
}

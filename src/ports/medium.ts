import type { LinkName, NodeName } from "../core/names.js";
import type { Instant } from "../core/time.js";

/** One way of carrying bytes to the peers. Best effort: a datagram may be lost, repeated or late; nobody waits for it. */
export interface Medium {
  readonly link: LinkName;
  /** For people: `ucast ens33 172.30.105.102`. */
  readonly description: string;
  /**
   * `stream`: a serial line, which knows no edges. Messages go there in the form that can be found again in a stream, and what is
   * heard is passed on to the other lines. Absent: datagrams.
   */
  readonly carries?: "stream";
  /**
   * Writes one datagram. Never throws, never blocks; what cannot be sent is counted.
   * @param isHeard every peer is being heard over this link right now, so the kernel need not ask again for its hardware address.
   * @param subject on a slow line: a message of the same subject that still waits for its turn is replaced by this one.
   */
  send(bytes: Uint8Array, isHeard?: boolean, subject?: string): void;
  /** Calls the listener for each datagram, with the instant of its arrival at this process. */
  onDatagram(listener: (bytes: Uint8Array, at: Instant) => void): void;
  /** Sent, received and failed datagrams since the start, and the latest failure. */
  readonly counters: MediumCounters;
  close(): void;
}

export interface MediumCounters {
  sent: number;
  received: number;
  sendErrors: number;
  /** Message of the newest failure to send, for `status`. */
  lastError: string | undefined;
}

/** Asks ping nodes whether they live (ICMP echo; wire.md 6). The payload is opaque here and comes back as it was sent. */
export interface Pinger {
  readonly node: NodeName;
  readonly description: string;
  ask(payload: Uint8Array): void;
  onAnswer(listener: (payload: Uint8Array, at: Instant) => void): void;
  /** Reads the answers that have arrived; called once per keepalive by the loop. */
  poll(): void;
  close(): void;
}

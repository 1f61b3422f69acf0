/**
 * The connection of a local program: what `cl_status`, `ipfail` and other clients of the original's library hold. Messages are queued and
 * bounded; nobody waits for a client.
 */
export interface ClientConnection {
  /** Who is at the other end, as the kernel noted it when that process connected. */
  readonly credentials: { readonly pid: number; readonly uid: number; readonly gid: number };
  /** @returns `false` when the client is gone, or has not read what it was sent before and is cut off. */
  send(payload: Uint8Array): boolean;
  /** Sends the process a signal (0: none), if it is still there and still its user's. */
  signal(number: number): void;
  /** Ends the connection once everything is sent. */
  close(): void;
}

export interface ClientListener {
  /** @returns milliseconds for which nothing more is read from this client. */
  onFrame(payload: Uint8Array): number;
  /** Whether it may stay; who may not after a while is hung up on. */
  isWelcome(): boolean;
  /** The connection has ended, whoever ended it. */
  onClose(): void;
}

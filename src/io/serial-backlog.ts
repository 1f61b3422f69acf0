/**
 * What waits for its turn on a slow line. A heartbeat that comes late is worth less than none, so what waits is bounded by what the line
 * carries in a given time, and the oldest has to go: the newest always says all that counts, and what else was lost is asked for again.
 */
export interface Backlog {
  /** Takes a message. @returns how many older ones had to go for it. */
  add(message: Uint8Array): number;
  /** @returns the oldest message that is left, which waits no longer. */
  next(): Uint8Array | undefined;
  /** Forgets all. @returns how many there were. */
  clear(): number;
  readonly bytes: number;
}

/** @param capacity bytes that may wait; one message may always. */
export function createBacklog(capacity: number): Backlog {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  const next = (): Uint8Array | undefined => {
    const message = waiting.shift();
    bytes -= message?.length ?? 0;
    return message;
  };
  return {
    next,
    add(message) {
      let dropped = 0;
      while (waiting.length > 0 && bytes + message.length > capacity) {
        next();
        dropped += 1;
      }
      waiting.push(message);
      bytes += message.length;
      return dropped;
    },
    clear() {
      const count = waiting.length;
      waiting.length = 0;
      bytes = 0;
      return count;
    },
    get bytes() {
      return bytes;
    },
  };
}

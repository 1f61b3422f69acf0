/**
 * What waits for its turn on a slow line. A heartbeat that comes late is worth less than none, so what waits is bounded by what the line
 * carries in a given time, and the oldest has to go: the newest always says all that counts, and what else was lost is asked for again.
 */
export interface Backlog {
  /**
   * Takes a message; one of the same subject that waits already is replaced where it stands.
   * @returns how many older ones had to go for it.
   */
  add(message: Uint8Array, subject?: string): number;
  /** @returns the oldest message that is left, which waits no longer. */
  next(): Uint8Array | undefined;
  /** Forgets all. @returns how many there were. */
  clear(): number;
  readonly bytes: number;
}

/** @param capacity bytes that may wait; one message may always. */
export function createBacklog(capacity: number): Backlog {
  const waiting: { bytes: Uint8Array; readonly subject: string | undefined }[] = [];
  let bytes = 0;
  const next = (): Uint8Array | undefined => {
    const message = waiting.shift()?.bytes;
    bytes -= message?.length ?? 0;
    return message;
  };
  return {
    next,
    add(message, subject) {
      const same = subject === undefined ? undefined : waiting.find((one) => one.subject === subject);
      if (same !== undefined) {
        bytes += message.length - same.bytes.length;
        same.bytes = message;
        return 0;
      }
      let dropped = 0;
      while (waiting.length > 0 && bytes + message.length > capacity) {
        next();
        dropped += 1;
      }
      waiting.push({ bytes: message, subject });
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

/**
 * What comes out of the FIFO: classic messages, `>>>`, one `name=value` per line, `<<<`, written by shell tools line by line and
 * by anybody who is root. Two writers at once may mix their lines, as with the original; whatever is no message is dropped.
 */

/** A message may have so many bytes, and a line of it; the original's limit was 511 bytes for a line. */
const longestMessage = 64 * 1024;

export interface FifoReader {
  /** @returns the messages that this piece completed, each with its head and tail, one character per byte. */
  push(piece: Uint8Array): readonly string[];
  /** Pieces that were no message: lines outside of one, and messages that were cut off or too long. */
  readonly dropped: number;
}

/** @returns a reader that keeps at most one unfinished message. */
export function fifoReader(): FifoReader {
  let rest = "";
  let lines: string[] | undefined;
  let size = 0;
  let dropped = 0;
  const forget = (): void => {
    lines = undefined;
    dropped += 1;
  };
  /** @returns the message that ends with this line. */
  const take = (line: string): string | undefined => {
    if (line === ">>>") {
      if (lines !== undefined) dropped += 1;
      lines = [];
      size = 0;
    } else if (lines === undefined) {
      if (line.trim() !== "") dropped += 1;
    } else if (line === "<<<") {
      const whole = `>>>\n${lines.map((one) => `${one}\n`).join("")}<<<\n`;
      lines = undefined;
      return whole;
    } else {
      lines.push(line);
      size += line.length + 1;
      if (size > longestMessage) forget();
    }
    return undefined;
  };
  return {
    get dropped() {
      return dropped;
    },
    push(piece) {
      const parts = (rest + Buffer.from(piece).toString("latin1")).split("\n");
      rest = parts.pop() ?? "";
      const whole = parts.flatMap((line) => take(line.replaceAll("\0", "")) ?? []);
      if (rest.length > longestMessage) {
        rest = "";
        forget();
      }
      return whole;
    },
  };
}

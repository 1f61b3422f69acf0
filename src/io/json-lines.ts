/**
 * Messages between our own processes and with operators: JSON, one object per line. The reader is bounded, because the one
 * at the other end may be broken or hostile; the writer is bounded, because he may never read.
 */
import type { Duplex, Writable } from "node:stream";

export interface LineReader {
  /** @returns the complete lines that this piece ended; `too-long` when a line outgrew the limit (the reader is then spent). */
  push(piece: Uint8Array): readonly string[] | "too-long";
}

/** @returns a reader that keeps at most `longest` bytes of an unfinished line. */
export function lineReader(longest: number): LineReader {
  let unfinished: Uint8Array[] = [];
  let kept = 0;
  return {
    push(piece) {
      const lines: string[] = [];
      let from = 0;
      for (let end = piece.indexOf(10, from); end >= 0; end = piece.indexOf(10, from)) {
        if (kept + end - from > longest) return "too-long";
        lines.push(Buffer.concat([...unfinished, piece.subarray(from, end)]).toString("utf8"));
        unfinished = [];
        kept = 0;
        from = end + 1;
      }
      kept += piece.length - from;
      if (kept > longest) return "too-long";
      if (from < piece.length) unfinished.push(piece.subarray(from));
      return lines;
    },
  };
}

/** @returns the object that a line holds; `undefined` when it holds none. */
export function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Writes one object as a line. @returns false when the other end has not read for so long that more than `most` bytes wait. */
export function writeObject(stream: Writable, value: object, most: number): boolean {
  if (stream.destroyed || stream.writableLength > most) return false;
  stream.write(`${JSON.stringify(value)}\n`);
  return true;
}

/** Calls `onObject` for every line of a stream between our own processes; a line that is none of ours ends the stream. */
export function readObjects(
  stream: Duplex | NodeJS.ReadableStream,
  longest: number,
  onObject: (value: Readonly<Record<string, unknown>>) => void,
): void {
  const reader = lineReader(longest);
  stream.on("data", (piece: Buffer) => {
    const lines = reader.push(piece);
    if (lines === "too-long") {
      if ("destroy" in stream) stream.destroy();
      return;
    }
    for (const line of lines) {
      const value = parseObject(line);
      if (value !== undefined) onObject(value);
    }
  });
}

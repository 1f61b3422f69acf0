import { littleEndian } from "./byte-order.js";

/**
 * How messages travel between the daemon and its clients (tools.md 6): 4 bytes length of what follows the head, 4 bytes `cd ab 00 00`, both in
 * the byte order of the machine, then the message with a NUL at its end.
 */
const magic = 0xabcd;
const headBytes = 8;

/** @returns the payload in its frame. */
export function framed(payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headBytes + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, payload.length, littleEndian);
  view.setUint32(4, magic, littleEndian);
  frame.set(payload, headBytes);
  return frame;
}

/** Puts frames together from the pieces in which a stream brings them; holds at most one incomplete frame. */
export interface FrameReader {
  /** @returns the payloads that are complete now (copies); `malformed` when this is no stream of frames, or one is too long. */
  push(piece: Uint8Array): readonly Uint8Array[] | "malformed";
}

/** @param longest bytes of a payload. */
export function frameReader(longest: number): FrameReader {
  let rest: Uint8Array = new Uint8Array(0);
  return {
    push(piece) {
      const bytes = rest.length === 0 ? piece : joined(rest, piece);
      const payloads: Uint8Array[] = [];
      let at = 0;
      while (bytes.length - at >= headBytes) {
        const view = new DataView(bytes.buffer, bytes.byteOffset + at, headBytes);
        const length = view.getUint32(0, littleEndian);
        if (view.getUint32(4, littleEndian) !== magic || length > longest) return "malformed";
        if (bytes.length - at - headBytes < length) break;
        payloads.push(bytes.slice(at + headBytes, at + headBytes + length));
        at += headBytes + length;
      }
      rest = bytes.slice(at);
      return payloads;
    },
  };
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

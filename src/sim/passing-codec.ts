import type { Authenticated } from "../core/event.js";
import type { Message } from "../core/message.js";
import type { Codec } from "../wire/codec.js";
import type { AnsweredPing, PingQuestion } from "../wire/ping.js";
import { refused } from "../wire/refusal.js";

/**
 * A codec that costs nothing: a datagram is the number of a message that is kept beside the wires. Most worlds of a campaign use it, because
 * encoding and signing take half of the time and have tests of their own; some use the real one. A damaged number is refused, as a
 * damaged digest is.
 */
export class Mailroom {
  readonly #kept: { readonly message: Message; readonly authenticated: Authenticated }[] = [];
  readonly #questions: PingQuestion[] = [];

  /** @returns a codec for one daemon of this world; all daemons have the same key. */
  codec(): Codec {
    const encode = (message: Message, strength: Authenticated): Uint8Array =>
      numbered(this.#kept.push({ message, authenticated: strength }) - 1);
    return {
      encode: (message, strength) => encode(message, strength),
      encodeForLine: (message, strength) => encode(message, strength),
      decode: (bytes) => {
        const kept = this.#kept[numberOf(bytes)];
        return kept === undefined ? refused("bad-digest") : { ok: true, index: 1, ...kept };
      },
      encodePing: (question) => numbered(this.#questions.push(question) - 1),
      decodePing: (bytes) => answered(this.#questions[numberOf(bytes)]),
    };
  }
}

function answered(question: PingQuestion | undefined): AnsweredPing | ReturnType<typeof refused> {
  if (question === undefined) return refused("bad-digest");
  return { ok: true, kind: question.kind, node: question.node, counter: question.counter };
}

/** The number and its complement: one flipped bit, and it is nobody's. */
function numbered(number: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, number);
  view.setInt32(4, ~number);
  return bytes;
}

function numberOf(bytes: Uint8Array): number {
  if (bytes.length !== 8) return -1;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const number = view.getInt32(0);
  return view.getInt32(4) === ~number ? number : -1;
}

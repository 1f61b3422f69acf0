import { hasTextAt, NEWLINE, textFrom } from "./bytes.js";
import { CLASSIC_HEAD, classicExtent } from "./classic.js";
import { NETSTRING_HEAD, netstringExtent } from "./netstring.js";
import type { Extent, Limits } from "./refusal.js";

/**
 * Messages out of a stream of bytes, as a serial line brings them. Unlike a datagram, a stream has no edges: it begins in the middle of a
 * message, loses bytes, and carries whatever a modem or a login prompt has to say. So a message is searched: a head (`###\n` or `>>>\n`)
 * from which a whole message can be followed to its end. A head that leads nowhere is passed over.
 *
 * A broken length could make us wait for bytes that belong to the next messages. Therefore later heads are tried while an earlier one
 * is still incomplete, and the first message that is whole wins. Nothing is believed here: the digest is for the codec to check.
 */
export interface MessageStream {
  /** Takes what the line brought. Never throws. @returns the messages that became whole, each a copy, in their order. */
  push(bytes: Uint8Array): readonly Uint8Array[];
  /** Bytes passed over since the start: they belonged to no message. */
  readonly skipped: number;
  /** Bytes that wait for the rest of their message, for the tests; never more than `STREAM_LIMITS.bytes`. */
  readonly waiting: number;
}

/** At 19200 baud the longest message takes eight seconds; there is no sense in longer ones. */
export const STREAM_LIMITS: Limits = { bytes: 16_384, fields: 512 };

const HEAD_LENGTH = NETSTRING_HEAD.length;
/** Heads that are tried side by side; when there are more, the oldest is passed over. Bounds the work per byte. */
const mostHeads = 8;

export function createMessageStream(limits: Limits = STREAM_LIMITS): MessageStream {
  return new SearchedStream(limits);
}

class SearchedStream implements MessageStream {
  skipped = 0;
  readonly #limits: Limits;
  /** A head's first byte stands at offset 0, or what may become a head does. */
  #pending: Uint8Array = new Uint8Array(0);

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#pending.length;
  }

  push(bytes: Uint8Array): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    // In portions, so that what is kept stays bounded whatever is given.
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + Math.max(1, this.#limits.bytes - this.#pending.length));
      this.#pending = joined(this.#pending, bytes.subarray(at, end));
      at = end;
      this.#take(found);
    }
    return found;
  }

  /** Takes all whole messages out of what is pending, and passes over what cannot become one. */
  #take(found: Uint8Array[]): void {
    let start = 0;
    for (;;) {
      const search = searchMessage(this.#pending, start, this.#limits);
      if (search.kind === "whole") {
        found.push(this.#pending.slice(search.start, search.end));
        this.skipped += search.start - start;
        start = resumption(this.#pending, search, this.#limits);
        continue;
      }
      this.skipped += search.keepFrom - start;
      // A copy: the view would keep everything alive that was ever joined.
      this.#pending = this.#pending.slice(search.keepFrom);
      return;
    }
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** A whole message from its head to behind its end. */
interface Whole {
  readonly kind: "whole";
  readonly start: number;
  readonly end: number;
}

type Search =
  | Whole
  /** Nothing is whole; what stands before `keepFrom` never will be. */
  | { readonly kind: "none"; readonly keepFrom: number };

function searchMessage(bytes: Uint8Array, from: number, limits: Limits): Search {
  const incomplete: number[] = [];
  for (let at = nextHead(bytes, from); at >= 0; at = nextHead(bytes, at + 1)) {
    const extent = extentAt(bytes, at, limits);
    if (extent.kind === "whole") return { kind: "whole", start: at, end: at + extent.length };
    if (extent.kind === "incomplete") incomplete.push(at);
    if (incomplete.length > mostHeads) incomplete.shift();
  }
  // A buffer full of one unfinished message: that one is too long, the next head has its turn.
  if (incomplete[0] === from && bytes.length - from >= limits.bytes) incomplete.shift();
  return { kind: "none", keepFrom: incomplete[0] ?? partOfHead(bytes, from) };
}

/**
 * Where to go on behind a message. One that was cut off may have swallowed the head of the next to become whole; only the digest tells
 * which of the two was meant, so the search goes on from the last head that could be one.
 */
function resumption(bytes: Uint8Array, { start, end }: Whole, limits: Limits): number {
  let last = -1;
  for (let at = nextHead(bytes, start + 1); at >= 0 && at < end; at = nextHead(bytes, at + 1)) last = at;
  return last < 0 || extentAt(bytes, last, limits).kind === "broken" ? end : last;
}

/** @returns the offset of the next head at `from` or behind it; -1 when there is none. */
function nextHead(bytes: Uint8Array, from: number): number {
  for (let end = bytes.indexOf(NEWLINE, from + HEAD_LENGTH - 1); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
    const at = end - HEAD_LENGTH + 1;
    if (hasTextAt(bytes, at, NETSTRING_HEAD) || hasTextAt(bytes, at, CLASSIC_HEAD)) return at;
  }
  return -1;
}

/** @returns from where on the end of `bytes` may be the beginning of a head. */
function partOfHead(bytes: Uint8Array, from: number): number {
  for (let at = Math.max(from, bytes.length - HEAD_LENGTH + 1); at < bytes.length; at++) {
    const text = textFrom(bytes, at);
    if (NETSTRING_HEAD.startsWith(text) || CLASSIC_HEAD.startsWith(text)) return at;
  }
  return bytes.length;
}

/** How far the message reaches whose head stands at `at`. */
function extentAt(bytes: Uint8Array, at: number, limits: Limits): Extent {
  const rest = bytes.subarray(at, at + limits.bytes);
  return hasTextAt(rest, 0, NETSTRING_HEAD) ? netstringExtent(rest, limits) : classicExtent(rest, limits);
}

/** Fields of a payload, one after the other, little-endian; whole numbers up to 2^53, texts as UTF-16 code units with their length before them. */

export class PayloadWriter {
  #bytes: number[] = [];

  /** A whole number of `size` bytes (1, 2, 4 or 8). */
  number(value: number, size: 1 | 2 | 4 | 8): this {
    for (let rest = value, i = 0; i < size; i++, rest = Math.floor(rest / 256)) this.#bytes.push(rest % 256);
    return this;
  }

  /** A text, cut to `most` code units. */
  text(value: string, most: number): this {
    const kept = value.slice(0, most);
    this.number(kept.length, 2);
    for (let i = 0; i < kept.length; i++) this.number(kept.charCodeAt(i), 2);
    return this;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** Reads what `PayloadWriter` wrote. Behind the end everything is 0 and empty: a newer program may have added fields, an older one had fewer. */
export class PayloadReader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(size: 1 | 2 | 4 | 8): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (this.#bytes[this.#at + i] ?? 0);
    this.#at += size;
    return value;
  }

  text(): string {
    const length = Math.min(this.number(2), this.#bytes.length);
    return Array.from({ length }, () => String.fromCharCode(this.number(2))).join("");
  }
}

/**
 * Sleeping to the microsecond until something can be read. Node's own timers count whole milliseconds and share the loop with
 * everything else; the probe has a process of its own and may simply block.
 */
import koffi from "koffi";

const ppoll = koffi.load(null).func("int ppoll(void *fds, unsigned long count, const void *timeout, const void *mask)");
const POLLIN = 1;

export class Sleeper {
  readonly #polled: Int32Array;
  readonly #timeout = new BigInt64Array(2);
  readonly #count: number;

  constructor(fds: readonly number[]) {
    this.#count = fds.length;
    // struct pollfd: the number, then two 16-bit fields (wanted, happened) that are written here as one 32-bit word.
    this.#polled = Int32Array.from(fds.flatMap((fd) => [fd, POLLIN]));
  }

  /** Waits at most that many milliseconds (fractions count). Returns for each descriptor whether it can be read. */
  wait(ms: number): readonly boolean[] {
    const nanoseconds = BigInt(Math.max(0, Math.round(ms * 1e6)));
    this.#timeout[0] = nanoseconds / 1_000_000_000n;
    this.#timeout[1] = nanoseconds % 1_000_000_000n;
    for (let i = 0; i < this.#count; i += 1) this.#polled[2 * i + 1] = POLLIN;
    ppoll(this.#polled, this.#count, this.#timeout, null);
    return Array.from({ length: this.#count }, (_, i) => (this.#polled[2 * i + 1] ?? 0) >> 16 !== 0);
  }
}

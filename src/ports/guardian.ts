import type { Instant } from "../core/time.js";
import type { VirtualAddress } from "./addresses.js";

/**
 * The parent process that outlives the daemon. It is told in advance everything that it must do when the daemon dies:
 * what to withdraw, what to stop, and what to tell the peers, ready signed.
 */
export interface Guardian {
  /** The daemon is alive (once per keepalive). */
  tick(): void;
  /**
   * What is held may be held until then; the guardian takes its addresses away at that instant unless it has heard of a later one. Said only where no
   * filter in the kernel does the same. `undefined`: for ever.
   */
  allow(until: Instant | undefined): void;
  /** What is held from now on, replacing what was told before. */
  hold(holdings: Holdings): void;
  /** From now on the watchdog is not fed any more: this machine runs what it may not run, and cannot stop it. */
  fenceSelf(why: string): void;
  /** The daemon ends on purpose; its end is not a death. */
  farewell(): void;
}

export interface Holdings {
  readonly addresses: readonly VirtualAddress[];
  /** Scripts to stop, in this order (right to left per group), as haresources has them. */
  readonly scripts: readonly string[];
  /** One datagram, signed, that says "the daemon of this node died and its addresses are withdrawn"; hexadecimal. */
  readonly deathNotice: string;
}

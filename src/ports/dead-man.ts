import type { VirtualAddress } from "./addresses.js";

/**
 * The kernel's own dead-man's switch (design.md 3.1): while the daemon refreshes it, the host answers for the addresses under it; when nobody
 * does, for whatever reason, the host is deaf and mute for them within `limit`, without any process of ours: no ARP or ND reply, no IP packet in
 * or out. All calls finish within microseconds, never block and never throw: `refresh` is in the beat's path.
 */
export interface DeadMan {
  /** `filter`: netfilter, to the millisecond; `lifetime`: the addresses' own lifetime, seconds; `none`: the kernel has neither. */
  readonly form: "filter" | "lifetime" | "none";
  /** For people: what is missing and how it is mended, when the form is not `filter`. */
  readonly lacking: string | undefined;
  /** From now on the host answers for this address only while `refresh` is called. Called before the address is put on. */
  protect(address: VirtualAddress): void;
  /** The address is off. */
  release(address: VirtualAddress): void;
  /**
   * The daemon lives and knows that it may hold what it holds: good from now on for another `limit`, or for `remaining` milliseconds where
   * that is less (a lease is about to run out: then the kernel must not go on longer than it). Called right before each heartbeat is sent.
   */
  refresh(remaining: number): void;
  /** Clean stop: nothing of ours is left in the kernel. */
  close(): void;
}

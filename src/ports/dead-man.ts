import type { Duration } from "../core/time.js";
import type { VirtualAddress } from "./addresses.js";

/**
 * The kernel's own dead-man's switch (design.md 3.1): while the daemon refreshes it, the host answers for its virtual addresses; when nobody
 * does, for whatever reason, the host is deaf and mute for them within `limit`, without any process of ours: no ARP or ND reply, no IP packet
 * in or out. It covers every address of the configuration from the start on, held or not: a host that does not have an address loses nothing
 * by a rule for it, and nothing need be changed in the kernel when a group moves.
 */
export interface DeadMan {
  readonly view: DeadManView;
  /**
   * The daemon lives and knows that it may hold what it holds: good for another `limit` from now on. In the beat's path: takes
   * microseconds, never blocks, never throws.
   * @param remaining for how long it may hold it. What would be good for longer than that is not done: the host falls mute in the last
   * keepalive before the right ends, and never after.
   * @param held the addresses that are on now; their lifetimes are renewed when it is time to.
   */
  refresh(remaining: Duration, held: readonly VirtualAddress[]): void;
  /** Clean stop: nothing of ours is left in the kernel, and no later `refresh` brings anything back. May take its time. */
  close(): void;
}

/** What protects this host at this moment. */
export interface DeadManView {
  /** `filter`: netfilter, to the millisecond, and the lifetimes behind it; `lifetime`: the addresses' own lifetime, seconds; `none`: neither. */
  readonly form: "filter" | "lifetime" | "none";
  /** Milliseconds from the last refresh until the host is mute for certain; `undefined`: never. */
  readonly limit: number | undefined;
  /** For people: what is missing and why, when the form is not `filter` or deadtime is shorter than `limit`. */
  readonly lacking: string | undefined;
}

import type { AddressSpan } from "../core/dead-man.js";
import type { Duration } from "../core/time.js";
import type { VirtualAddress } from "../ports/addresses.js";
import type { DeadMan, DeadManView } from "../ports/dead-man.js";
import type { Log } from "../ports/log.js";
import type { KernelAddresses } from "./addresses.js";
import { type DeadManFilter, openDeadManFilter, type Refreshed } from "./dead-man-filter.js";
import type { DeadManRules } from "./dead-man-rules.js";
import type * as libc from "./libc.js";
import { monotonicNow } from "./monotonic.js";
import { FOREVER } from "./netlink-format.js";

/**
 * The dead-man's switch of this host, of two forms that stand behind each other: rules of the packet filter, exact to a jiffy, and lifetimes
 * of the addresses, in seconds, for the hosts that have no nf_tables and for the moment when somebody flushes all rules while the daemon hangs.
 */
export interface KernelDeadMan extends DeadMan {
  /** Puts the filter in place before the first beat. Waits. A successor leaves that to its first refresh, so that the former one is not disturbed. */
  prepare(): void;
}

export interface DeadManSettings {
  readonly rules: DeadManRules;
  /** Why there is to be no filter: the operator's wish, or times that no filter can keep; `undefined`: there is to be one. */
  readonly noFilter: string | undefined;
  /** Lifetimes with the filter and without it; `undefined`: none are wanted. */
  readonly spans: { readonly filtered: AddressSpan; readonly alone: AddressSpan } | undefined;
  /** Milliseconds after which the peers may take over. */
  readonly deadtime: number;
}

interface Hands {
  readonly addresses: Pick<KernelAddresses, "renew">;
  readonly log: Log;
}

/** Between two looks at whether the rules are whole, in milliseconds; and between two attempts to have them where that fails. */
const lookEvery = 1_000;
const retryEvery = 10_000;
const forEver = { valid: FOREVER, preferred: FOREVER };

/** Where the filter stands. unwanted: rules of a former daemon must go. */
type Filtering =
  | { readonly kind: "unwanted" | "impossible"; readonly why: string }
  | { readonly kind: "absent"; readonly why: string; readonly tryAt: number }
  | { readonly kind: "installing" }
  | { readonly kind: "whole" };

/** @returns the switch; nothing is changed in the kernel yet. @param open the packet filter; another one in tests. */
export function openDeadMan(settings: DeadManSettings, hands: Hands, open = openDeadManFilter): KernelDeadMan {
  return new RunningDeadMan(settings, hands, open(settings.rules));
}

class RunningDeadMan implements KernelDeadMan {
  readonly #settings: DeadManSettings;
  readonly #hands: Hands;
  readonly #filter: DeadManFilter | undefined;
  #filtering: Filtering;
  #lookAt = 0;
  #renewAt = 0;
  #isClosed = false;
  #complaint = "";

  constructor(settings: DeadManSettings, hands: Hands, opened: libc.SystemResult<DeadManFilter>) {
    this.#settings = settings;
    this.#hands = hands;
    this.#filter = opened.ok ? opened.value : undefined;
    if (settings.noFilter !== undefined) this.#filtering = { kind: "unwanted", why: settings.noFilter };
    else if (opened.ok) this.#filtering = { kind: "absent", why: "the rules are not in place yet", tryAt: 0 };
    else this.#filtering = { kind: "impossible", why: `nf_tables cannot be had (${opened.message})` };
  }

  prepare(): void {
    if (this.#filtering.kind === "impossible") this.#complain(this.#filtering.why);
    if (this.#filter === undefined) return;
    if (this.#filtering.kind === "unwanted") {
      if (this.#filter.isThere()) this.#filter.remove();
    } else if (this.#filter.canRefresh()) this.#onInstalled(this.#filter.install());
    else this.#onStuck(this.#filter);
  }

  get view(): DeadManView {
    const { rules, spans, deadtime } = this.#settings;
    const filtering = this.#filtering;
    if (filtering.kind === "whole" || filtering.kind === "installing")
      return { form: "filter", limit: rules.limit, lacking: undefined };
    if (spans === undefined) return { form: "none", limit: undefined, lacking: filtering.why };
    const { goneWithin } = spans.alone;
    const late = goneWithin > deadtime ? ", later than the peers may take over" : "";
    const coarse = `addresses of a hung host end by themselves within ${goneWithin / 1000} s${late}`;
    return { form: "lifetime", limit: goneWithin, lacking: `${filtering.why}; ${coarse}` };
  }

  refresh(remaining: Duration, held: readonly VirtualAddress[]): void {
    // Rules that are gone because they were to go are not put back.
    if (this.#isClosed) return;
    const isWanted = this.#filtering.kind !== "unwanted" && remaining >= this.#settings.rules.limit;
    const refreshed = isWanted ? this.#filter?.refresh() : "taken";
    const now = monotonicNow();
    const isTroubled = this.#filtering.kind === "whole" && refreshed !== "taken";
    if (this.#filter !== undefined && (isTroubled || now >= this.#lookAt)) this.#look(this.#filter, refreshed, now);
    if (now >= this.#renewAt) this.#renew(held, now);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#filter?.isThere() === true) this.#filter.remove();
  }

  #look(filter: DeadManFilter, refreshed: Refreshed | undefined, now: number): void {
    this.#lookAt = now + lookEvery;
    const filtering = this.#filtering;
    if (filtering.kind === "whole" && refreshed === "stuck") this.#onStuck(filter);
    else if (filtering.kind === "whole" && (refreshed === "passed" || !filter.isWhole())) {
      this.#say("somebody removed rules of the dead-man's switch (nft flush ruleset?); they are put back");
      this.#install(filter);
    } else if (filtering.kind === "absent" && now >= filtering.tryAt) {
      if (filter.canRefresh()) this.#install(filter);
      else this.#onStuck(filter);
    } else if (filtering.kind === "unwanted") {
      // Once: nobody else makes rules of this name.
      this.#lookAt = Number.POSITIVE_INFINITY;
      if (filter.isThere()) filter.removeElsewhere();
    }
  }

  #install(filter: DeadManFilter): void {
    this.#filtering = { kind: "installing" };
    filter.installElsewhere((outcome) => {
      // The end came first: what was put there just now must not stay.
      if (this.#isClosed) filter.remove();
      else this.#onInstalled(outcome);
    });
  }

  #onInstalled(outcome: libc.SystemResult<void>): void {
    if (!outcome.ok) return this.#doWithout(`nf_tables refuses the rules (${outcome.message})`);
    this.#filtering = { kind: "whole" };
    this.#complaint = "";
  }

  /** Rules that nobody can refresh would make this host mute for good. */
  #onStuck(filter: DeadManFilter): void {
    if (filter.isThere()) filter.removeElsewhere();
    this.#doWithout(`the loopback interface is down (ip link set lo up)`);
  }

  #doWithout(why: string): void {
    this.#filtering = { kind: "absent", why, tryAt: monotonicNow() + retryEvery };
    this.#complain(why);
  }

  #complain(why: string): void {
    if (why !== this.#complaint) this.#say(`no dead-man's switch by packet filter: ${this.view.lacking ?? why}`);
    this.#complaint = why;
  }

  /** Without lifetimes what a former daemon had put on with one is made to stay, once. */
  #renew(held: readonly VirtualAddress[], now: number): void {
    const { spans } = this.#settings;
    const span = this.view.form === "filter" ? spans?.filtered : spans?.alone;
    this.#renewAt = span === undefined ? Number.POSITIVE_INFINITY : now + span.renewEvery;
    this.#hands.addresses.renew(held, span === undefined ? forEver : { valid: span.valid, preferred: span.valid });
  }

  #say(text: string): void {
    this.#hands.log.line({ level: "WARN", program: "heartbeat", text });
  }
}

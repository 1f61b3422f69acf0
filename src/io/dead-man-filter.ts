import { type DeadManRules, install, ruleCounts, tablesOf, uninstall } from "./dead-man-rules.js";
import * as libc from "./libc.js";
import { openLinkFacts } from "./link-facts.js";
import { monotonicNow } from "./monotonic.js";
import { openPacketFilter, type PacketFilter } from "./nftables.js";
import { openPacketSocket } from "./packet-socket.js";
import { internetAddress } from "./socket-address.js";

/**
 * The fine form of the dead-man's switch: rules in the kernel that drop everything for and from the virtual addresses unless they saw a
 * marked packet within `limit`. The beat sends two such packets and touches no lock that anybody else can hold: a datagram to 127.0.0.1 for
 * the rules of IP, a frame into the loopback interface for those of ARP. The rules swallow both, and the first one says so by EPERM.
 */
export interface DeadManFilter {
  /** Puts the rules in place, whatever is there. Waits: for the time before the first beat. */
  install(): libc.SystemResult<void>;
  /** The same on another thread; what is open stays open as long as it was to be. */
  installElsewhere(done: (outcome: libc.SystemResult<void>) => void): void;
  /** Whether a refresh would reach the rules: the loopback interface is up. */
  canRefresh(): boolean;
  /** Good for another `limit`. Some microseconds. */
  refresh(): Refreshed;
  /** @returns whether all rules and addresses are there as they were put; cheap while nobody changes any rules. */
  isWhole(): boolean;
  /** Whether rules of that name are there, somebody else's (a former daemon's) included. */
  isThere(): boolean;
  /** Removes the rules. Waits. */
  remove(): void;
  /** The same on another thread. */
  removeElsewhere(): void;
}

/** taken: by the rules. passed: there are none. stuck: it did not get as far. */
export type Refreshed = "taken" | "passed" | "stuck";

const IFF_UP = 1;
const LOOPBACK = "lo";
/** The discard service: should the rules be gone, nobody is bothered. */
const DISCARD = 9;
const REFUSED = "EPERM";

/** @returns the filter, or why there can be none. Nothing is changed yet. */
export function openDeadManFilter(rules: DeadManRules): libc.SystemResult<DeadManFilter> {
  const filter = openPacketFilter();
  if (!filter.ok) return filter;
  const refresher = openRefresher(rules.mark);
  if (!refresher.ok) return refresher;
  let seen: number | undefined;
  let refreshedAt: number | undefined;
  // Rules that come back must not make a living host mute until its next heartbeat.
  const remaining = (): number | undefined => {
    const own = refreshedAt === undefined ? 0 : refreshedAt + rules.limit - monotonicNow();
    return remainingIn(filter.value, rules) ?? (own > 0 ? own : undefined);
  };
  return {
    ok: true,
    value: {
      install: () => filter.value.change(install(rules, remaining())),
      installElsewhere: (done) => filter.value.changeElsewhere(install(rules, remaining()), done),
      canRefresh: () => isUp(LOOPBACK),
      refresh() {
        refreshedAt = monotonicNow();
        return refresher.value();
      },
      isThere: () => isThere(filter.value, rules.name),
      isWhole() {
        const generation = filter.value.generation();
        if (!generation.ok || generation.value === seen) return true;
        if (!holdsAll(filter.value, rules)) return false;
        seen = generation.value;
        return true;
      },
      remove: () => void filter.value.change(uninstall(rules.name)),
      removeElsewhere: () => filter.value.changeElsewhere(uninstall(rules.name), () => {}),
    },
  };
}

/** @returns whether a daemon of this name has rules in the kernel, or has left some; false for whoever may not see that. */
export const hasDeadManRules = (name: string): boolean => withFilter((filter) => isThere(filter, name));

/** Removes what a daemon of this name left in the kernel. Waits. */
export const removeDeadManRules = (name: string): void =>
  void withFilter((filter) => isThere(filter, name) && filter.change(uninstall(name)).ok);

function withFilter(work: (filter: PacketFilter) => boolean): boolean {
  const filter = openPacketFilter();
  if (!filter.ok) return false;
  const result = work(filter.value);
  filter.value.close();
  return result;
}

const isThere = (filter: PacketFilter, name: string): boolean =>
  tablesOf(name).some((table) => countOf(filter.rulesIn(table)) > 0);
const countOf = (counted: libc.SystemResult<number>): number => (counted.ok ? counted.value : 0);

function isUp(device: string): boolean {
  const facts = openLinkFacts();
  if (!facts.ok) return false;
  const link = facts.value.of(device);
  facts.value.close();
  return link.ok && (link.value.flags & IFF_UP) !== 0;
}

/** @returns for how long the last refresh is still good, whoever made it. */
function remainingIn(filter: PacketFilter, { name, limit }: DeadManRules): number | undefined {
  const [inet] = tablesOf(name);
  const alive = inet && filter.elementsOf(inet, "alive");
  const remaining = alive?.ok ? alive.value[0]?.remaining : undefined;
  return remaining === undefined || remaining <= 0 ? undefined : Math.min(remaining, limit);
}

function holdsAll(filter: PacketFilter, { name, ipv4, ipv6 }: DeadManRules): boolean {
  for (const table of tablesOf(name)) {
    const sets = table.family === "inet" ? { held4: ipv4, held6: ipv6 } : { held4: ipv4 };
    const rules = filter.rulesIn(table);
    if (rules.ok && rules.value < ruleCounts[table.family]) return false;
    for (const [set, wanted] of Object.entries(sets)) {
      const elements = filter.elementsOf(table, set);
      if (elements.ok && elements.value.length < wanted.length) return false;
    }
  }
  return true;
}

function openRefresher(mark: number): libc.SystemResult<() => Refreshed> {
  const socket = libc.socket(libc.AF_INET, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0);
  if (!socket.ok) return socket;
  const marked = libc.setsockopt(socket.value, libc.SOL_SOCKET, libc.SO_MARK, mark);
  if (!marked.ok) return marked;
  const packets = openPacketSocket(mark);
  if (!packets.ok) return packets;
  const loopback = libc.ifNameToIndex(LOOPBACK);
  if (!loopback.ok) return loopback;
  const to = internetAddress(Uint8Array.from([127, 0, 0, 1]), DISCARD);
  const datagram = new Uint8Array(1);
  const frame = emptyArpFrame();
  const { send } = packets.value;
  return {
    ok: true,
    value: () => {
      const sent = libc.sendto(socket.value, datagram, to);
      send(loopback.value, frame);
      if (sent.ok) return "passed";
      return sent.name === REFUSED ? "taken" : "stuck";
    },
  };
}

/** ARP about nobody: from and to the address 00:00:00:00:00:00, which is that of the loopback interface. */
function emptyArpFrame(): Uint8Array {
  const frame = new Uint8Array(42);
  frame.set([0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 1], 12);
  return frame;
}

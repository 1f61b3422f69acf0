/**
 * The rules of the dead-man's switch. As `nft list ruleset` shows them:
 *
 *     table inet heartbeat {
 *       set held4 { type ipv4_addr; elements = { … } }      set held6 { type ipv6_addr; elements = { … } }
 *       set alive { type mark; flags dynamic,timeout; }     one element while the daemon lives
 *       chain input { type filter hook input priority -400;
 *         ip daddr @held4 meta mark & 0 != @alive drop      ip6 daddr @held6 …
 *       }
 *       chain output { type filter hook output priority -400;
 *         meta mark MARK ip daddr 127.0.0.1 update @alive { meta mark & 0 timeout 33ms } drop
 *         ip saddr @held4 meta mark & 0 != @alive drop      ip6 saddr @held6 …
 *       }
 *     }
 *     table arp heartbeat { … the same for ARP: what is said is dropped, what comes in refreshes … }
 *
 * `meta mark & 0` is nft's way of writing a constant: the set has one element or none. The hooks are those of this host's own packets: what
 * is only forwarded passes, so a host whose daemon is dead still forwards to the address of its peer. A neighbour advertisement has the
 * address as its source and an ARP reply as its sender, so what goes out is enough to stop; questions need no rule. Drops come before
 * everybody else's rules and change none of them: an operator's table can forbid more, and nothing can allow what is dropped here.
 *
 * Only who has CAP_NET_ADMIN can mark a packet, and the mark is what refreshes.
 */
import * as nft from "./nftables-format.js";

export interface DeadManRules {
  /** Name of the two tables. */
  readonly name: string;
  readonly mark: number;
  /** Milliseconds that one refresh is good for. */
  readonly limit: number;
  readonly ipv4: readonly Uint8Array[];
  readonly ipv6: readonly Uint8Array[];
}

/** Before everybody else's, connection tracking included. */
const PRIORITY = -400;
const NFPROTO_IPV4 = 2;
const NFPROTO_IPV6 = 10;
const LOCALHOST = Uint8Array.from([127, 0, 0, 1]);
const offsets = { ip: { from: 12, to: 16 }, ip6: { from: 8, to: 24 }, arpSender: 14 } as const;

/** How many rules each table has: fewer mean that somebody took some away. */
export const ruleCounts: Readonly<Record<nft.Family, number>> = { inet: 5, arp: 2 };
export const tablesOf = (name: string): readonly nft.Table[] => [
  { family: "inet", name },
  { family: "arp", name },
];

/**
 * @param remaining milliseconds for which the daemon's last refresh is still good; `undefined`: none is, and the host is mute at once.
 * @returns the requests that put the rules in place of whatever stands there under their name, in one transaction.
 */
export function install(rules: DeadManRules, remaining: number | undefined): readonly nft.Request[] {
  const [inet, arp] = tablesOf(rules.name) as [nft.Table, nft.Table];
  return [
    nft.beginBatch,
    ...[inet, arp].flatMap((table) => [nft.newTable(table), nft.deleteTable(table), nft.newTable(table)]),
    ...setsOf(rules, remaining),
    ...chainsOf(inet),
    ...chainsOf(arp),
    nft.newRule(inet, "input", [...ipv4(offsets.ip.to), ...unlessAlive]),
    nft.newRule(inet, "input", [...ipv6(offsets.ip6.to), ...unlessAlive]),
    nft.newRule(inet, "output", [...marked(rules), ...toLocalhost, ...refreshing(rules)]),
    nft.newRule(inet, "output", [...ipv4(offsets.ip.from), ...unlessAlive]),
    nft.newRule(inet, "output", [...ipv6(offsets.ip6.from), ...unlessAlive]),
    nft.newRule(arp, "input", [...marked(rules), ...refreshing(rules)]),
    nft.newRule(arp, "output", [nft.loadPayload(offsets.arpSender, 4), nft.isIn("held4"), ...unlessAlive], true),
    nft.endBatch,
  ];
}

/** @returns the requests that leave nothing of ours. They are right whether the tables are there or not. */
export function uninstall(name: string): readonly nft.Request[] {
  const [inet, arp] = tablesOf(name) as [nft.Table, nft.Table];
  const tables = [nft.newTable(inet), nft.newTable(arp), nft.deleteTable(inet), nft.deleteTable(arp, true)];
  return [nft.beginBatch, ...tables, nft.endBatch];
}

function setsOf({ name, ipv4, ipv6 }: DeadManRules, remaining: number | undefined): readonly nft.Request[] {
  const [inet, arp] = tablesOf(name) as [nft.Table, nft.Table];
  const held = (table: nft.Table, set: string, elements: readonly Uint8Array[]): readonly nft.Request[] =>
    elements.length === 0 ? [] : [nft.newElements(table, set, elements)];
  const alive = (table: nft.Table): readonly nft.Request[] =>
    remaining === undefined ? [] : [nft.newElements(table, "alive", [nft.markBytes(0)], remaining)];
  return [
    nft.newSet(inet, "held4", { key: "ipv4", id: 1 }),
    nft.newSet(inet, "held6", { key: "ipv6", id: 2 }),
    nft.newSet(inet, "alive", { key: "mark", dynamic: true, id: 3 }),
    nft.newSet(arp, "held4", { key: "ipv4", id: 4 }),
    nft.newSet(arp, "alive", { key: "mark", dynamic: true, id: 5 }),
    ...held(inet, "held4", ipv4),
    ...held(inet, "held6", ipv6),
    ...held(arp, "held4", ipv4),
    ...alive(inet),
    ...alive(arp),
  ];
}

const chainsOf = (table: nft.Table): readonly nft.Request[] =>
  (["input", "output"] as const).map((name) =>
    nft.newChain(table, name, { number: nft.hooks[table.family][name], priority: PRIORITY }),
  );

const protocol = (number: number): readonly nft.Expression[] => [
  nft.loadMeta("nfproto"),
  nft.equals(Uint8Array.from([number])),
];
const ipv4 = (offset: number): readonly nft.Expression[] => [
  ...protocol(NFPROTO_IPV4),
  nft.loadPayload(offset, 4),
  nft.isIn("held4"),
];
const ipv6 = (offset: number): readonly nft.Expression[] => [
  ...protocol(NFPROTO_IPV6),
  nft.loadPayload(offset, 16),
  nft.isIn("held6"),
];
const toLocalhost: readonly nft.Expression[] = [
  ...protocol(NFPROTO_IPV4),
  nft.loadPayload(offsets.ip.to, 4),
  nft.equals(LOCALHOST),
];
const constant: readonly nft.Expression[] = [nft.loadMeta("mark"), nft.makeZero];
const unlessAlive: readonly nft.Expression[] = [...constant, nft.isNotIn("alive"), nft.drop];
const marked = ({ mark }: DeadManRules): readonly nft.Expression[] => [
  nft.loadMeta("mark"),
  nft.equals(nft.markBytes(mark)),
];
const refreshing = ({ limit }: DeadManRules): readonly nft.Expression[] => [
  ...constant,
  nft.update("alive", limit),
  nft.drop,
];

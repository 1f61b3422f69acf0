/**
 * Would this packet get through? A model of netfilter's chains that nftables' and iptables' own listings are read into. Three-valued: a
 * condition that we cannot judge (a mark, a rate) makes everything behind it uncertain, not wrong.
 */
export interface Packet {
  readonly hook: "input" | "output";
  readonly family: "ipv4" | "ipv6";
  readonly device: string;
  readonly port: number;
  /** Address at the other end; unknown for broadcast and multicast. */
  readonly peer: string | undefined;
  readonly cast: "host" | "broadcast" | "multicast";
}

/** `undefined`: cannot be told. */
export type Condition = (packet: Packet) => boolean | undefined;

export type Verdict =
  | { readonly kind: "accept" | "drop" | "return" | "continue" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  /** A verdict that we do not know (a queue, a map of verdicts that depends on a mark). */
  | { readonly kind: "unknown" };

export interface Rule {
  /** For people: how the tool calls the rule. */
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly verdict: Verdict;
}

export interface Chain {
  readonly name: string;
  readonly rules: readonly Rule[];
  /** Where the kernel enters it; `undefined`: only by jumps. */
  readonly base: { readonly hook: string; readonly policy: "accept" | "drop" } | undefined;
}

/** The chains of one table, and for which packets the table is asked. */
export interface Table {
  /** `inet filter`; for iptables `filter`. */
  readonly name: string;
  readonly tool: "nft" | "iptables" | "ip6tables";
  readonly families: readonly Packet["family"][];
  readonly chains: ReadonlyMap<string, Chain>;
}

export interface Blocked {
  readonly table: Table;
  readonly chain: string;
  /** Name of the rule; `undefined`: the policy of the chain. */
  readonly rule: string | undefined;
  /** False when a rule before it, which could not be judged, might let the packet through. */
  readonly sure: boolean;
}

/** @returns what stops the packet, of all tables; the first one. */
export function blockedBy(tables: readonly Table[], packet: Packet): Blocked | undefined {
  const found = tables.flatMap((table) => (table.families.includes(packet.family) ? blocksIn(table, packet) : []));
  return found.find(({ sure }) => sure) ?? found[0];
}

/** Hooks that a packet passes; what is dropped before the routing decision never comes to `input`. */
const hooksOf = { input: ["ingress", "prerouting", "input"], output: ["output", "postrouting"] } as const;

function blocksIn(table: Table, packet: Packet): readonly Blocked[] {
  return [...table.chains.values()].flatMap((chain): readonly Blocked[] => {
    const { base } = chain;
    if (base === undefined || !hooksOf[packet.hook].some((hook) => hook === base.hook)) return [];
    const end = walk(table, chain, packet, 0);
    if (end.kind === "drop") return [{ table, chain: end.chain, rule: end.rule, sure: end.sure }];
    if (end.kind === "accept" || base.policy === "accept") return [];
    return [{ table, chain: chain.name, rule: undefined, sure: end.sure }];
  });
}

type End =
  | { readonly kind: "accept" }
  | { readonly kind: "drop"; readonly chain: string; readonly rule: string; readonly sure: boolean }
  | { readonly kind: "through"; readonly sure: boolean };

/** The kernel allows 16 levels of jumps. */
const DEEPEST = 16;

function walk(table: Table, chain: Chain, packet: Packet, depth: number): End {
  let sure = true;
  for (const { name, conditions, verdict } of chain.rules) {
    const fits = all(conditions, packet);
    if (fits === false) continue;
    const certain = fits === true;
    const end = endOf(table, chain, { name, verdict }, packet, depth);
    if (certain && end.kind === "accept") return end;
    if (certain && end.kind === "drop") return { ...end, sure: sure && end.sure };
    if (certain && verdict.kind === "goto")
      return { kind: "through", sure: sure && (end.kind !== "through" || end.sure) };
    if (certain && verdict.kind === "return") return { kind: "through", sure };
    // What might have been accepted, or left the chain, is uncertain from here on.
    if (!certain && end.kind === "accept") sure = false;
    if (end.kind === "through" && !end.sure) sure = false;
    if (!certain && verdict.kind === "return") sure = false;
  }
  return { kind: "through", sure };
}

function endOf(table: Table, chain: Chain, rule: Pick<Rule, "name" | "verdict">, packet: Packet, depth: number): End {
  const { verdict } = rule;
  switch (verdict.kind) {
    case "accept":
      return { kind: "accept" };
    case "drop":
      return { kind: "drop", chain: chain.name, rule: rule.name, sure: true };
    case "jump":
    case "goto": {
      const target = table.chains.get(verdict.chain);
      if (target === undefined || depth >= DEEPEST) return { kind: "through", sure: false };
      return walk(table, target, packet, depth + 1);
    }
    case "unknown":
      return { kind: "through", sure: false };
    default:
      return { kind: "through", sure: true };
  }
}

function all(conditions: readonly Condition[], packet: Packet): boolean | undefined {
  let result: boolean | undefined = true;
  for (const condition of conditions) {
    const fits = condition(packet);
    if (fits === false) return false;
    if (fits === undefined) result = undefined;
  }
  return result;
}

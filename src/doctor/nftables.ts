import { inNetwork, isNumeric, sameAddress } from "../config/ip-address.js";
import type { Chain, Condition, Packet, Rule, Table, Verdict } from "./packet-filter.js";

/** Reads `nft -j list ruleset` (libnftables-json(5)) into tables. Whatever is not understood becomes a condition that nobody can judge. */
export function nftTables(listing: unknown): readonly Table[] {
  const items = listOf(recordOf(listing)?.["nftables"]);
  const rows = (kind: string): readonly Row[] =>
    items.map((item) => recordOf(recordOf(item)?.[kind])).filter((row) => row !== undefined);
  const sets = new Map(rows("set").map((set) => [key(set, set["name"]), listOf(set["elem"])]));
  return rows("table").map((table) => {
    const own = (row: Row): boolean => row["family"] === table["family"] && row["table"] === table["name"];
    const lookUp: SetLookup = (name) => sets.get(key({ family: table["family"], table: table["name"] }, name));
    const rules = rows("rule").filter(own);
    const chains = rows("chain")
      .filter(own)
      .map((chain) => chainOf(chain, rules, lookUp));
    return {
      name: `${text(table["family"])} ${text(table["name"])}`,
      tool: "nft",
      families: familiesOf(text(table["family"])),
      chains: new Map(chains.map((chain) => [chain.name, chain])),
    };
  });
}

type Row = Readonly<Record<string, unknown>>;
type SetLookup = (name: string) => readonly unknown[] | undefined;

const recordOf = (value: unknown): Row | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const key = (row: Row, name: unknown): string => `${text(row["family"])} ${text(row["table"])} ${text(name)}`;

function familiesOf(family: string): readonly Packet["family"][] {
  if (family === "ip") return ["ipv4"];
  if (family === "ip6") return ["ipv6"];
  return family === "inet" || family === "netdev" ? ["ipv4", "ipv6"] : [];
}

function chainOf(chain: Row, rules: readonly Row[], lookUp: SetLookup): Chain {
  const hook = chain["hook"];
  const device = text(chain["dev"]);
  const only: readonly Condition[] = device === "" ? [] : [(packet) => packet.device === device];
  return {
    name: text(chain["name"]),
    rules: rules
      .filter((rule) => rule["chain"] === chain["name"])
      .flatMap((rule) => rulesOf(rule, lookUp))
      .map((rule) => ({ ...rule, conditions: [...only, ...rule.conditions] })),
    base: typeof hook === "string" ? { hook, policy: chain["policy"] === "drop" ? "drop" : "accept" } : undefined,
  };
}

/** A rule with a map of verdicts is as many rules as the map has entries. */
function rulesOf(rule: Row, lookUp: SetLookup): readonly Rule[] {
  const conditions: Condition[] = [];
  const name = `rule handle ${text(rule["handle"])}`;
  for (const expression of listOf(rule["expr"])) {
    const [kind = "", content] = Object.entries(recordOf(expression) ?? {})[0] ?? [];
    if (silent.has(kind)) continue;
    if (kind === "vmap") return mapped(recordOf(content) ?? {}, conditions, name, lookUp);
    const verdict = verdictOf(kind, content);
    if (verdict !== undefined) return [{ name, conditions, verdict }];
    conditions.push(kind === "match" ? matchOf(recordOf(content) ?? {}, lookUp) : unjudged);
  }
  return [{ name, conditions, verdict: { kind: "continue" } }];
}

const silent = new Set(["counter", "log", "comment", "meter", "notrack", "mangle"]);
const unjudged: Condition = () => undefined;

function verdictOf(kind: string, content: unknown): Verdict | undefined {
  switch (kind) {
    case "accept":
    case "drop":
    case "return":
    case "continue":
      return { kind };
    case "reject":
      return { kind: "drop" };
    case "jump":
    case "goto":
      return { kind, chain: text(recordOf(content)?.["target"]) };
    case "queue":
    case "dnat":
    case "redirect":
    case "tproxy":
      return { kind: "unknown" };
    default:
      return undefined;
  }
}

function mapped(map: Row, before: readonly Condition[], name: string, lookUp: SetLookup): readonly Rule[] {
  const elements = recordOf(map["data"]) === undefined ? undefined : listOf(recordOf(map["data"])?.["set"]);
  if (elements === undefined) return [{ name, conditions: before, verdict: { kind: "unknown" } }];
  return elements.map((element) => {
    const [when, then] = listOf(element);
    const [kind = "", content] = Object.entries(recordOf(then) ?? {})[0] ?? [];
    const condition = matchOf({ op: "==", left: map["key"], right: when }, lookUp);
    return { name, conditions: [...before, condition], verdict: verdictOf(kind, content) ?? { kind: "unknown" } };
  });
}

function matchOf({ op, left, right }: Row, lookUp: SetLookup): Condition {
  const read = reader(left);
  return (packet) => {
    const value = read(packet);
    if (value === "unknown") return undefined;
    const inside = value !== "absent" && within(value.is, right, lookUp);
    if (op === "==" || op === "in" || op === undefined) return inside;
    return op === "!=" && inside !== undefined ? !inside : undefined;
  };
}

/** What the packet has there; `absent`: it has no such header, so no comparison can be true. */
type Value = { readonly is: string } | "absent" | "unknown";

function reader(left: unknown): (packet: Packet) => Value {
  const { meta, payload, ct, fib } = recordOf(left) ?? {};
  if (payload !== undefined) return (packet) => inPayload(recordOf(payload) ?? {}, packet);
  if (meta !== undefined) return (packet) => inMeta(text(recordOf(meta)?.["key"]), packet);
  if (recordOf(ct)?.["key"] === "state") return () => ({ is: "new" });
  if (recordOf(fib)?.["result"] === "type" && listOf(recordOf(fib)?.["flags"]).includes("daddr"))
    return (packet) => (packet.hook === "input" ? { is: packet.cast === "host" ? "local" : packet.cast } : "unknown");
  return () => "unknown";
}

function inMeta(name: string, packet: Packet): Value {
  const { hook, device, family, cast } = packet;
  switch (name) {
    case "iifname":
    case "iif":
      return hook === "input" ? { is: device } : "absent";
    case "oifname":
    case "oif":
      return hook === "output" ? { is: device } : "absent";
    case "l4proto":
      return { is: "udp" };
    case "protocol":
      return { is: family === "ipv4" ? "ip" : "ip6" };
    case "nfproto":
      return { is: family };
    case "pkttype":
      return { is: cast === "host" ? "unicast" : cast };
    default:
      return "unknown";
  }
}

function inPayload({ protocol, field }: Row, packet: Packet): Value {
  const ofFamily = packet.family === "ipv4" ? "ip" : "ip6";
  if (protocol === "udp" || protocol === "th") return field === "dport" ? { is: String(packet.port) } : "unknown";
  if (protocol === "ip" || protocol === "ip6") {
    if (protocol !== ofFamily) return "absent";
    if (field === "protocol" || field === "nexthdr") return { is: "udp" };
    const far = packet.hook === "input" ? "saddr" : "daddr";
    return field === far && packet.peer !== undefined ? { is: packet.peer } : "unknown";
  }
  return protocol === undefined ? "unknown" : "absent";
}

function within(value: string, right: unknown, lookUp: SetLookup): boolean | undefined {
  if (typeof right === "string" && right.startsWith("@")) {
    const elements = lookUp(right.slice(1));
    return elements === undefined ? undefined : anyOf(value, elements, lookUp);
  }
  if (Array.isArray(right)) return anyOf(value, right, lookUp);
  const row = recordOf(right);
  if (row === undefined) return equals(value, text(right));
  if (row["set"] !== undefined) return anyOf(value, listOf(row["set"]), lookUp);
  if (row["elem"] !== undefined) return within(value, recordOf(row["elem"])?.["val"], lookUp);
  if (row["prefix"] !== undefined) return inPrefix(value, recordOf(row["prefix"]) ?? {});
  if (row["range"] !== undefined) return inRange(value, listOf(row["range"]));
  return undefined;
}

function anyOf(value: string, elements: readonly unknown[], lookUp: SetLookup): boolean | undefined {
  let result: boolean | undefined = false;
  for (const element of elements) {
    const inside = within(value, element, lookUp);
    if (inside === true) return true;
    if (inside === undefined) result = undefined;
  }
  return result;
}

/** Names of devices may end with a star. */
function equals(value: string, wanted: string): boolean {
  if (wanted.endsWith("*")) return value.startsWith(wanted.slice(0, -1));
  return value === wanted || (isNumeric(value) && isNumeric(wanted) && sameAddress(value, wanted));
}

function inPrefix(value: string, prefix: Row): boolean | undefined {
  if (!isNumeric(value)) return undefined;
  return inNetwork(value, { address: text(prefix["addr"]), prefix: Number(prefix["len"]) });
}

function inRange(value: string, [from, to]: readonly unknown[]): boolean | undefined {
  const [number, low, high] = [Number(value), Number(from), Number(to)];
  return Number.isNaN(number + low + high) ? undefined : number >= low && number <= high;
}

import { inNetwork } from "../config/ip-address.js";
import type { Chain, Condition, Packet, Rule, Table, Verdict } from "./packet-filter.js";

/** Reads what `iptables-save` (or `ip6tables-save`) prints into tables. An option that is not understood becomes a condition that nobody can judge. */
export function iptablesTables(saved: string, tool: "iptables" | "ip6tables"): readonly Table[] {
  const tables: Table[] = [];
  let chains = new Map<string, Chain>();
  for (const line of saved.split("\n")) {
    const [, table] = /^\*(\w+)/.exec(line) ?? [];
    if (table !== undefined) {
      chains = new Map();
      tables.push({ name: table, tool, families: [tool === "iptables" ? "ipv4" : "ipv6"], chains });
    }
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined && policy !== undefined) chains.set(name, { name, rules: [], base: baseOf(name, policy) });
    const [, target = "", words] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
    const chain = chains.get(target);
    if (chain !== undefined && words !== undefined)
      chains.set(target, { ...chain, rules: [...chain.rules, ruleOf(line, wordsOf(words))] });
  }
  return tables;
}

const hooks = new Map([
  ["INPUT", "input"],
  ["OUTPUT", "output"],
  ["PREROUTING", "prerouting"],
  ["POSTROUTING", "postrouting"],
]);

function baseOf(name: string, policy: string): Chain["base"] {
  const hook = hooks.get(name);
  return hook === undefined || policy === "-" ? undefined : { hook, policy: policy === "DROP" ? "drop" : "accept" };
}

/** Comments are quoted and may contain anything. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"(?:\\.|[^"\\])*"|\S+/g)].map(([word]) => word.replace(/^"|"$/g, ""));

function ruleOf(line: string, words: readonly string[]): Rule {
  const conditions: Condition[] = [];
  let verdict: Verdict = { kind: "continue" };
  for (let i = 0; i < words.length; i++) {
    const negated = words[i] === "!";
    if (negated) i++;
    const option = words[i] ?? "";
    const value = words[++i] ?? "";
    if (option === "-m" || option === "--comment") continue;
    if (option === "-j") {
      verdict = verdictOf(value);
      break; // the rest are options of the target
    }
    if (option === "-g") verdict = { kind: "goto", chain: value };
    else conditions.push(negated ? not(conditionOf(option, value)) : conditionOf(option, value));
  }
  return { name: line, conditions, verdict };
}

const not =
  (condition: Condition): Condition =>
  (packet) => {
    const fits = condition(packet);
    return fits === undefined ? undefined : !fits;
  };

/** Targets that only note something, or change what is of no interest here. */
const passing = new Set([
  "LOG",
  "NFLOG",
  "ULOG",
  "CT",
  "NOTRACK",
  "MARK",
  "CONNMARK",
  "TOS",
  "DSCP",
  "CHECKSUM",
  "SET",
]);

function verdictOf(target: string): Verdict {
  if (target === "ACCEPT") return { kind: "accept" };
  if (target === "DROP" || target === "REJECT") return { kind: "drop" };
  if (target === "RETURN") return { kind: "return" };
  if (passing.has(target)) return { kind: "continue" };
  return /^[A-Z]+$/.test(target) && target !== "INPUT" ? { kind: "unknown" } : { kind: "jump", chain: target };
}

function conditionOf(option: string, value: string): Condition {
  switch (option) {
    case "-i":
      return (packet) => packet.hook === "input" && matchesDevice(value, packet);
    case "-o":
      return (packet) => packet.hook === "output" && matchesDevice(value, packet);
    case "-p":
      return () => ["udp", "17", "all"].includes(value);
    case "-s":
      return (packet) => (packet.hook === "input" ? matchesPeer(value, packet) : undefined);
    case "-d":
      return (packet) => (packet.hook === "output" ? matchesPeer(value, packet) : undefined);
    case "--dport":
    case "--dports":
      return ({ port }) => value.split(",").some((part) => holds(part, port));
    case "--state":
    case "--ctstate":
      return () => value.split(",").includes("NEW");
    case "--pkt-type":
      return ({ cast }) => value === (cast === "host" ? "unicast" : cast);
    case "--dst-type":
      return ({ hook, cast }) =>
        hook === "input" ? value === (cast === "host" ? "LOCAL" : cast.toUpperCase()) : undefined;
    case "--icmp-type":
    case "--icmpv6-type":
    case "--tcp-flags":
      return () => false;
    default:
      return () => undefined;
  }
}

/** `eth+`: every device whose name begins so. */
const matchesDevice = (wanted: string, { device }: Packet): boolean =>
  wanted.endsWith("+") ? device.startsWith(wanted.slice(0, -1)) : device === wanted;

function matchesPeer(network: string, { peer, family }: Packet): boolean | undefined {
  const [address = "", prefix] = network.split("/");
  if (peer === undefined) return undefined;
  return inNetwork(peer, { address, prefix: Number(prefix ?? (family === "ipv4" ? 32 : 128)) });
}

function holds(part: string, port: number): boolean {
  const [from = 0, to = from] = part.split(":").map(Number);
  return port >= from && port <= to;
}

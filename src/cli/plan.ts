import { isIP } from "node:net";
import { freshAuthkeys } from "./authkeys.js";

/** Everything `heartbeat init` must know of a pair in order to write its three files. */
export interface Plan {
  /** In the order of ha.cf; each with its addresses on the heartbeat links, link by link. */
  readonly nodes: readonly PlannedNode[];
  /** Interfaces that carry heartbeats. */
  readonly links: readonly string[];
  readonly groups: readonly PlannedGroup[];
  /** Hosts that tell whether this node still has a network, mostly the gateway. */
  readonly pings: readonly string[];
  readonly autoFailback: "on" | "off";
}
export interface PlannedNode {
  readonly name: string;
  readonly addresses: readonly string[];
}
export interface PlannedGroup {
  readonly owner: string;
  /** As for IPaddr: `10.0.0.201/24/ens38`. */
  readonly address: string;
  readonly services: readonly string[];
}

/** Why a plan cannot be written, each with what to say instead; empty when it can. */
export function flaws(plan: Plan): string[] {
  const { nodes, links, groups } = plan;
  const names = nodes.map(({ name }) => name);
  const wrong: string[] = [];
  if (nodes.length < 2) wrong.push("a cluster needs two nodes: --node <name>=<address> twice");
  if (new Set(names).size < names.length) wrong.push("two nodes have the same name");
  if (links.length === 0) wrong.push("no heartbeat link: --link <interface>");
  for (const { name, addresses } of nodes) wrong.push(...nodeFlaws(name, addresses));
  for (const group of groups) wrong.push(...groupFlaws(group, names));
  for (const word of [...names, ...links, ...plan.pings, ...groups.flatMap(({ services }) => services)])
    if (!/^[^\s#,;'"\\$`]+$/.test(word)) wrong.push(`${JSON.stringify(word)} cannot stand in ha.cf or haresources`);
  return wrong;
}

function nodeFlaws(name: string, addresses: readonly string[]): string[] {
  const bad = addresses.filter((address) => isIP(address) === 0);
  return bad.map((address) => `node ${name}: ${JSON.stringify(address)} is no address: --node ${name}=10.0.0.1`);
}

function groupFlaws({ owner, address }: PlannedGroup, names: readonly string[]): string[] {
  const [ip = "", prefix = "24", ...rest] = address.split("/");
  const good = isIP(ip) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (isIP(ip) === 4 ? 32 : 128);
  return [
    ...(good && rest.length <= 2 ? [] : [`${JSON.stringify(address)} is no address: --vip 10.0.0.201/24/ens38`]),
    ...(names.includes(owner) ? [] : [`owner ${JSON.stringify(owner)} is none of the nodes ${names.join(", ")}`]),
  ];
}

export interface Texts {
  readonly haCf: string;
  readonly authkeys: string;
  readonly haresources: string;
}

/** The three files of a plan without flaws; the same files go to every node. */
export const textsOf = (plan: Plan): Texts => ({
  haCf: haCf(plan),
  authkeys: freshAuthkeys(),
  haresources: haresources(plan),
});

function haCf({ nodes, links, pings, autoFailback }: Plan): string {
  const media = links.flatMap((link, at) =>
    mediaOf(
      link,
      nodes.map(({ addresses }) => addresses[at]),
    ),
  );
  const ipfail =
    pings.length === 0
      ? []
      : [
          "",
          "# Hosts that should always answer: the groups move to the node that reaches more of them (ipfail).",
          ...pings.map((host) => `ping ${host}`),
          "respawn hacluster /usr/libexec/heartbeat/ipfail",
        ];
  return text([
    "# Written by heartbeat init. The same file serves on every node.",
    "logfile /var/log/ha-log",
    "debugfile /var/log/ha-debug",
    "",
    "# A heartbeat every second; a node is late after 3 s of silence and dead after 5 s.",
    "keepalive 1",
    "warntime 3",
    "deadtime 5",
    "# How long the first node waits for the others after a cold start.",
    "initdead 30",
    "",
    "udpport 694",
    ...media,
    "",
    "# on: a group goes home when its preferred node returns; off: it stays where it is.",
    `auto_failback ${autoFailback}`,
    ...nodes.map(({ name }) => `node ${name}`),
    ...ipfail,
  ]);
}

/** Both directions in one file: a node leaves out the line with its own address. Without addresses the link is broadcast. */
function mediaOf(link: string, addresses: readonly (string | undefined)[]): string[] {
  const known = addresses.filter((address) => address !== undefined);
  if (known.length < addresses.length) return [`bcast ${link}`];
  return known.map((address) => `${isIP(address) === 6 ? "ucast6" : "ucast"} ${link} ${address}`);
}

function haresources({ groups }: Plan): string {
  return text([
    "# Written by heartbeat init: preferred node, address, services from left to right. The same file on every node.",
    ...groups.map(({ owner, address, services }) => [owner, resource(address), ...services].join(" ")),
  ]);
}

function resource(address: string): string {
  const [ip = ""] = address.split("/");
  return `${isIP(ip) === 6 ? "IPv6addr" : "IPaddr"}::${address}`;
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

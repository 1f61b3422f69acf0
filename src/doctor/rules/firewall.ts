import { ipv6 } from "../../config/ip-address.js";
import type { FirewallFacts } from "../../ports/survey.js";
import type { Facts } from "../facts.js";
import { error, type Finding, note, warning } from "../finding.js";
import { iptablesTables } from "../iptables.js";
import { nftTables } from "../nftables.js";
import { type Blocked, blockedBy, type Packet, type Table } from "../packet-filter.js";
import type { MediumSubject, Subjects } from "../subjects.js";
import { isDeadManTable } from "./dead-man.js";

/** Packet filters that stop heartbeats on their way in or out, and SELinux, which stops them without a trace in any rule. */
export function firewallFindings({ media }: Subjects, { firewall, machine, daemon }: Facts): readonly Finding[] {
  const tables = firewall === undefined ? [] : tablesOf(firewall);
  const blocked = media.flatMap((medium) =>
    (["input", "output"] as const).flatMap((hook) => {
      const packet = packetOf(medium, hook);
      const block = blockedBy(tables, packet);
      return block === undefined ? [] : [blockedFinding(block, packet, managerOf(tables))];
    }),
  );
  const port = media[0]?.port;
  return [...distinct(blocked), ...selinuxFindings(machine, port, daemon.kind === "running")];
}

const tablesOf = ({ nft, iptables, ip6tables }: FirewallFacts): readonly Table[] => [
  // Our own rules are about the service addresses, which heartbeats neither come from nor go to.
  ...nftTables(nft).filter(({ name }) => !isDeadManTable(name)),
  ...iptablesTables(iptables ?? "", "iptables"),
  ...iptablesTables(ip6tables ?? "", "ip6tables"),
];

/** Who looks after the rules: its own command is the one to type, or the rule is gone at its next reload. */
type Manager = "firewalld" | "ufw" | undefined;

function managerOf(tables: readonly Table[]): Manager {
  const chains = tables.flatMap(({ chains: all }) => [...all.keys()]);
  if (tables.some(({ name }) => name.endsWith(" firewalld")) || chains.includes("INPUT_direct")) return "firewalld";
  return chains.some((name) => /^ufw6?-/.test(name)) ? "ufw" : undefined;
}

function packetOf({ kind, device, port, peer }: MediumSubject, hook: Packet["hook"]): Packet {
  const six = kind === "ucast6" || kind === "mcast6" || (peer !== undefined && ipv6(peer) !== undefined);
  const cast = kind === "bcast" ? "broadcast" : kind.startsWith("mcast") ? "multicast" : "host";
  return { hook, family: six ? "ipv6" : "ipv4", device, port, peer, cast };
}

function blockedFinding(block: Blocked, packet: Packet, manager: Manager): Finding {
  const { hook, device, port, peer } = packet;
  const way = hook === "input" ? "come in" : "go out";
  const by = block.rule === undefined ? "its policy is drop and no rule lets them through" : block.rule;
  const place = `${block.table.tool}, table ${block.table.name}, chain ${block.chain}`;
  const doubt = block.sure ? "drops" : "probably drops";
  const far = peer === undefined ? "" : hook === "input" ? ` from ${peer}` : ` to ${peer}`;
  return (block.sure ? error : warning)(
    "firewall-drops-heartbeats",
    `A firewall ${doubt} the heartbeats that ${way} on ${device}${far}, udp port ${port} (${place}: ${by}).`,
    "A node that hears nothing takes its peer for dead and takes everything over: both nodes then hold the same addresses.",
    ...openings(block, packet, manager),
  );
}

/** The commands that let heartbeats through, in the words of whatever looks after the rules here. */
function openings({ table, chain }: Blocked, packet: Packet, manager: Manager): readonly string[] {
  const { hook, device, port, peer } = packet;
  if (manager === "firewalld" && hook === "input")
    return [`firewall-cmd --permanent --add-port=${port}/udp`, "firewall-cmd --reload"];
  if (manager === "ufw")
    return hook === "input"
      ? [`ufw allow in on ${device} from ${peer ?? "any"} to any port ${port} proto udp`]
      : [`ufw allow out on ${device} to ${peer ?? "any"} port ${port} proto udp`];
  if (table.tool !== "nft")
    return [`${table.tool} -I ${chain} -${hook === "input" ? "i" : "o"} ${device} -p udp --dport ${port} -j ACCEPT`];
  const side = hook === "input" ? "iifname" : "oifname";
  return [
    `nft insert rule ${table.name} ${chain} ${side} ${device} udp dport ${port} accept`,
    "and the same rule into /etc/nftables.conf, or it is gone after the next boot",
  ];
}

/** The same rule stops the lines of several media; it is said once per way and device. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ what }) => !seen.has(what) && seen.add(what));
}

function selinuxFindings(machine: Facts["machine"], port: number | undefined, running: boolean): readonly Finding[] {
  if (machine === undefined || machine.selinux !== "enforcing" || port === undefined) return [];
  const { domain } = machine;
  const free = domain !== undefined && /^(unconfined|initrc|kernel)/.test(domain);
  if (running && free)
    return [
      note(
        "selinux-enforcing",
        `SELinux is enforcing; heartbeat runs in the domain ${domain}, which it does not confine.`,
        "Nothing to do, and no reason to switch SELinux off.",
      ),
    ];
  return [
    warning(
      "selinux-enforcing",
      `SELinux is enforcing${domain === undefined ? "" : ` and confines heartbeat to the domain ${domain}`}: it may forbid udp port ${port}, the resource scripts or the addresses.`,
      "A denial looks like a dead link. It is in the audit log, not in ha-log.",
      "ausearch -m avc -ts recent -c heartbeat    (what was denied)",
      `semanage port -a -t cluster_port_t -p udp ${port}    (when the port was denied; leave SELinux enforcing)`,
    ),
  ];
}

/**
 * The three files from a few answers, for `heartbeat init`. All nodes get the same files: every node's own address stands in a
 * ucast line too, and each node leaves its own out.
 */

/** What the operator answers. */
export interface ClusterPlan {
  /** As `uname -n` prints them. */
  readonly nodes: readonly string[];
  /** Heartbeat links: an interface, and each node's address on it in the order of `nodes`. */
  readonly links: readonly { readonly device: string; readonly addresses: readonly string[] }[];
  /** Virtual addresses: `172.30.105.201/24`, the interface, and the preferred node. */
  readonly vips: readonly { readonly owner: string; readonly address: string; readonly device: string }[];
  /** Services by the names of their scripts, in the order of their start; they follow the first address of their owner. */
  readonly services: readonly { readonly owner: string; readonly name: string }[];
  /** Hosts on the service network that should always answer: the gateway. */
  readonly ping: readonly string[];
  /** Random, of at least 16 characters; made by the caller. */
  readonly key: string;
}

export interface WrittenFiles {
  readonly haCf: string;
  /** To be written with mode 600. */
  readonly authkeys: string;
  readonly haresources: string;
}

/** @returns the texts of the three files; `checkConfig` has no complaint about them if the answers are sound. */
export const writeFiles = (plan: ClusterPlan): WrittenFiles => ({
  haCf: haCfOf(plan),
  authkeys: authkeysOf(plan),
  haresources: haresourcesOf(plan),
});

const section = (comment: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `\n${comment}\n${lines.join("\n")}\n`;

function haCfOf({ nodes, links, ping, services }: ClusterPlan): string {
  const ipv6 = (address: string): boolean => address.includes(":");
  const media = links.flatMap(({ device, addresses }) =>
    addresses.map((address) => `${ipv6(address) ? "ucast6" : "ucast"} ${device} ${address}`),
  );
  return [
    "# ha.cf: how the nodes talk to each other. The same on all nodes; check it with: heartbeat check\n",
    section("# Logs.", ["logfile /var/log/ha-log", "debugfile /var/log/ha-debug", "logfacility local0"]),
    section("# A heartbeat every half second; 3 s of silence are worth a warning, 10 s mean death.", [
      "keepalive 500ms",
      "warntime 3",
      "deadtime 10",
    ]),
    section("# How long a starting node waits for the others before it takes what is theirs.", ["initdead 30"]),
    section("# Heartbeat links. Every node leaves its own address out. udpport must stand above.", [
      "udpport 694",
      ...media,
    ]),
    section("# A group goes back to its preferred node when that returns (off: it stays).", ["auto_failback on"]),
    section(
      "# The nodes, as uname -n prints them.",
      nodes.map((name) => `node ${name}`),
    ),
    section(
      "# A service that dies is started again, and moves at its third failure within ten minutes.",
      services.length > 0 ? ["monitor_interval 10s"] : [],
    ),
    section("# Hosts that should always answer: who sees fewer of them gives its groups up (ipfail).", pings(ping)),
  ].join("");
}

const pings = (hosts: readonly string[]): readonly string[] =>
  hosts.length === 0 ? [] : [...hosts.map((host) => `ping ${host}`), "respawn hacluster /usr/lib/heartbeat/ipfail"];

const authkeysOf = ({ key }: ClusterPlan): string =>
  ["# authkeys: the common secret of the nodes. Mode 600, the same on all nodes.", "auth 1", `1 sha1 ${key}`, ""].join(
    "\n",
  );

function haresourcesOf(plan: ClusterPlan): string {
  const owners = [
    ...new Set([...plan.nodes, ...plan.vips.map((vip) => vip.owner), ...plan.services.map((service) => service.owner)]),
  ];
  return [
    "# haresources: one group in a line: its preferred node, then its resources in the order of their start.\n",
    "# The same on all nodes.\n",
    ...owners.flatMap((owner) => groupsOf(owner, plan)),
  ].join("");
}

/** One group per address, so that addresses move independently; the services belong to the first. */
function groupsOf(owner: string, { vips, services }: ClusterPlan): readonly string[] {
  const names = services.filter((service) => service.owner === owner).map((service) => service.name);
  const addresses = vips.filter((vip) => vip.owner === owner).map(addressText);
  const [first, ...rest] = addresses;
  const withServices = first === undefined ? names : [first, ...names];
  return [withServices, ...rest.map((one) => [one])]
    .filter((group) => group.length > 0)
    .map((group) => `${owner} ${group.join(" ")}\n`);
}

const addressText = ({ address, device }: ClusterPlan["vips"][number]): string =>
  `${address.includes(":") ? "IPv6addr" : "IPaddr"}::${address}${device === "" ? "" : `${address.includes("/") ? "" : "/"}/${device}`}`;

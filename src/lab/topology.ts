/**
 * Which machines there are and how they are wired. A wire is a switch: every interface plugged into it hears the others. The default is
 * the two-node plan of the project's tutorial; an operator's own plan is a JSON file of the same form.
 */

/** A network card of a machine. */
export interface Interface {
  /** Its name inside the machine, e.g. "ens33". */
  readonly name: string;
  /** The wire it is plugged into; the interface's own name when left out, so that all "ens33" are on one wire. */
  readonly wire?: string;
  /** Addresses with prefix length, IPv4 or IPv6: "172.30.105.101/24". */
  readonly addresses: readonly string[];
  /** Preference of the connected route where two cards are in one network: the smaller number is used. */
  readonly metric?: number;
  /** Further routes through this card, as `ip route add` takes them without the device: "172.30.105.102". */
  readonly routes?: readonly string[];
}

/** A machine without a daemon: gateway, client, witness … */
export interface MachinePlan {
  readonly name: string;
  readonly interfaces: readonly Interface[];
}

/** A null modem cable between two serial ports. */
export interface SerialCable {
  /** Machine and device of each end: `["master1:/dev/ttyS0", "master2:/dev/ttyS0"]`. */
  readonly ends: readonly [string, string];
  /** Bits per second that it carries; as fast as the machine when left out. */
  readonly baud?: number;
}

/** The whole plan. It can be written as JSON. */
export interface Topology {
  /** The cluster's nodes, in the order in which they are named in ha.cf. */
  readonly nodes: readonly MachinePlan[];
  /** The machine from which the addresses are probed; its first interface is on the service network. */
  readonly client: MachinePlan;
  /** A free address on the service network, kept for the watch that asks everybody. Without it, duplicates are not looked for. */
  readonly watcher?: string;
  /** Machines that only answer pings, such as the gateway that serves as ping node. */
  readonly others?: readonly MachinePlan[];
  readonly serial?: readonly SerialCable[];
}

/**
 * The tutorial's plan: heartbeats on ens33, service on ens38, both in 172.30.105.0/24. Two cards in one network is what it has, so each
 * node's connected route prefers ens38 (as a distribution's network manager arranges with metrics), and the peer's heartbeat address
 * has a host route through ens33. The wires are separate switches, so nobody on one hears ARP answers meant for the other.
 */
export function seedTopology(): Topology {
  const node = (name: string, own: string, peer: string, service: string): MachinePlan => ({
    name,
    interfaces: [
      { name: "ens33", addresses: [`172.30.105.${own}/24`], metric: 101, routes: [`172.30.105.${peer}`] },
      { name: "ens38", addresses: [`172.30.105.${service}/24`], metric: 100 },
    ],
  });
  return {
    nodes: [node("master1", "101", "102", "12"), node("master2", "102", "101", "13")],
    client: { name: "client", interfaces: [{ name: "ens38", addresses: ["172.30.105.50/24"] }] },
    watcher: "172.30.105.51",
    others: [{ name: "gateway", interfaces: [{ name: "ens38", addresses: ["172.30.105.254/24"] }] }],
  };
}

/** The wire of an interface. */
export const wireOf = (card: Interface): string => card.wire ?? card.name;

/** All machines of the plan, nodes first. */
export const machinesOf = (topology: Topology): readonly MachinePlan[] => [
  ...topology.nodes,
  topology.client,
  ...(topology.others ?? []),
];

/** All wires of the plan, each once. */
export function wiresOf(topology: Topology): readonly string[] {
  return [...new Set(machinesOf(topology).flatMap((machine) => machine.interfaces.map(wireOf)))];
}

/** Every problem of a plan at once, in words; empty if it can be built. */
export function problemsOf(topology: Topology): readonly string[] {
  const names = machinesOf(topology).map((machine) => machine.name);
  const twice = names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => `two machines are called ${name}`);
  const cards = machinesOf(topology).flatMap((machine) =>
    machine.interfaces.map((card) => ({ machine: machine.name, card })),
  );
  const long = cards.filter(({ card }) => card.name.length > 15);
  const bare = cards.flatMap(({ machine, card }) =>
    card.addresses
      .filter((address) => !/\/\d+$/.test(address))
      .map((address) => `${machine} ${card.name}: ${address} lacks its prefix length, e.g. /24`),
  );
  return [
    ...(topology.nodes.length === 0 ? ["there is no node"] : []),
    ...(topology.client.interfaces.length === 0 ? ["the client has no interface"] : []),
    ...names.filter((name) => !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name)).map((name) => `"${name}" is not a host name`),
    ...twice,
    ...long.map(({ card }) => `interface name ${card.name} is longer than the kernel's 15 characters`),
    ...bare,
    ...serialProblems(topology, names),
  ];
}

function serialProblems({ serial = [] }: Topology, names: readonly string[]): readonly string[] {
  const ends = serial.flatMap((cable) => cable.ends);
  const twice = ends.filter((end, index) => ends.indexOf(end) !== index).map((end) => `two cables end at ${end}`);
  const lost = ends.filter((end) => !names.includes(end.split(":")[0] ?? "") || !/^[^:]+:\/dev\/\w+$/.test(end));
  return [...twice, ...lost.map((end) => `"${end}" is no serial port of a machine, like master1:/dev/ttyS0`)];
}

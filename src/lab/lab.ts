/**
 * The lab: a cluster on one machine, in network namespaces, with a client that watches its addresses.
 *
 *     const lab = await openLab({ files: { master1: {...}, master2: {...} } });
 *     try {
 *       await lab.start();
 *       const probe = await lab.probe(["172.30.105.201"]);
 *       await lab.node("master1").crash();
 *       ...
 *     } finally {
 *       await lab.close();
 *     }
 */
import { Container } from "./container.js";
import { type DaemonPlan, ourDaemon } from "./daemons.js";
import { Machine } from "./machine.js";
import { Node, type NodeFiles } from "./node.js";
import { type ProbeOptions, ProbeRun, WATCHER_CARD } from "./probe-run.js";
import { type MachinePlan, machinesOf, problemsOf, seedTopology, type Topology, wireOf, wiresOf } from "./topology.js";
import { type Direction, Wires } from "./wires.js";

export interface LabOptions {
  /** The tutorial's plan when left out. */
  readonly topology?: Topology;
  /** Per node: its three files and whatever else it needs. */
  readonly files: Readonly<Record<string, NodeFiles>>;
  /** Which daemon runs: one for all nodes, or per node; ours when left out. */
  readonly daemon?: DaemonPlan | ((node: string) => DaemonPlan);
}

/** A card, as "master1:ens33", or a serial port, as "master1:/dev/ttyS0". */
export type LinkName = string;

/** How a link is cut. */
export interface CutOptions {
  /** Seen from the node; both when left out. */
  readonly direction?: Direction;
  /** Pull the cable, so that the node loses its carrier; otherwise the switch swallows everything silently. */
  readonly unplug?: boolean;
}

export class Lab {
  readonly topology: Topology;
  readonly client: Machine;
  readonly nodes: readonly Node[];
  readonly others: readonly Machine[];
  readonly container: Container;
  readonly wires: Wires;
  readonly #probes = new Set<ProbeRun>();

  constructor(options: LabOptions, container: Container) {
    const topology = options.topology ?? seedTopology();
    const daemon = options.daemon ?? ourDaemon();
    this.topology = topology;
    this.container = container;
    this.wires = new Wires(container);
    this.nodes = topology.nodes.map((plan) => {
      const files = options.files[plan.name];
      if (!files) throw new Error(`no files were given for ${plan.name}`);
      return new Node(plan, container, this.wires, files, typeof daemon === "function" ? daemon(plan.name) : daemon);
    });
    this.client = new Machine(withWatcher(topology), container, this.wires);
    this.others = (topology.others ?? []).map((plan) => new Machine(plan, container, this.wires));
  }

  /** Boots all machines; daemons are not started. */
  async powerOn(): Promise<void> {
    await this.wires.lay(wiresOf(this.topology));
    this.wires.serial.lay(this.topology.serial ?? []);
    const hosts = hostsFile(this.topology);
    for (const machine of [...this.others, this.client, ...this.nodes]) {
      await machine.powerOn();
      await machine.write({ "/etc/hosts": hosts });
    }
    if (!this.topology.watcher) return;
    const silence = `ip link set ${WATCHER_CARD} arp off && echo 1 >/proc/sys/net/ipv6/conf/${WATCHER_CARD}/disable_ipv6`;
    await this.client.run(silence);
  }

  /** Starts the daemon on every node, side by side. */
  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.start()));
  }

  node(name: string): Node {
    const found = this.nodes.find((node) => node.name === name);
    if (!found)
      throw new Error(`there is no node ${name}; there are ${this.nodes.map((node) => node.name).join(", ")}`);
    return found;
  }

  /** Any machine: node, client or gateway. */
  machine(name: string): Machine {
    const all = [...this.nodes, this.client, ...this.others];
    const found = all.find((machine) => machine.name === name);
    if (!found)
      throw new Error(`there is no machine ${name}; there are ${all.map((machine) => machine.name).join(", ")}`);
    return found;
  }

  async cut(link: LinkName, { direction = "both", unplug = false }: CutOptions = {}): Promise<void> {
    const [machine, card] = parseLink(link);
    if (this.wires.serial.has(machine, card)) this.wires.serial.cut(machine, card);
    else if (unplug) await this.wires.setPlugged(machine, card, false);
    else await this.wires.disturb({ machine, card, direction, percent: 100 });
  }

  /** Loses this share of the packets, in per cent, at random; on a serial port in both directions. */
  async loss(link: LinkName, percent: number, direction: Direction = "both"): Promise<void> {
    const [machine, card] = parseLink(link);
    if (this.wires.serial.has(machine, card)) this.wires.serial.disturb(machine, card, percent);
    else await this.wires.disturb({ machine, card, direction, percent });
  }

  /** Repairs a link, every link of a machine ("master1"), or all. */
  async heal(link?: LinkName): Promise<void> {
    const [machine, card] = link?.split(":") ?? [];
    await this.wires.heal(machine, card);
  }

  /** The last lines of each powered node's ha-log, to be shown when something did not happen as it must. */
  async lastWords(lines = 60): Promise<string> {
    const powered = this.nodes.filter((node) => node.hasPower);
    const tails = powered.map(
      async (node) => `--- ha-log of ${node.name}\n${(await node.log()).split("\n").slice(-lines).join("\n")}`,
    );
    return (await Promise.all(tails)).join("\n");
  }

  /** The nodes that have this address on a card, whether or not anybody hears them. */
  async holders(address: string): Promise<readonly string[]> {
    const powered = this.nodes.filter((node) => node.hasPower);
    const holds = await Promise.all(powered.map((node) => node.holds(address)));
    return powered.filter((_, index) => holds[index]).map((node) => node.name);
  }

  /** Sets the client on watch over these addresses. */
  async probe(addresses: readonly string[], options: ProbeOptions = {}): Promise<ProbeRun> {
    const run = await ProbeRun.start(this, addresses, options);
    this.#probes.add(run);
    return run;
  }

  /** Sets the client on watch over web pages, to see which node's service answers. */
  async probeHttp(urls: readonly string[], options: ProbeOptions = {}): Promise<ProbeRun> {
    const run = await ProbeRun.startHttp(this, urls, options);
    this.#probes.add(run);
    return run;
  }

  /** Leaves nothing behind. Harmless when repeated. */
  async close(): Promise<void> {
    await Promise.all([...this.#probes].map((probe) => probe.stop().catch(() => undefined)));
    await this.container.close();
  }
}

/** Builds a lab and boots its machines. Whatever goes wrong on the way, nothing is left. */
export async function openLab(options: LabOptions): Promise<Lab> {
  const problems = problemsOf(options.topology ?? seedTopology());
  if (problems.length > 0) throw new Error(`the topology cannot be built:\n${problems.join("\n")}`);
  const container = await Container.open();
  try {
    const lab = new Lab(options, container);
    await lab.powerOn();
    return lab;
  } catch (error) {
    await container.close();
    throw error;
  }
}

/** The client has a second card on the service network, from which it looks for duplicates without touching its own ARP entries. */
function withWatcher({ client, watcher }: Topology): MachinePlan {
  const [service] = client.interfaces;
  if (!watcher || !service) return client;
  return {
    ...client,
    interfaces: [...client.interfaces, { name: WATCHER_CARD, wire: wireOf(service), addresses: [] }],
  };
}

function parseLink(link: LinkName): readonly [string, string] {
  const [machine, card] = link.split(":");
  if (!machine || !card) throw new Error(`a link is written like master1:ens33, not "${link}"`);
  return [machine, card];
}

/** Names every machine by its address on the service network, as the tutorial does. */
function hostsFile(topology: Topology): string {
  const service = topology.client.interfaces[0]?.wire ?? topology.client.interfaces[0]?.name;
  const lines = machinesOf(topology).flatMap(({ name, interfaces }) => {
    const card = interfaces.find((one) => (one.wire ?? one.name) === service) ?? interfaces[0];
    const address = card?.addresses[0]?.split("/")[0];
    return address ? [`${address} ${name}`] : [];
  });
  return `127.0.0.1 localhost\n::1 localhost ip6-localhost\n${lines.join("\n")}\n`;
}

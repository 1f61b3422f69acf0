/**
 * The switches between the machines, and the ways in which they can fail. They live in the container's own network namespace: one bridge
 * per wire, one port per card. A fault is applied at the port, outside of the machine, as it would be in a real switch: the machine's own
 * tables show nothing of it.
 */
import { run } from "./child.js";
import type { Container } from "./container.js";
import { SerialCables } from "./serial-cables.js";
import { type Interface, wireOf } from "./topology.js";

/** Which way a fault works, seen from the machine. */
export type Direction = "both" | "in" | "out";

/** What is wrong with a port. `percent` 100 is a cut. */
export interface PortFault {
  readonly machine: string;
  readonly card: string;
  readonly direction: Direction;
  readonly percent: number;
  /** Only what passes between this card and that machine's card on the same wire; everything when left out. */
  readonly peer?: string;
}

/** A machine's card as the switch sees it. */
interface Port {
  readonly name: string;
  readonly wire: string;
  readonly mac: string;
  plugged: boolean;
}

const key = (machine: string, card: string) => `${machine}:${card}`;

/** The whole fault table as one nft script, applied in one transaction: there is never a moment with half of the rules. */
export function faultRules(
  faults: readonly (Omit<PortFault, "peer"> & { readonly port: string; readonly peerPort?: string | undefined })[],
): string {
  const drop = (percent: number) =>
    percent >= 100 ? "drop" : `numgen random mod 1000 < ${Math.round(percent * 10)} drop`;
  const rules = faults.flatMap(({ port, peerPort, direction, percent }) => {
    const [to, from] = peerPort === undefined ? ["", ""] : [`oifname "${peerPort}" `, `iifname "${peerPort}" `];
    return [
      ...(direction === "in" ? [] : [`iifname "${port}" ${to}${drop(percent)}`]),
      ...(direction === "out" ? [] : [`${from}oifname "${port}" ${drop(percent)}`]),
    ];
  });
  return `table bridge lab\ndelete table bridge lab\ntable bridge lab {\n chain faults {\n  type filter hook forward priority 0; policy accept;\n${rules.map((rule) => `  ${rule}\n`).join("")} }\n}\n`;
}

export class Wires {
  readonly serial = new SerialCables();
  readonly #container: Container;
  readonly #ports = new Map<string, Port>();
  readonly #bridges = new Map<string, string>();
  readonly #faults = new Map<string, PortFault>();
  #applied: Promise<unknown> = Promise.resolve();

  constructor(container: Container) {
    this.#container = container;
  }

  /** Builds a switch per wire. */
  async lay(wires: readonly string[]): Promise<void> {
    const lines = wires.flatMap((wire, index) => {
      const bridge = `wire${index}`;
      this.#bridges.set(wire, bridge);
      return [`link add ${bridge} type bridge forward_delay 0 stp_state 0 mcast_snooping 0`, `link set ${bridge} up`];
    });
    await this.#container.inNetwork(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
  }

  /** Gives a machine its card: a cable whose other end is a port of the wire's switch. The MAC is the same after every power-on. */
  async plugIn(machine: string, card: Interface, pid: number): Promise<void> {
    const port = this.#portFor(machine, card);
    const bridge = this.#bridges.get(port.wire);
    const lines = [
      `link add ${port.name} type veth peer name ${card.name} address ${port.mac} netns ${pid}`,
      `link set ${port.name} master ${bridge}`,
      `link set ${port.name} ${port.plugged ? "up" : "down"}`,
    ];
    await this.#container.inNetwork(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
  }

  /** Takes all ports of a machine off at once; nothing that it still sends is heard. */
  async takeOff(machine: string): Promise<void> {
    await this.#batch(this.#portsOf(machine).map((port) => `link set ${port.name} down`));
  }

  /** Puts the ports of a machine back that are not unplugged by a fault of their own. */
  async putBack(machine: string): Promise<void> {
    await this.#batch(this.#portsOf(machine).flatMap((port) => (port.plugged ? [`link set ${port.name} up`] : [])));
  }

  /** Removes the cables of a machine that has no power; faults stay, they belong to the switch. */
  async removePorts(machine: string): Promise<void> {
    const lines = this.#portsOf(machine).map((port) => `link del ${port.name}`);
    // The kernel removes them by itself when it puts the machine's namespace away; whoever comes first.
    const argv = this.#container.enter(["net"], ["ip", "-force", "-batch", "-"]);
    await run(argv, { input: `${lines.join("\n")}\n` });
  }

  /** Drops `percent` of what passes each port, all in the same instant; the machine keeps its carrier. 0 heals. */
  async disturb(...faults: readonly PortFault[]): Promise<void> {
    for (const fault of faults) {
      this.#port(fault.machine, fault.card);
      const id = `${key(fault.machine, fault.card)} ${fault.direction} ${fault.peer ?? ""}`;
      if (fault.percent <= 0) this.#faults.delete(id);
      else this.#faults.set(id, fault);
    }
    await this.#apply();
  }

  /** Pulls the cable (the machine sees the carrier go) or puts it back. */
  async setPlugged(machine: string, card: string, plugged: boolean): Promise<void> {
    const port = this.#port(machine, card);
    port.plugged = plugged;
    await this.#batch([`link set ${port.name} ${plugged ? "up" : "down"}`]);
  }

  /** Removes every fault at once, and runs a shell command in the same moment. */
  async healAnd(command: string): Promise<void> {
    this.#faults.clear();
    await this.#apply(command);
  }

  /** Removes every fault of a card, or of all. */
  async heal(machine?: string, card?: string): Promise<void> {
    this.serial.heal(machine, card);
    const concerned = (at: string) =>
      machine === undefined ? true : card === undefined ? at.startsWith(`${machine}:`) : at === key(machine, card);
    for (const [id, fault] of this.#faults) if (concerned(key(fault.machine, fault.card))) this.#faults.delete(id);
    const unplugged = [...this.#ports].filter(([at, port]) => concerned(at) && !port.plugged);
    for (const [, port] of unplugged) port.plugged = true;
    await this.#apply();
    await this.#batch(unplugged.map(([, port]) => `link set ${port.name} up`));
  }

  /** The faults that are in force, in words: "master1:ens33 cut", "master2:ens38 unplugged". */
  describe(): readonly string[] {
    const dropped = [...this.#faults.values()].map(({ machine, card, direction, percent, peer }) => {
      const what = percent >= 100 ? "cut" : `loses ${percent} %`;
      const whom = peer === undefined ? "" : ` towards ${peer}`;
      return `${key(machine, card)} ${what}${whom}${direction === "both" ? "" : ` (${direction})`}`;
    });
    const unplugged = [...this.#ports].filter(([, port]) => !port.plugged).map(([at]) => `${at} unplugged`);
    return [...dropped, ...unplugged, ...this.serial.describe()];
  }

  /** Whose card has which MAC. */
  names(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#ports].map(([at, port]) => [port.mac, at.split(":")[0] ?? at]));
  }

  /** The MAC of a card. */
  macOf(machine: string, card: string): string {
    return this.#port(machine, card).mac;
  }

  #portFor(machine: string, card: Interface): Port {
    const known = this.#ports.get(key(machine, card.name));
    if (known) return known;
    const number = this.#ports.size + 1;
    const hex = (value: number) => value.toString(16).padStart(2, "0");
    const port = {
      name: `port${number}`,
      wire: wireOf(card),
      mac: `02:1a:b0:00:${hex(number >> 8)}:${hex(number & 255)}`,
      plugged: true,
    };
    this.#ports.set(key(machine, card.name), port);
    return port;
  }

  #port(machine: string, card: string): Port {
    const port = this.#ports.get(key(machine, card));
    if (port) return port;
    throw new Error(`there is no ${key(machine, card)}; there are ${[...this.#ports.keys()].join(", ")}`);
  }

  #peerPort(peer: string, { machine, card }: PortFault): Port {
    const { wire } = this.#port(machine, card);
    const found = this.#portsOf(peer).find((port) => port.wire === wire);
    if (!found) throw new Error(`${peer} is not on the wire of ${key(machine, card)}`);
    return found;
  }

  #portsOf(machine: string): readonly Port[] {
    return [...this.#ports].filter(([at]) => at.startsWith(`${machine}:`)).map(([, port]) => port);
  }

  /** One at a time, each with the table as it then is: of two that run at once the older table could be the last to arrive, and a cut be lost. */
  #apply(command?: string): Promise<void> {
    const applied = this.#applied.then(() => this.#applyNow(command));
    this.#applied = applied.catch(() => {});
    return applied;
  }

  async #applyNow(command: string | undefined): Promise<void> {
    const faults = [...this.#faults.values()].map((fault) => ({
      ...fault,
      port: this.#port(fault.machine, fault.card).name,
      peerPort: fault.peer === undefined ? undefined : this.#peerPort(fault.peer, fault).name,
    }));
    const argv = command === undefined ? ["nft", "-f", "-"] : ["sh", "-c", `nft -f - && ${command}`];
    await this.#container.inNetwork(argv, { input: faultRules(faults) });
  }

  async #batch(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    await this.#container.inNetwork(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` });
  }
}

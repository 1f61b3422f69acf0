import { linkName, type NodeName } from "../core/names.js";
import type { Instant } from "../core/time.js";
import type { Addresses, AddressOutcome, VirtualAddress } from "../ports/addresses.js";
import type { Medium, Pinger } from "../ports/medium.js";

/** The addresses that the kernel of one machine answers for. They outlive daemon and guardian, not the machine. */
export class PretendAddresses implements Addresses {
  readonly present = new Set<string>();
  /** Sabotage: what is removed stays. */
  isSticky = false;
  readonly #devices: readonly string[];
  readonly #onChange: (change: "on" | "off" | "announced", address: string) => void;

  constructor(devices: readonly string[], onChange: (change: "on" | "off" | "announced", address: string) => void) {
    this.#devices = devices;
    this.#onChange = onChange;
  }

  add({ address, device }: VirtualAddress): AddressOutcome {
    if (device !== undefined && !this.#devices.includes(device)) return { ok: false, why: `no interface ${device}` };
    if (!this.present.has(address)) {
      this.present.add(address);
      this.#onChange("on", address);
    }
    return { ok: true };
  }

  remove({ address }: VirtualAddress): AddressOutcome {
    if (this.isSticky) return { ok: true };
    if (this.present.delete(address)) this.#onChange("off", address);
    return { ok: true };
  }

  /** Somebody who is none of ours removes it. */
  takeAway(address: string): void {
    if (this.present.delete(address)) this.#onChange("off", address);
  }

  has({ address }: VirtualAddress): boolean {
    return this.present.has(address);
  }

  announce({ address }: VirtualAddress): AddressOutcome {
    if (!this.present.has(address)) return { ok: false, why: "no such address on this host" };
    this.#onChange("announced", address);
    return { ok: true };
  }
}

/** Payload of a UDP datagram over IPv4. */
const largestDatagram = 65_507;

type DatagramListener = (bytes: Uint8Array, at: Instant) => void;

/** One medium of one daemon; where its datagrams go is the world's business. */
export class PretendMedium implements Medium {
  readonly link;
  readonly description: string;
  readonly counters = { sent: 0, received: 0, sendErrors: 0, lastError: undefined as string | undefined };
  readonly #transmit: (bytes: Uint8Array) => void;
  readonly #listeners: DatagramListener[] = [];
  #open = true;

  constructor(link: string, description: string, transmit: (bytes: Uint8Array) => void) {
    this.link = linkName(link);
    this.description = description;
    this.#transmit = transmit;
  }

  send(bytes: Uint8Array): void {
    if (!this.#open) return;
    if (bytes.length > largestDatagram) {
      this.counters.sendErrors++;
      this.counters.lastError = "Message too long";
      return;
    }
    this.counters.sent++;
    this.#transmit(bytes);
  }

  onDatagram(listener: DatagramListener): void {
    this.#listeners.push(listener);
  }

  /** A datagram arrived. */
  receive(bytes: Uint8Array, at: Instant): void {
    if (!this.#open) return;
    this.counters.received++;
    for (const listener of this.#listeners) listener(bytes, at);
  }

  close(): void {
    this.#open = false;
  }
}

/** A ping node that answers as long as it can be reached. */
export class PretendPinger implements Pinger {
  readonly node: NodeName;
  readonly description: string;
  readonly #echo: (payload: Uint8Array, answer: (payload: Uint8Array) => void) => void;
  readonly #now: () => Instant;
  readonly #listeners: DatagramListener[] = [];
  readonly #arrived: { readonly payload: Uint8Array; readonly at: Instant }[] = [];

  constructor(
    node: NodeName,
    world: { echo: (payload: Uint8Array, answer: (payload: Uint8Array) => void) => void; now: () => Instant },
  ) {
    this.node = node;
    this.description = `ping ${node}`;
    this.#echo = world.echo;
    this.#now = world.now;
  }

  ask(payload: Uint8Array): void {
    this.#echo(payload, (answer) => this.#arrived.push({ payload: answer, at: this.#now() }));
  }

  onAnswer(listener: DatagramListener): void {
    this.#listeners.push(listener);
  }

  poll(): void {
    for (const { payload, at } of this.#arrived.splice(0))
      for (const listener of this.#listeners) listener(payload, at);
  }

  close(): void {
    this.#arrived.length = 0;
  }
}

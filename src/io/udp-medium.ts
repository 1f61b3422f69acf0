/**
 * A heartbeat medium over UDP. It outlives its interface: when the interface is missing at start, or goes away and comes back
 * under the same name, the sockets are made anew by themselves, with pauses that grow from a quarter of a second to five.
 */
import { type LinkName, linkName } from "../core/names.js";
import type { Instant } from "../core/time.js";
import type { MediumCounters } from "../ports/medium.js";
import { deviceBroadcast } from "./device-broadcast.js";
import { ipBytes, ipText } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { monotonicNow } from "./monotonic.js";
import type { OpenedMedium, SelfHealingMedium } from "./self-healing.js";
import { internetAddress } from "./socket-address.js";
import { closingLines, openingLines } from "./udp-lines.js";
import { createReceivers, type Receiver, type Receivers, type Subscriber } from "./udp-receiver.js";
import { familyOf, joinGroup, openSendingSocket, type UdpMediumSettings } from "./udp-sockets.js";

const CONFIRMING = libc.MSG_DONTWAIT | libc.MSG_CONFIRM;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;
/** What sending on a socket says whose interface may be gone. Size, a full queue and firewalls are not among it. */
const BLAMES_INTERFACE = new Set([
  "ENODEV",
  "ENXIO",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "EADDRNOTAVAIL",
  "ENETDOWN",
  "EINVAL",
]);

/** @returns a maker of media that share their receiving sockets; one per daemon. */
export function createUdpMedia(): { open(settings: UdpMediumSettings): OpenedMedium } {
  const receivers = createReceivers();
  return { open: (settings) => openUdpMedium(settings, receivers) };
}

function openUdpMedium(settings: UdpMediumSettings, receivers: Receivers): OpenedMedium {
  const medium = new UdpMedium(settings, receivers);
  const { problem } = medium;
  return { medium, problem, lines: problem === undefined ? openingLines(settings) : closingLines(settings, problem) };
}

/** Sockets in use: descriptor of the sending one, where it sends to, and the interface they belong to. */
interface Open {
  readonly fd: number;
  readonly destination: Uint8Array;
  readonly index: number;
}

class UdpMedium implements SelfHealingMedium {
  readonly link: LinkName;
  readonly description: string;
  readonly counters: MediumCounters = { sent: 0, received: 0, sendErrors: 0, lastError: undefined };
  problem: string | undefined;
  reopened = 0;
  readonly #settings: UdpMediumSettings;
  readonly #receiver: Receiver;
  readonly #subscriber: Subscriber;
  #open: Open | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #heard: (bytes: Uint8Array, at: Instant) => void = () => {};
  #changed: (problem: string | undefined) => void = () => {};

  constructor(settings: UdpMediumSettings, receivers: Receivers) {
    this.#settings = settings;
    this.link = linkName(settings.device);
    this.description = describe(settings);
    this.#receiver = receivers.get(settings.device, settings.port, familyOf(settings));
    this.#subscriber = {
      peer: peerOf(settings),
      deliver: (bytes) => this.#deliver(bytes),
      lost: (why) => this.#startAnew(why),
    };
    this.#receiver.subscribe(this.#subscriber);
    this.#tryToOpen(FIRST_PAUSE);
  }

  /**
   * Heartbeats go one way, so the kernel learns nothing from them about its neighbour entries and asks anew every half minute. Where a
   * third of the packets is lost that question fails now and then, and nothing is sent for seconds: long enough for a false death. The
   * peer's own heartbeats are the better answer. A peer with a new hardware address asks for ours first, which renews the entry.
   */
  send(bytes: Uint8Array, isHeard = false): void {
    const open = this.#open;
    if (open === undefined) {
      this.#countFailure(this.problem ?? "closed");
      return;
    }
    const sent = libc.sendto(open.fd, bytes, open.destination, isHeard ? CONFIRMING : libc.MSG_DONTWAIT);
    if (sent.ok) this.counters.sent++;
    else this.#onSendError(sent, open);
  }

  onDatagram(listener: (bytes: Uint8Array, at: Instant) => void): void {
    this.#heard = listener;
  }

  onChange(listener: (problem: string | undefined) => void): void {
    this.#changed = listener;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#closeSender();
    this.#receiver.unsubscribe(this.#subscriber);
  }

  #deliver(bytes: Uint8Array): void {
    this.counters.received++;
    this.#heard(bytes, monotonicNow());
  }

  #countFailure(why: string): void {
    this.counters.sendErrors++;
    this.counters.lastError = why;
  }

  /** Most failures pass by themselves (a full queue, no route while the link is down); only another interface needs new sockets. */
  #onSendError(error: libc.SystemError, open: Open): void {
    this.#countFailure(libc.describeError(error));
    if (!BLAMES_INTERFACE.has(error.name)) return;
    const index = libc.ifNameToIndex(this.#settings.device);
    if (index.ok && index.value === open.index) return;
    this.#startAnew(
      index.ok ? `interface ${this.#settings.device} was replaced` : describeMissing(this.#settings, index),
    );
  }

  #startAnew(problem: string): void {
    if (this.#open === undefined) return;
    this.#closeSender();
    this.#lose(problem);
    this.#tryToOpen(FIRST_PAUSE);
  }

  #lose(problem: string): void {
    if (this.problem === problem) return;
    this.problem = problem;
    this.#changed(problem);
  }

  #tryToOpen(pause: number): void {
    const opened = openSockets(this.#settings, this.#receiver);
    if (opened.ok) {
      this.#use(opened.value);
      return;
    }
    this.#lose(describeMissing(this.#settings, opened));
    this.#retry = setTimeout(() => this.#retryOpening(pause), pause).unref();
  }

  #retryOpening(pause: number): void {
    if (!this.#closed) this.#tryToOpen(Math.min(pause * 2, LONGEST_PAUSE));
  }

  #use(open: Open): void {
    this.#open = open;
    if (this.problem === undefined) return;
    this.problem = undefined;
    this.reopened++;
    this.#changed(undefined);
  }

  #closeSender(): void {
    if (this.#open !== undefined) libc.close(this.#open.fd);
    this.#open = undefined;
  }
}

function openSockets(settings: UdpMediumSettings, receiver: Receiver): libc.SystemResult<Open> {
  const index = libc.ifNameToIndex(settings.device);
  if (!index.ok) return index;
  const destination = destinationOf(settings, index.value);
  if (!destination.ok) return destination;
  const receiving = receiver.ensure(index.value);
  if (!receiving.ok) return receiving;
  const joined = joinGroup(receiving.value, settings, index.value);
  if (!joined.ok) return joined;
  const sending = openSendingSocket(settings, index.value);
  if (!sending.ok) return sending;
  return { ok: true, value: { fd: sending.value, destination: destination.value, index: index.value } };
}

/** @returns where the medium sends to, as a C `sockaddr`. */
export function destinationOf(settings: UdpMediumSettings, index: number): libc.SystemResult<Uint8Array> {
  if (settings.kind === "bcast") {
    const broadcast = deviceBroadcast(index);
    return broadcast.ok ? { ok: true, value: internetAddress(broadcast.value, settings.port) } : broadcast;
  }
  const text = "group" in settings ? settings.group : settings.address;
  const address = ipBytes(familyOf(settings), text);
  if (address === undefined) return libc.systemError(`address ${text}`, 22 /* EINVAL */);
  return { ok: true, value: internetAddress(address, settings.port, index) };
}

const describeMissing = (settings: UdpMediumSettings, error: libc.SystemError): string =>
  `${describe(settings)}: ${libc.describeError(error)}`;

/** For people, and the directive as ha.cf has it: `ucast ens33 172.30.105.102`. */
function describe(settings: UdpMediumSettings): string {
  switch (settings.kind) {
    case "bcast":
      return `bcast ${settings.device}`;
    case "mcast":
    case "mcast6":
      return `${settings.kind} ${settings.device} ${settings.group}`;
    default:
      return `${settings.kind} ${settings.device} ${settings.address}`;
  }
}

/** Address of the one peer that a unicast medium talks to, in its canonical form. */
function peerOf(settings: UdpMediumSettings): string | undefined {
  if (settings.kind !== "ucast" && settings.kind !== "ucast6") return undefined;
  const bytes = ipBytes(familyOf(settings), settings.address);
  return bytes === undefined ? undefined : ipText(bytes);
}

/** Ping nodes: one echo request per keepalive to each host, with a payload that the daemon signs and checks itself. */
import { type NodeName, nodeName } from "../core/names.js";
import type { Instant } from "../core/time.js";
import type { Pinger } from "../ports/medium.js";
import { ECHO_REPLY, echoReplyPayload, echoRequest, identifierFilter } from "./icmp-format.js";
import { type Family, ipBytes } from "./ip-bytes.js";
import * as libc from "./libc.js";
import { monotonicNow } from "./monotonic.js";
import { internetAddress } from "./socket-address.js";

/** `ping` with one host or `ping_group` with several, numeric addresses; the group lives while any of them answers. */
export interface PingSettings {
  readonly name: string;
  readonly kind: "ping" | "ping_group";
  readonly hosts: readonly string[];
}

export interface IcmpPinger extends Pinger {
  /** Asked and answered echo requests, and the latest reason why one could not be sent. */
  readonly counters: { asked: number; answered: number; errors: number; lastError: string | undefined };
}

/** As for a medium: there is always a pinger; with a `problem` it tries again at every request. */
export interface OpenedPinger {
  readonly pinger: IcmpPinger;
  readonly lines: readonly string[];
  readonly problem: string | undefined;
}

/** Answers read per call of `poll` and socket: more cannot be ours unless somebody forges them. */
const MOST_ANSWERS = 256;
const SOL_RAW = 255;
const FILTER_OPTION = 1;

/** @param id identifier of our echo requests; the original takes the low 16 bits of its process id. */
export function openPinger(settings: PingSettings, id: number = process.pid & 0xffff): OpenedPinger {
  const pinger = new RawPinger(settings, id);
  const words = settings.kind === "ping" ? "ping" : "ping group";
  return { pinger, problem: pinger.counters.lastError, lines: [`glib: ${words} heartbeat started.`] };
}

interface Host {
  readonly family: Family;
  readonly address: Uint8Array;
}

class RawPinger implements IcmpPinger {
  readonly node: NodeName;
  readonly description: string;
  readonly counters: IcmpPinger["counters"] = { asked: 0, answered: 0, errors: 0, lastError: undefined };
  readonly #hosts: readonly Host[];
  readonly #id: number;
  readonly #sockets = new Map<Family, number>();
  readonly #buffer = new Uint8Array(65_536);
  #sequence = 0;
  #heard: (payload: Uint8Array, at: Instant) => void = () => {};

  constructor(settings: PingSettings, id: number) {
    this.node = nodeName(settings.name);
    this.description = `${settings.kind} ${[settings.name, ...settings.hosts.filter((host) => host !== settings.name)].join(" ")}`;
    this.#id = id;
    this.#hosts = settings.hosts.flatMap((host) => this.#understood(host));
    for (const { family } of this.#hosts) this.#socketFor(family);
  }

  ask(payload: Uint8Array): void {
    for (const host of this.#hosts) this.#askHost(host, payload);
    this.#sequence++;
  }

  onAnswer(listener: (payload: Uint8Array, at: Instant) => void): void {
    this.#heard = listener;
  }

  poll(): void {
    for (const [family, fd] of this.#sockets) this.#drain(family, fd);
  }

  close(): void {
    for (const fd of this.#sockets.values()) libc.close(fd);
    this.#sockets.clear();
  }

  #understood(text: string): readonly Host[] {
    for (const family of ["ipv4", "ipv6"] as const) {
      const address = ipBytes(family, text);
      if (address !== undefined) return [{ family, address }];
    }
    this.#fail(`not a numeric address: ${text}`);
    return [];
  }

  #askHost({ family, address }: Host, payload: Uint8Array): void {
    const fd = this.#socketFor(family);
    if (fd === undefined) return;
    const request = echoRequest(family, this.#id, this.#sequence, payload);
    const sent = libc.sendto(fd, request, internetAddress(address, 0));
    if (sent.ok) this.counters.asked++;
    else this.#fail(libc.describeError(sent));
  }

  #drain(family: Family, fd: number): void {
    for (let n = 0; n < MOST_ANSWERS; n++) {
      const received = libc.recv(fd, this.#buffer);
      // Other errors than "nothing there" are old news of unreachable hosts: reading them clears them.
      if (!received.ok && received.name === "EAGAIN") return;
      const payload = received.ok
        ? echoReplyPayload(family, this.#id, this.#buffer.subarray(0, received.value))
        : undefined;
      if (payload === undefined) continue;
      this.counters.answered++;
      this.#heard(payload, monotonicNow());
    }
  }

  #socketFor(family: Family): number | undefined {
    const existing = this.#sockets.get(family);
    if (existing !== undefined) return existing;
    const opened = openEchoSocket(family, this.#id);
    if (opened.ok) this.#sockets.set(family, opened.value);
    else this.#fail(libc.describeError(opened));
    return opened.ok ? opened.value : undefined;
  }

  #fail(why: string): void {
    this.counters.errors++;
    this.counters.lastError = why;
  }
}

/** @returns a raw socket that hears only echo replies with our identifier; `EPERM` without CAP_NET_RAW. */
function openEchoSocket(family: Family, id: number): libc.SystemResult {
  const ipv4 = family === "ipv4";
  const type = libc.SOCK_RAW | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC;
  const opened = libc.socket(ipv4 ? libc.AF_INET : libc.AF_INET6, type, ipv4 ? libc.IPPROTO_ICMP : libc.IPPROTO_ICMPV6);
  if (!opened.ok) return opened;
  // Without the two filters everything works too, only with more to read; so their failure is not ours.
  libc.setsockopt(opened.value, ipv4 ? SOL_RAW : libc.IPPROTO_ICMPV6, FILTER_OPTION, onlyReplies(family));
  libc.attachFilter(opened.value, identifierFilter(family, id));
  return opened;
}

/** `struct icmp_filter` or `icmp6_filter`: a bit per message type, set where the type is kept away. */
function onlyReplies(family: Family): Uint8Array {
  const words = new Uint32Array(family === "ipv4" ? 1 : 8).fill(0xffffffff);
  const type = ECHO_REPLY[family];
  words[type >> 5] = (0xffffffff & ~(1 << (type & 31))) >>> 0;
  return new Uint8Array(words.buffer);
}

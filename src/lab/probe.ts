/**
 * The client's watch, a process of its own within the client machine. It pings every address a thousand times a second through the
 * client's own kernel, as any client would, stale ARP entries included, and listens at the network card, where an answer also shows
 * the MAC it came from. A second card that is nobody's asks "who has it?" to find two holders. Findings are JSON lines on standard
 * output; standard input takes `tally` and `stop`, and its end is a stop as well.
 *
 * The loop blocks on purpose: nothing else runs here, and with real-time priority it is on time to some tens of microseconds.
 */
import { readSync, writeSync } from "node:fs";
import { isIPv6 } from "node:net";
import { ipBytes, ipText } from "../io/ip-bytes.js";
import * as libc from "../io/libc.js";
import { Duplicates } from "./duplicates.js";
import { Ledger } from "./ledger.js";
import { now } from "./moment.js";
import { arpRequest, echoRequest, hear, macBytes, neighbourSolicitation } from "./packets.js";
import type { ProbeLine, ProbeSettings } from "./probe-run.js";
import { Sleeper } from "./sleep.js";

const ETH_P_ALL = 3;
const SOL_PACKET = 263;
const PACKET_IGNORE_OUTGOING = 23;
const SO_RCVBUFFORCE = 33;

/** A late wake-up of more than this is noted as the client's own sleep. */
const OVERSLEPT = 1.5;

interface Watched {
  readonly address: string;
  readonly family: 4 | 6;
  readonly to: Uint8Array;
  readonly question: Uint8Array | undefined;
  readonly ledger: Ledger;
  readonly duplicates: Duplicates;
}

function must<T>(result: libc.SystemResult<T>): T {
  if (!result.ok) throw new Error(libc.describeError(result));
  return result.value;
}

function say(line: ProbeLine): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(1, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") process.exit(0);
    }
  }
}

/** A socket that sees every frame that comes in through one card. */
function listenAt(card: string): number {
  const fd = must(libc.socket(libc.AF_PACKET, libc.SOCK_RAW | libc.SOCK_CLOEXEC, 0));
  libc.setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
  if (!libc.setsockopt(fd, libc.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20).ok)
    libc.setsockopt(fd, libc.SOL_SOCKET, libc.SO_RCVBUF, 8 << 20);
  must(libc.bind(fd, packetAddress(must(libc.ifNameToIndex(card)))));
  return fd;
}

/** struct sockaddr_ll for "everything on this card". */
function packetAddress(index: number): Uint8Array {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt16LE(libc.AF_PACKET, 0);
  bytes.writeUInt16BE(ETH_P_ALL, 2);
  bytes.writeInt32LE(index, 4);
  return bytes;
}

/** struct sockaddr_in or sockaddr_in6, without port. */
function socketAddress(address: string): Uint8Array {
  const six = isIPv6(address);
  const bytes = Buffer.alloc(six ? 28 : 16);
  bytes.writeUInt16LE(six ? libc.AF_INET6 : libc.AF_INET, 0);
  bytes.set(ipBytes(six ? "ipv6" : "ipv4", address) ?? [], six ? 8 : 4);
  return bytes;
}

function watch(address: string, settings: ProbeSettings): Watched {
  const family = isIPv6(address) ? 6 : 4;
  const target = ipBytes(family === 6 ? "ipv6" : "ipv4", address);
  if (!target) throw new Error(`${address} is not an address`);
  const watcher = settings.watcher;
  const sender = watcher ? ipBytes("ipv4", watcher.address) : undefined;
  const mac = watcher ? macBytes(watcher.mac) : undefined;
  const question = !mac
    ? undefined
    : family === 6
      ? neighbourSolicitation(mac, target)
      : sender && arpRequest(mac, sender, target);
  return {
    address: ipText(target),
    family,
    to: socketAddress(address),
    question,
    ledger: new Ledger(ipText(target), settings.patience, {
      gap: (gap) => {
        if (gap.length >= settings.threshold) say({ type: "gap", ...gap });
      },
      change: (change) => say({ type: "change", ...change }),
    }),
    duplicates: new Duplicates(ipText(target), (found, over) => say({ type: "twoHolders", over, ...found })),
  };
}

/** Open sockets and the loop's own figures. */
class Probe {
  readonly #settings: ProbeSettings;
  readonly #watched: readonly Watched[];
  readonly #byAddress: ReadonlyMap<string, Watched>;
  readonly #echo: Readonly<Record<4 | 6, number>>;
  readonly #card: number;
  readonly #watcher: number | undefined;
  readonly #sleeper: Sleeper;
  readonly #frame = new Uint8Array(2048);
  readonly #id = process.pid & 0xffff;
  readonly #realtime: boolean;
  readonly #since = now();
  #worst = 0;
  #sleeps = 0;
  #slept = 0;

  constructor(settings: ProbeSettings) {
    this.#settings = settings;
    this.#watched = settings.addresses.map((address) => watch(address, settings));
    this.#byAddress = new Map(this.#watched.map((one) => [one.address, one]));
    const raw = (domain: number, protocol: number) =>
      must(libc.socket(domain, libc.SOCK_RAW | libc.SOCK_CLOEXEC, protocol));
    this.#echo = { 4: raw(libc.AF_INET, libc.IPPROTO_ICMP), 6: this.#openIpv6(raw) };
    this.#card = listenAt(settings.card);
    this.#watcher = settings.watcher && listenAt(settings.watcher.card);
    this.#sleeper = new Sleeper([0, this.#card, ...(this.#watcher === undefined ? [] : [this.#watcher])]);
    this.#realtime = libc.schedSetScheduler(0, libc.SCHED_FIFO, 20).ok;
  }

  #openIpv6(raw: (domain: number, protocol: number) => number): number {
    const wanted = this.#watched.some((one) => one.family === 6);
    return wanted ? raw(libc.AF_INET6, libc.IPPROTO_ICMPV6) : -1;
  }

  /** Runs until it is told to stop. */
  run(): void {
    say({ type: "ready", at: now(), realtime: this.#realtime });
    const { period, arpPeriod } = this.#settings;
    let due = now() + period;
    let question = due;
    for (;;) {
      const [command, ...cards] = this.#sleeper.wait(due - now());
      if (cards[0]) this.#drain(this.#card, false);
      if (cards[1] && this.#watcher !== undefined) this.#drain(this.#watcher, true);
      if (command && !this.#obey()) break;
      const at = now();
      if (at < due) continue;
      this.#noteLateness(due, at);
      this.#ask();
      if (at >= question) {
        this.#askWhoHas();
        question = Math.max(question + arpPeriod, at);
      }
      // Questions missed by oversleeping are not made up for: a burst says nothing about the time it is late for.
      due = at - due > period ? at + period : due + period;
    }
    this.#finish();
  }

  #noteLateness(due: number, at: number): void {
    const late = at - due;
    // Getting up to speed is not held against anybody.
    if (at - this.#since < 300) return;
    this.#worst = Math.max(this.#worst, late);
    if (late < OVERSLEPT) return;
    this.#sleeps += 1;
    this.#slept += late;
    for (const one of this.#watched) one.ledger.overslept(due, at);
  }

  #ask(): void {
    for (const one of this.#watched) {
      const at = now();
      const number = one.ledger.ask(at);
      // An error (no route, no answer to ARP) is an unanswered question, no more.
      libc.sendto(this.#echo[one.family], echoRequest(one.family, this.#id, number), one.to);
      one.ledger.settle(at);
    }
  }

  #askWhoHas(): void {
    if (this.#watcher === undefined) return;
    for (const { question, duplicates } of this.#watched) {
      if (!question) continue;
      duplicates.ask(now());
      libc.send(this.#watcher, question);
    }
  }

  /** Reads all frames that wait at a card. */
  #drain(fd: number, isWatcher: boolean): void {
    for (let i = 0; i < 10_000; i += 1) {
      const result = libc.recv(fd, this.#frame);
      if (!result.ok) return;
      const heard = hear(this.#frame.subarray(0, result.value));
      const one = heard && this.#byAddress.get(ipText(heard.source));
      if (!one) continue;
      if (heard.kind === "echo") {
        if (!isWatcher && heard.id === this.#id) one.ledger.answer(heard.number, heard.mac, now());
      } else if (isWatcher) {
        if (heard.unasked) say({ type: "announcement", address: one.address, mac: heard.mac, at: now() });
        else one.duplicates.claim(heard.mac);
      }
    }
  }

  /** Reads commands; false when it is time to go. */
  #obey(): boolean {
    const buffer = Buffer.alloc(4096);
    let text: string;
    try {
      text = buffer.toString("utf8", 0, readSync(0, buffer));
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "EAGAIN";
    }
    if (text.includes("tally")) this.#sayTally();
    return text !== "" && !text.includes("stop");
  }

  #sayTally(): void {
    for (const one of this.#watched) one.ledger.settle(now());
    const { type, ...figures } = {
      type: "tally" as const,
      worst: this.#worst,
      sleeps: this.#sleeps,
      slept: this.#slept,
    };
    say({
      type,
      at: now(),
      realtime: this.#realtime,
      ...figures,
      addresses: this.#watched.map((one) => one.ledger.tally()),
    });
  }

  #finish(): void {
    for (const one of this.#watched) one.duplicates.finish();
    this.#sayTally();
  }
}

new Probe(JSON.parse(process.argv[2] ?? "{}") as ProbeSettings).run();

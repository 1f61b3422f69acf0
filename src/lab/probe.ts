/**
 * The client's watch, a process of its own within the client machine. A thousand times a second it asks every address twice: through the client's own
 * kernel, as any client would, stale ARP entries included (a ping, or a datagram to the echo service on the nodes, which answers with its
 * node's name); and from a second card that is nobody's, "who has it?", so that everybody who has it answers. At the card an answer also shows
 * the MAC it came from. Findings are JSON lines on standard output; standard input takes `tally` and `stop`, and its end is a stop as well.
 *
 * The loop blocks on purpose: nothing else runs here, and with real-time priority it is on time to some tens of microseconds.
 */
import { readSync, writeSync } from "node:fs";
import { isIPv6 } from "node:net";
import { ipBytes, ipText } from "../io/ip-bytes.js";
import * as libc from "../io/libc.js";
import { Answerers, OPEN_QUESTIONS } from "./answerers.js";
import { Ledger } from "./ledger.js";
import { now } from "./moment.js";
import { arpRequest, echoRequest, hear, macBytes, neighbourSolicitation, udpAnswer, udpQuestion } from "./packets.js";
import type { ProbeLine, ProbeSettings } from "./probe-run.js";
import { listenAt, must, socketAddress } from "./probe-sockets.js";
import { Sleeper } from "./sleep.js";

/** A late wake-up of more than this is noted as the client's own sleep. */
const OVERSLEPT = 1.5;

/** Who answered within so many milliseconds answers now. */
const RECENT = 150;

/** MACs of the watcher's questions, one per open question: an answer says by its receiver which question it is for. */
const ASKERS = Array.from({ length: OPEN_QUESTIONS }, (_, n) => `02:1a:b1:00:00:${n.toString(16).padStart(2, "0")}`);
const QUESTION_OF: ReadonlyMap<string, number> = new Map(ASKERS.map((mac, index) => [mac, index]));

interface Watched {
  readonly address: string;
  readonly family: 4 | 6;
  readonly to: Uint8Array;
  /** One "who has it?" per asker; empty when nobody asks. */
  readonly questions: readonly Uint8Array[];
  /** The socket to the echo service, which hears answers from this address only; undefined when pings are sent. */
  readonly udp: number | undefined;
  readonly ledger: Ledger;
  readonly answerers: Answerers;
  /** The ledger's number of each open question, by the answerers' number. */
  readonly pairs: Int32Array;
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

function watch(address: string, settings: ProbeSettings): Watched {
  const family = isIPv6(address) ? 6 : 4;
  const target = ipBytes(family === 6 ? "ipv6" : "ipv4", address);
  if (!target) throw new Error(`${address} is not an address`);
  const nobody = Uint8Array.of(0, 0, 0, 0);
  const ask = (mac: Uint8Array): Uint8Array =>
    family === 6 ? neighbourSolicitation(mac, target) : arpRequest(mac, nobody, target);
  const { udpPort } = settings;
  return {
    address: ipText(target),
    family,
    to: socketAddress(address),
    questions: settings.watcher ? ASKERS.map((mac) => ask(macBytes(mac))) : [],
    udp: udpPort === undefined || family === 6 ? undefined : openUdp(address, udpPort),
    ledger: new Ledger(ipText(target), settings.patience, {
      gap: (gap) => {
        if (gap.length >= settings.threshold) say({ type: "gap", ...gap });
      },
      change: (change) => say({ type: "change", ...change }),
    }),
    answerers: new Answerers(ipText(target), (found, over) => say({ type: "twoHolders", over, ...found })),
    pairs: new Int32Array(OPEN_QUESTIONS).fill(-1),
  };
}

function openUdp(address: string, port: number): number {
  const fd = must(libc.socket(libc.AF_INET, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0));
  must(libc.connect(fd, socketAddress(address, port)));
  return fd;
}

/** Open sockets and the loop's own figures. */
class Probe {
  readonly #settings: ProbeSettings;
  readonly #watched: readonly Watched[];
  readonly #byAddress: ReadonlyMap<string, Watched>;
  readonly #echo: Readonly<Record<4 | 6, number>>;
  readonly #card: number | undefined;
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
    const pings = this.#watched.some((one) => one.udp === undefined);
    this.#card = pings ? listenAt(settings.card) : undefined;
    this.#watcher = settings.watcher === undefined ? undefined : listenAt(settings.watcher);
    // Pings are timed by their answers, so each one wakes the probe. Datagrams are read when the next question is due: what counts there is when
    // it was asked, and a wake-up for each of four thousand answers a second would take a third of a core from those that are watched.
    const cards = [this.#card, this.#watcher].filter((fd) => fd !== undefined);
    this.#sleeper = new Sleeper(pings ? [0, ...cards] : [0]);
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
      const [command] = this.#sleeper.wait(due - now());
      if (this.#card !== undefined) this.#drain(this.#card, false);
      if (this.#watcher !== undefined) this.#drain(this.#watcher, true);
      for (const one of this.#watched) if (one.udp !== undefined) this.#drainUdp(one, one.udp);
      if (command && !this.#obey()) break;
      const at = now();
      if (at < due) continue;
      this.#noteLateness(due, at);
      const isQuestion = at >= question;
      if (isQuestion) question = Math.max(question + arpPeriod, at);
      for (const one of this.#watched) this.#ask(one, isQuestion);
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

  #ask(one: Watched, whoHas: boolean): void {
    const at = now();
    const number = one.ledger.ask(at);
    const asker = this.#watcher !== undefined && whoHas ? one.answerers.ask(at) : undefined;
    if (asker !== undefined) one.pairs[asker] = number;
    // An error (no route, no answer to ARP, port unreachable) is an unanswered question, no more.
    if (one.udp !== undefined) libc.send(one.udp, udpQuestion(number));
    else libc.sendto(this.#echo[one.family], echoRequest(one.family, this.#id, number), one.to);
    const question = asker === undefined ? undefined : one.questions[asker];
    if (this.#watcher !== undefined && question) libc.send(this.#watcher, question);
    one.ledger.settle(at);
  }

  /** The client's own kernel was answered: that counts for the ledger and, if everybody was asked at the same time, among those answers. */
  #answered(one: Watched, number: number, who: string): void {
    one.ledger.answer(number, who, now());
    const asker = one.pairs.indexOf(number);
    if (asker >= 0) one.answerers.answer(asker, who);
  }

  #drainUdp(one: Watched, fd: number): void {
    for (let i = 0; i < 10_000; i += 1) {
      const result = libc.recv(fd, this.#frame);
      if (!result.ok) return;
      const answer = udpAnswer(this.#frame.subarray(0, result.value));
      if (answer) this.#answered(one, answer.number, answer.name);
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
      const who = this.#settings.names[heard.mac] ?? heard.mac;
      if (heard.kind === "echo") {
        if (!isWatcher && heard.id === this.#id) this.#answered(one, heard.number, who);
      } else if (isWatcher) this.#claimed(one, heard, who);
    }
  }

  #claimed(one: Watched, { unasked, to }: { unasked: boolean; to: string }, who: string): void {
    const question = QUESTION_OF.get(to);
    if (!unasked && question !== undefined) one.answerers.answer(question, who);
    if (!unasked) return;
    const at = now();
    one.answerers.announce(who, at);
    say({ type: "announcement", address: one.address, mac: who, at });
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
      addresses: this.#watched.map((one) => ({ ...one.ledger.tally(), recent: one.answerers.since(now() - RECENT) })),
    });
  }

  #finish(): void {
    for (const one of this.#watched) one.answerers.finish();
    this.#sayTally();
  }
}

new Probe(JSON.parse(process.argv[2] ?? "{}") as ProbeSettings).run();

/**
 * A heartbeat medium over a serial line. A line is slow: 19200 baud carry less than two kilobytes in a second, and the kernel would take
 * twice that and deliver it late. So we keep the pace ourselves: a message is given to the kernel when the one before must have left,
 * what waits meanwhile is bounded (`serial-backlog.ts`), and a line that takes nothing for a while is emptied, so that no old
 * heartbeat arrives when it comes back. The device may be missing at start or go away; it is opened again by itself.
 */
import { type LinkName, linkName } from "../core/names.js";
import type { Duration, Instant } from "../core/time.js";
import type { MediumCounters } from "../ports/medium.js";
import * as libc from "./libc.js";
import { monotonicNow } from "./monotonic.js";
import type { OpenedMedium, SelfHealingMedium } from "./self-healing.js";
import { type Backlog, createBacklog } from "./serial-backlog.js";
import { openSerialPort, type SerialPort, type SerialSettings } from "./serial-port.js";

export interface SerialOptions {
  /** How long a message may wait for its turn; well below deadtime. */
  readonly patience: Duration;
  /** Finds messages in what the line brings; bounded, never throws. */
  readonly messages: { push(bytes: Uint8Array): readonly Uint8Array[] };
  /**
   * For so long after the line was opened nothing is heard: what waited in buffers (of a virtual machine's serial port, of a converter)
   * was said to whoever ran here before, and an original's words of that time cannot be told from those of now.
   */
  readonly deaf: Duration;
  /** No message is longer: the peers would not wait for its end. */
  readonly longest: number;
}

/** Opens the line. */
export function openSerialMedium(settings: SerialSettings, options: SerialOptions): OpenedMedium {
  const medium = new SerialMedium(settings, options);
  const { problem } = medium;
  const started = `glib: Starting serial heartbeat on tty ${settings.device} (${settings.baud} baud)`;
  const failed = `glib: serial: cannot use ${settings.device} yet, will try again: ${problem}`;
  return { medium, problem, lines: [problem === undefined ? started : failed] };
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;
/** Milliseconds between two tries on a line that takes nothing. */
const RETRY = 20;
/** How often, in milliseconds, it is said that a line is too slow. */
const COMPLAINT_INTERVAL = 60_000;
/** A start bit, eight bits, a stop bit. */
const BITS_PER_BYTE = 10;

class SerialMedium implements SelfHealingMedium {
  readonly link: LinkName;
  readonly description: string;
  readonly carries = "stream";
  readonly counters: MediumCounters = { sent: 0, received: 0, sendErrors: 0, lastError: undefined };
  problem: string | undefined;
  reopened = 0;
  readonly #settings: SerialSettings;
  readonly #options: SerialOptions;
  readonly #backlog: Backlog;
  #port: SerialPort | undefined;
  /** What the line has not taken yet of the message that is being sent. */
  #rest: Uint8Array | undefined;
  /** Instant (monotonic) by which everything given to the line has left. */
  #freeAt = 0;
  /** Since when the line takes nothing; `undefined` while it does. */
  #stuckSince: number | undefined;
  #hearsFrom = 0;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #complainedAt = Number.NEGATIVE_INFINITY;
  #heard: (bytes: Uint8Array, at: Instant) => void = () => {};
  #changed: (problem: string | undefined) => void = () => {};

  constructor(settings: SerialSettings, options: SerialOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#backlog = createBacklog((settings.baud / BITS_PER_BYTE) * (options.patience / 1000));
    this.link = linkName(settings.device);
    this.description = `serial ${settings.device}`;
    this.#tryToOpen(FIRST_PAUSE);
  }

  send(bytes: Uint8Array, _isHeard = false, subject?: string): void {
    if (this.#port === undefined) return this.#countFailures(1, this.problem ?? "closed");
    if (bytes.length > this.#options.longest)
      return this.#countFailures(1, `a message of ${bytes.length} bytes is too long for a serial line`);
    const dropped = this.#backlog.add(bytes, subject);
    if (dropped > 0) this.#onTooSlow(dropped);
    if (this.#timer === undefined) this.#work();
  }

  onDatagram(listener: (bytes: Uint8Array, at: Instant) => void): void {
    this.#heard = listener;
  }

  onChange(listener: (problem: string | undefined) => void): void {
    this.#changed = listener;
  }

  /** What still waits is left to the kernel: it may be our farewell. */
  close(): void {
    if (this.#port !== undefined) this.#handOver(this.#port);
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#closePort();
  }

  #handOver(port: SerialPort): void {
    for (let next = this.#rest ?? this.#backlog.next(); next !== undefined; next = this.#backlog.next()) {
      const written = port.write(next);
      if (!written.ok || written.value < next.length) return;
      this.counters.sent++;
    }
  }

  #receive(bytes: Uint8Array): void {
    if (performance.now() < this.#hearsFrom) return;
    for (const message of this.#options.messages.push(bytes)) {
      this.counters.received++;
      this.#heard(message, monotonicNow());
    }
  }

  /** Gives the line what it can take now, and comes back when it can take more. */
  #work(): void {
    this.#timer = undefined;
    while (this.#port !== undefined) {
      const pause = this.#freeAt - monotonicNow();
      // A timer is exact to a millisecond; the line has at least a byte or two in reserve.
      if (pause > 1) return this.#comeBack(pause);
      this.#rest ??= this.#backlog.next();
      if (this.#rest === undefined) return;
      if (!this.#write(this.#port, this.#rest)) return;
    }
  }

  /** @returns whether there may be more to do at once. */
  #write(port: SerialPort, bytes: Uint8Array): boolean {
    const written = port.write(bytes);
    const now = monotonicNow();
    if (!written.ok) {
      this.#startAnew(libc.describeError(written));
      return false;
    }
    if (written.value === 0) return this.#onNothingTaken(now);
    if (this.problem !== undefined) this.#recover();
    this.#stuckSince = undefined;
    this.#freeAt = Math.max(now, this.#freeAt) + (written.value * BITS_PER_BYTE * 1000) / this.#settings.baud;
    const whole = written.value === bytes.length;
    if (whole) this.counters.sent++;
    this.#rest = whole ? undefined : bytes.subarray(written.value);
    return true;
  }

  /** The peer's end is off, or holds the line up: what is on the way would be stale when it goes on. */
  #onNothingTaken(now: number): boolean {
    this.#stuckSince ??= now;
    if (now - this.#stuckSince < this.#options.patience) {
      this.#comeBack(RETRY);
      return false;
    }
    this.#stuckSince = undefined;
    this.#port?.flush();
    this.#countFailures(this.#backlog.clear() + (this.#rest === undefined ? 0 : 1), "the line takes no data");
    this.#rest = undefined;
    this.#lose(`${this.description}: the line takes no data`);
    return false;
  }

  #comeBack(pause: number): void {
    this.#timer = setTimeout(() => this.#work(), pause).unref();
  }

  #countFailures(count: number, why: string): void {
    this.counters.sendErrors += count;
    this.counters.lastError = why;
  }

  #onTooSlow(dropped: number): void {
    const { patience } = this.#options;
    const why = `${this.#settings.baud} baud are too few: what waits for longer than ${Math.round(patience)} ms is dropped`;
    this.#countFailures(dropped, why);
    const now = monotonicNow();
    if (now - this.#complainedAt < COMPLAINT_INTERVAL) return;
    this.#complainedAt = now;
    this.#changed(`${this.description}: ${why}`);
  }

  #startAnew(problem: string): void {
    if (this.#port === undefined) return;
    this.#closePort();
    this.#lose(`${this.description}: ${problem}`);
    if (!this.#closed) this.#tryToOpen(FIRST_PAUSE);
  }

  #lose(problem: string): void {
    if (this.problem === problem) return;
    this.problem = problem;
    this.#changed(problem);
  }

  #recover(): void {
    this.problem = undefined;
    this.reopened++;
    this.#changed(undefined);
  }

  #tryToOpen(pause: number): void {
    const opened = openSerialPort(this.#settings, {
      received: (bytes) => this.#receive(bytes),
      lost: (why) => this.#startAnew(why),
    });
    if (opened.ok) {
      this.#port = opened.value;
      this.#freeAt = 0;
      this.#hearsFrom = performance.now() + this.#options.deaf;
      this.#stuckSince = undefined;
      if (this.problem !== undefined) this.#recover();
      return;
    }
    this.#lose(`${this.description}: ${libc.describeError(opened)}`);
    this.#retry = setTimeout(() => this.#retryOpening(pause), pause).unref();
  }

  #retryOpening(pause: number): void {
    if (!this.#closed) this.#tryToOpen(Math.min(pause * 2, LONGEST_PAUSE));
  }

  #closePort(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#rest = undefined;
    this.#backlog.clear();
    this.#port?.close();
    this.#port = undefined;
  }
}

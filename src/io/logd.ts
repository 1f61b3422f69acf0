/**
 * The logging daemon of cluster-glue, ha_logd: lines go to its socket, and it writes them to files and syslog as logd.cf says. Nobody
 * waits for it: a line that it does not take at once waits in a bounded queue, and what does not fit there goes the way it would
 * have gone without it.
 */
import { littleEndian } from "./byte-order.js";
import * as libc from "./libc.js";
import { type LogEntry, said, severityOf } from "./log-lines.js";
import { unixAddress } from "./socket-address.js";

/** Where ha_logd listens. */
export const logdSocket = "/var/lib/heartbeat/log_daemon";

export interface LogdOptions {
  readonly path: string;
  /** `conn_logd_time`: milliseconds between two attempts to reach it. */
  readonly pause: number;
  /** Our process id, which stands in every line. */
  readonly pid: number;
  /** Called when it was reached and is gone. */
  readonly onLost?: () => void;
}

/** @returns whether anybody listens there now. */
export function reachesLogd(path: string): boolean {
  const fd = connectedTo(path);
  if (fd !== undefined) libc.close(fd);
  return fd !== undefined;
}

export interface Logd {
  /** Hands a line over. @returns false when it must go another way. */
  send(entry: LogEntry, at: Date): boolean;
  close(): void;
}

/** Bytes that may wait for a daemon that is slow to read. */
const mostWaiting = 256 * 1024;
/** A slow reader is offered the rest after this many milliseconds. */
const offerPause = 50;

/** @returns the way to ha_logd; it is tried at once, and every `pause` while it is not there. */
export function openLogd(options: LogdOptions): Logd {
  return new LogdLine(options);
}

class LogdLine implements Logd {
  readonly #options: LogdOptions;
  #fd: number | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reached = false;
  #waiting: Uint8Array = new Uint8Array(0);
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LogdOptions) {
    this.#options = options;
  }

  send(entry: LogEntry, at: Date): boolean {
    this.#connect();
    // A restarted daemon has a new socket behind the old name: the first refusal only says so.
    const taken = this.#put(entry, at) || (this.#fd === undefined && this.#connectNow() && this.#put(entry, at));
    this.#tell(this.#fd !== undefined);
    return taken;
  }

  close(): void {
    if (this.#fd !== undefined) libc.close(this.#fd);
    clearTimeout(this.#timer);
    this.#fd = undefined;
    this.#timer = undefined;
    this.#waiting = new Uint8Array(0);
  }

  #tell(reached: boolean): void {
    const lost = this.#reached && !reached;
    this.#reached = reached;
    if (lost) this.#options.onLost?.();
  }

  #connect(): void {
    if (this.#fd === undefined && performance.now() - this.#triedAt >= this.#options.pause) this.#connectNow();
  }

  #connectNow(): boolean {
    this.#triedAt = performance.now();
    this.#fd = connectedTo(this.#options.path);
    return this.#fd !== undefined;
  }

  #put(entry: LogEntry, at: Date): boolean {
    if (this.#fd === undefined) return false;
    const message = logdMessage(entry, at, this.#options.pid);
    if (this.#waiting.length + message.length > mostWaiting) return false;
    this.#waiting = this.#waiting.length === 0 ? message : Buffer.concat([this.#waiting, message]);
    return this.#offer();
  }

  /** Sends as much of the queue as is taken. @returns false when the daemon is gone, and what waited with it. */
  #offer(): boolean {
    while (this.#fd !== undefined && this.#waiting.length > 0) {
      const sent = libc.send(this.#fd, this.#waiting, libc.MSG_DONTWAIT | libc.MSG_NOSIGNAL);
      if (sent.ok) this.#waiting = this.#waiting.subarray(sent.value);
      else if (sent.name === "EAGAIN") return this.#later();
      else this.close();
    }
    return this.#fd !== undefined;
  }

  #later(): boolean {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#offer();
    }, offerPause);
    this.#timer.unref();
    return true;
  }
}

function connectedTo(path: string): number | undefined {
  const address = unixAddress(path);
  if (address === undefined) return undefined;
  const opened = libc.socket(libc.AF_UNIX, libc.SOCK_STREAM | libc.SOCK_NONBLOCK | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return undefined;
  if (libc.connect(opened.value, address).ok) return opened.value;
  libc.close(opened.value);
  return undefined;
}

const magic = 0xabcd;
const textMessage = 2;
const userFacility = 8;
const entityLength = 64;
const headLength = 8 + 24 + entityLength + 8;

/**
 * One line as ha_logd reads it (seen on the wire of cluster-glue 1.0.12, 64 bit): length and magic, then type, facility,
 * priority, length of the text with its NUL, whether the priority's word is to be put before the text, process id, name of
 * the program in 64 bytes, seconds since 1970 in 8, the text. Numbers are in the machine's own order.
 */
export function logdMessage(entry: LogEntry, at: Date, pid: number): Buffer {
  const text = Buffer.from(`${said(entry)}\0`, "utf8");
  const bytes = Buffer.alloc(headLength + text.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = [bytes.length - 8, magic, textMessage, userFacility, severityOf(entry.level), text.length, 0, pid];
  numbers.forEach((value, index) => {
    view.setUint32(4 * index, value, littleEndian);
  });
  // The last byte of the field stays a NUL.
  bytes.write(entry.program, 32, entityLength - 1, "utf8");
  view.setBigUint64(32 + entityLength, BigInt(Math.floor(at.getTime() / 1000)), littleEndian);
  text.copy(bytes, headLength);
  return bytes;
}

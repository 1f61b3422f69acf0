/**
 * A serial line as file descriptors: raw, eight bits, no parity, one stop bit, no regard for modem signals, as two machines with a null
 * modem cable want it. Nothing here waits: a line that takes no data says `EAGAIN`, and one without carrier is opened all the same.
 */
import { ReadStream } from "node:tty";
import { littleEndian } from "./byte-order.js";
import * as libc from "./libc.js";

/** A line of ha.cf: `serial /dev/ttyS0`, at the speed of the last `baud` before it. */
export interface SerialSettings {
  readonly kind: "serial";
  /** Path of the terminal device. */
  readonly device: string;
  /** Bits per second. */
  readonly baud: number;
}

/** An open line, both ways. */
export interface SerialPort {
  /** Writes as much as the line takes now. @returns how many bytes; 0 when it takes none. */
  write(bytes: Uint8Array): libc.SystemResult;
  /** Forgets what was written and not sent yet. */
  flush(): void;
  close(): void;
}

/** Who is told what the line brings. */
export interface SerialListener {
  received(bytes: Uint8Array): void;
  /** The device is gone or hung up. The port is closed then. */
  lost(why: string): void;
}

const EVERY_WAY = libc.O_RDWR | libc.O_NOCTTY | libc.O_NONBLOCK;

/** Opens the line, sets it up and listens. Never waits. */
export function openSerialPort(settings: SerialSettings, listener: SerialListener): libc.SystemResult<SerialPort> {
  const writing = openSerialOutput(settings);
  if (!writing.ok) return writing;
  const set = setUp(writing.value, settings.baud);
  if (!set.ok) return closing(writing.value, set);
  const reading = libc.open(settings.device, EVERY_WAY);
  if (!reading.ok) return closing(writing.value, reading);
  const input = adopt(reading.value);
  if (input === undefined) {
    libc.close(reading.value);
    return closing(writing.value, libc.systemError("adopting the line", 25 /* ENOTTY */));
  }
  return { ok: true, value: new OpenPort(writing.value, input, listener) };
}

/** Opens the line for writing only and leaves its settings alone: for one who speaks when its owner cannot any more. */
export const openSerialOutput = (settings: SerialSettings): libc.SystemResult => libc.open(settings.device, EVERY_WAY);

function closing<T>(fd: number, error: T): T {
  libc.close(fd);
  return error;
}

class OpenPort implements SerialPort {
  readonly #fd: number;
  readonly #input: ReadStream;
  #closed = false;

  constructor(fd: number, input: ReadStream, listener: SerialListener) {
    this.#fd = fd;
    this.#input = input;
    const lost = (why: string): void => {
      if (this.#closed) return;
      this.close();
      listener.lost(why);
    };
    input.on("data", (bytes: Uint8Array) => this.#closed || listener.received(bytes));
    input.on("error", ({ message }) => lost(message));
    input.on("end", () => lost("the line was hung up"));
  }

  write(bytes: Uint8Array): libc.SystemResult {
    const written = libc.write(this.#fd, bytes);
    return !written.ok && written.name === "EAGAIN" ? { ok: true, value: 0 } : written;
  }

  flush(): void {
    libc.flushOutput(this.#fd);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.destroy();
    libc.close(this.#fd);
  }
}

/**
 * Hands a descriptor to Node's loop, which reads it without waiting and owns it from now on. libuv opens the terminal once more for
 * itself where it can, and then leaves ours to us.
 */
function adopt(fd: number): ReadStream | undefined {
  try {
    const input = new ReadStream(fd);
    const { _handle: handle } = input as unknown as { readonly _handle?: { readonly fd?: number } };
    if (handle?.fd !== undefined && handle.fd !== fd) libc.close(fd);
    return input;
  } catch {
    return undefined;
  }
}

/** Offsets in the C `struct termios` of Linux, and bits of its control and input flags (the same on all machines that libc.ts names). */
const INPUT_FLAGS = 0;
const CONTROL_FLAGS = 8;
const IGNORE_BREAK = 0o1;
const IGNORE_PARITY_ERRORS = 0o4;
const TWO_STOP_BITS = 0o100;
const RECEIVE = 0o200;
const HANG_UP_ON_CLOSE = 0o2000;
const NO_MODEM = 0o4000;
const HARDWARE_FLOW_CONTROL = 0o20000000000;

function setUp(fd: number, baud: number): libc.SystemResult {
  const current = libc.tcgetattr(fd);
  if (!current.ok) return current;
  const settings = current.value;
  libc.cfmakeraw(settings);
  const view = new DataView(settings.buffer);
  const change = (at: number, clear: number, set: number): void =>
    view.setUint32(at, ((view.getUint32(at, littleEndian) & ~clear) | set) >>> 0, littleEndian);
  change(INPUT_FLAGS, 0, IGNORE_BREAK | IGNORE_PARITY_ERRORS);
  // A cable with three wires has no handshake; a line that waited for one would never send.
  change(CONTROL_FLAGS, TWO_STOP_BITS | HANG_UP_ON_CLOSE | HARDWARE_FLOW_CONTROL, RECEIVE | NO_MODEM);
  const speed = libc.cfsetspeed(settings, baud);
  return speed.ok ? libc.tcsetattr(fd, settings) : speed;
}

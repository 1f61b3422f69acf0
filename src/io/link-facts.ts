/**
 * What the kernel knows of an interface, asked in a way that never waits: rtnetlink takes the kernel's routing lock (RTNL) for the same
 * question, and whoever makes or ends a network namespace or a container beside us holds that for tens of milliseconds.
 */
import { littleEndian } from "./byte-order.js";
import * as libc from "./libc.js";

/** One interface. */
export interface Link {
  readonly index: number;
  readonly name: string;
  /** Kind of hardware (`ARPHRD_…`); 1 is Ethernet. */
  readonly hardware: number;
  readonly flags: number;
  /** Six bytes, of which only Ethernet's mean anything to us. */
  readonly mac: Uint8Array;
}

const SIOCGIFNAME = 0x8910;
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFHWADDR = 0x8927;
const SIOCGIFINDEX = 0x8933;
/** `struct ifreq`: the name, then a union of at most 24 bytes. */
const REQUEST_SIZE = 40;
const NAME_SIZE = 16;

export interface LinkFacts {
  /** @returns the interface, by index or name; `ENODEV` when there is none. */
  of(nameOrIndex: string | number): libc.SystemResult<Link>;
  close(): void;
}

/** @returns what can be asked of the interfaces of this network namespace. */
export function openLinkFacts(): libc.SystemResult<LinkFacts> {
  const opened = libc.socket(libc.AF_INET, libc.SOCK_DGRAM | libc.SOCK_CLOEXEC, 0);
  if (!opened.ok) return opened;
  const fd = opened.value;
  return { ok: true, value: { of: (wanted) => factsOf(fd, wanted), close: () => void libc.close(fd) } };
}

function factsOf(fd: number, wanted: string | number): libc.SystemResult<Link> {
  const name = typeof wanted === "string" ? ({ ok: true, value: wanted } as const) : nameOf(fd, wanted);
  if (!name.ok) return name;
  const ask = (request: number): libc.SystemResult<DataView> => asked(fd, request, requestFor(name.value));
  const [index, flags, hardware] = [ask(SIOCGIFINDEX), ask(SIOCGIFFLAGS), ask(SIOCGIFHWADDR)];
  if (!index.ok) return index;
  if (!flags.ok) return flags;
  if (!hardware.ok) return hardware;
  return {
    ok: true,
    value: {
      name: name.value,
      index: index.value.getInt32(NAME_SIZE, littleEndian),
      flags: flags.value.getUint16(NAME_SIZE, littleEndian),
      hardware: hardware.value.getUint16(NAME_SIZE, littleEndian),
      mac: new Uint8Array(hardware.value.buffer, NAME_SIZE + 2, 6),
    },
  };
}

function nameOf(fd: number, index: number): libc.SystemResult<string> {
  const bytes = new Uint8Array(REQUEST_SIZE);
  new DataView(bytes.buffer).setInt32(NAME_SIZE, index, littleEndian);
  const answer = asked(fd, SIOCGIFNAME, bytes);
  if (!answer.ok) return answer;
  return { ok: true, value: Buffer.from(bytes.subarray(0, NAME_SIZE)).toString("latin1").replace(/\0.*$/s, "") };
}

function asked(fd: number, request: number, bytes: Uint8Array): libc.SystemResult<DataView> {
  const outcome = libc.ioctl(fd, request, bytes);
  return outcome.ok ? { ok: true, value: new DataView(bytes.buffer) } : outcome;
}

/** A name that is too long for the kernel is cut, and then is nobody's. */
function requestFor(name: string): Uint8Array {
  const bytes = new Uint8Array(REQUEST_SIZE);
  bytes.set(Buffer.from(name, "latin1").subarray(0, NAME_SIZE - 1));
  return bytes;
}

/**
 * The C library, as much of it as this program needs: sockets that Node cannot make (netlink, packet, raw ICMP, bound to a
 * device), scheduling, locked memory, namespaces. Each call answers with a value; an error is a value too, with its number
 * and its name. Calls run on the thread that calls them and cost about half a microsecond above the system call itself.
 *
 * Nothing here waits: sockets are made non-blocking by whoever opens them, or read with `MSG_DONTWAIT`.
 */
import koffi from "koffi";
import { littleEndian } from "./byte-order.js";

/** What a system call answered. `name` is the symbolic name (`ENODEV`), `message` the C library's words for it. */
export type SystemResult<T = number> = { readonly ok: true; readonly value: T } | SystemError;
export interface SystemError {
  readonly ok: false;
  readonly call: string;
  readonly errno: number;
  readonly name: string;
  readonly message: string;
}

const library = koffi.load(null);

const c = {
  socket: library.func("int socket(int domain, int type, int protocol)"),
  close: library.func("int close(int fd)"),
  bind: library.func("int bind(int fd, const void *address, uint32_t length)"),
  connect: library.func("int connect(int fd, const void *address, uint32_t length)"),
  setsockopt: library.func("int setsockopt(int fd, int level, int option, const void *value, uint32_t length)"),
  getsockopt: library.func("int getsockopt(int fd, int level, int option, void *value, void *length)"),
  getsockname: library.func("int getsockname(int fd, void *address, void *length)"),
  send: library.func("intptr_t send(int fd, const void *bytes, size_t length, int flags)"),
  sendto: library.func(
    "intptr_t sendto(int fd, const void *bytes, size_t length, int flags, const void *to, uint32_t to_length)",
  ),
  recvfrom: library.func(
    "intptr_t recvfrom(int fd, void *into, size_t length, int flags, void *from, void *from_length)",
  ),
  ioctl: library.func("int ioctl(int fd, unsigned long request, void *argument)"),
  if_nametoindex: library.func("unsigned int if_nametoindex(const char *name)"),
  open: library.func("int open(const char *path, int flags, unsigned int mode)"),
  mkfifo: library.func("int mkfifo(const char *path, unsigned int mode)"),
  write: library.func("intptr_t write(int fd, const void *bytes, size_t length)"),
  tcgetattr: library.func("int tcgetattr(int fd, void *settings)"),
  tcsetattr: library.func("int tcsetattr(int fd, int when, const void *settings)"),
  tcflush: library.func("int tcflush(int fd, int which)"),
  cfmakeraw: library.func("void cfmakeraw(void *settings)"),
  cfsetspeed: library.func("int cfsetspeed(void *settings, unsigned int speed)"),
  sched_setscheduler: library.func("int sched_setscheduler(int pid, int policy, const void *parameters)"),
  sched_getscheduler: library.func("int sched_getscheduler(int pid)"),
  sched_getparam: library.func("int sched_getparam(int pid, void *parameters)"),
  mlockall: library.func("int mlockall(int flags)"),
  munlockall: library.func("int munlockall()"),
  mlock2: library.func("int mlock2(uintptr_t address, size_t length, unsigned int flags)"),
  getpid: library.func("int getpid()"),
  getppid: library.func("int getppid()"),
  setsid: library.func("int setsid()"),
  kill: library.func("int kill(int pid, int signal)"),
  prctl: library.func("int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d)"),
  unshare: library.func("int unshare(int flags)"),
  setns: library.func("int setns(int fd, int kind)"),
  sethostname: library.func("int sethostname(const char *name, size_t length)"),
  flock: library.func("int flock(int fd, int operation)"),
  mount: library.func(
    "int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)",
  ),
  umount2: library.func("int umount2(const char *target, int flags)"),
  strerror: library.func("const char *strerror(int errno)"),
  prlimit: library.func("int prlimit(int pid, int resource, const void *wanted, void *former)"),
  malloc: library.func("uintptr_t malloc(size_t size)"),
  memset: library.func("uintptr_t memset(uintptr_t address, int byte, size_t size)"),
  free: library.func("void free(uintptr_t address)"),
};

/** Number to name; where two names share a number (`EAGAIN`, `EWOULDBLOCK`) the first of the C library's list is taken. */
const nameOfErrno = new Map<number, string>();
for (const [name, number] of Object.entries(koffi.os.errno))
  if (!nameOfErrno.has(number)) nameOfErrno.set(number, name);

/** @returns the error of number `errno` as a value, for the call named `call`. */
export function systemError(call: string, errno: number): SystemError {
  const name = nameOfErrno.get(errno) ?? `E${errno}`;
  return { ok: false, call, errno, name, message: c.strerror(errno) as string };
}

/** @returns a success if `answer` is not negative, else the error that `errno` names. Must follow the call at once. */
function resultOf(call: string, answer: number): SystemResult {
  return answer >= 0 ? { ok: true, value: answer } : systemError(call, koffi.errno());
}

/** @returns a sentence for people: `bind: Address already in use (EADDRINUSE)`. */
export const describeError = (error: SystemError): string => `${error.call}: ${error.message} (${error.name})`;

export const socket = (domain: number, type: number, protocol: number): SystemResult =>
  resultOf("socket", c.socket(domain, type, protocol));
export const close = (fd: number): SystemResult => resultOf("close", c.close(fd));
export const bind = (fd: number, address: Uint8Array): SystemResult =>
  resultOf("bind", c.bind(fd, address, address.length));
export const connect = (fd: number, address: Uint8Array): SystemResult =>
  resultOf("connect", c.connect(fd, address, address.length));

/** Sets a socket option; a number becomes a C `int`, a text is passed as bytes with its final NUL. */
export function setsockopt(
  fd: number,
  level: number,
  option: number,
  value: number | string | Uint8Array,
): SystemResult {
  const bytes = optionBytes(value);
  return resultOf("setsockopt", c.setsockopt(fd, level, option, bytes, bytes.length));
}

function optionBytes(value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "string") return Buffer.from(`${value}\0`, "latin1");
  if (typeof value !== "number") return value;
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, littleEndian);
  return bytes;
}

/** Reads a socket option into a new array of at most `size` bytes. */
export function getsockopt(fd: number, level: number, option: number, size: number): SystemResult<Uint8Array> {
  const value = new Uint8Array(size);
  const length = new Uint32Array([size]);
  const result = resultOf("getsockopt", c.getsockopt(fd, level, option, value, length));
  return result.ok ? { ok: true, value: value.subarray(0, length[0]) } : result;
}

/** @returns the local address of a socket, as a C `sockaddr`. */
export function getsockname(fd: number): SystemResult<Uint8Array> {
  const address = new Uint8Array(128);
  const length = new Uint32Array([address.length]);
  const result = resultOf("getsockname", c.getsockname(fd, address, length));
  return result.ok ? { ok: true, value: address.subarray(0, length[0]) } : result;
}

export const send = (fd: number, bytes: Uint8Array, flags = MSG_DONTWAIT): SystemResult =>
  resultOf("send", c.send(fd, bytes, bytes.length, flags));
export const sendto = (fd: number, bytes: Uint8Array, to: Uint8Array, flags = MSG_DONTWAIT): SystemResult =>
  resultOf("sendto", c.sendto(fd, bytes, bytes.length, flags, to, to.length));

/**
 * As `send`, on a thread of Node's pool: for calls that may wait for a lock in the kernel. The bytes must not be changed before `done` is
 * called, on the loop's own thread. Errors have no number here: what matters is in the answer.
 */
export function sendElsewhere(fd: number, bytes: Uint8Array, done: (ok: boolean) => void): void {
  c.send.async(fd, bytes, bytes.length, 0, (error: unknown, sent: number) =>
    done(!error && Number(sent) === bytes.length),
  );
}

/** Has Node start the threads of its pool now, so that they can be given a priority. */
export const startThreads = (): void => c.getpid.async(() => {});

/** Reads one datagram into `into`. @returns how many bytes it had; `EAGAIN` when there is none. */
export const recv = (fd: number, into: Uint8Array, flags = MSG_DONTWAIT): SystemResult =>
  resultOf("recv", c.recvfrom(fd, into, into.length, flags, null, null));

/** As `recv`, and writes the sender's `sockaddr` into `from` (at least 28 bytes for IPv6, 20 for a packet socket). */
export const recvfrom = (fd: number, into: Uint8Array, from: Uint8Array, flags = MSG_DONTWAIT): SystemResult =>
  resultOf("recvfrom", c.recvfrom(fd, into, into.length, flags, from, new Uint32Array([from.length])));

/** Lets only packets through to the socket that the classic BPF program (8 bytes per instruction) returns a length for. */
export function attachFilter(fd: number, program: Uint8Array): SystemResult {
  const pointer = new Uint8Array(new BigUint64Array([koffi.address(program)]).buffer);
  const count = new Uint8Array(new Uint16Array([program.length / 8]).buffer);
  const size = koffi.sizeof("void *");
  const description = new Uint8Array(2 * size);
  description.set(count);
  description.set(pointer.subarray(littleEndian ? 0 : 8 - size).subarray(0, size), size);
  return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, description);
}

/** Makes a FIFO; the umask counts. */
export const makeFifo = (path: string, mode: number): SystemResult => resultOf("mkfifo", c.mkfifo(path, mode));

/** @returns the index of the interface called `name`; `ENODEV` when there is none. */
export function ifNameToIndex(name: string): SystemResult {
  const index = c.if_nametoindex(name) as number;
  return index > 0 ? { ok: true, value: index } : systemError("if_nametoindex", koffi.errno());
}

/** A device request whose argument is a structure that the kernel reads and writes. */
export const ioctl = (fd: number, request: number, argument: Uint8Array): SystemResult =>
  resultOf("ioctl", c.ioctl(fd, request, argument));

/** Opens a file without blocking the loop on a FIFO; always close-on-exec. */
export const open = (path: string, flags: number, mode = 0): SystemResult =>
  resultOf("open", c.open(path, flags | O_CLOEXEC, mode));

/** Writes what there is room for; `EAGAIN` when there is none and the file was opened with `O_NONBLOCK`. */
export const write = (fd: number, bytes: Uint8Array): SystemResult =>
  resultOf("write", c.write(fd, bytes, bytes.length));

/** Reads the settings of a terminal (a C `struct termios`, and room behind it); `ENOTTY` when it is none. */
export function tcgetattr(fd: number): SystemResult<Uint8Array> {
  const settings = new Uint8Array(128);
  const result = resultOf("tcgetattr", c.tcgetattr(fd, settings));
  return result.ok ? { ok: true, value: settings } : result;
}
/** Sets the terminal's settings at once, without waiting for what is still to be sent. */
export const tcsetattr = (fd: number, settings: Uint8Array): SystemResult =>
  resultOf("tcsetattr", c.tcsetattr(fd, TCSANOW, settings));
/** Forgets what was written and not sent yet. */
export const flushOutput = (fd: number): SystemResult => resultOf("tcflush", c.tcflush(fd, TCOFLUSH));
/** Changes the settings in place: bytes pass as they are, both ways. */
export const cfmakeraw = (settings: Uint8Array): void => void c.cfmakeraw(settings);
/** Changes the speed in place, in bits per second; `EINVAL` for a speed that no line has. */
export const cfsetspeed = (settings: Uint8Array, speed: number): SystemResult =>
  resultOf("cfsetspeed", c.cfsetspeed(settings, speed));

/** Sets policy and priority of one thread (`tid` 0: the calling one). */
export const schedSetScheduler = (tid: number, policy: number, priority: number): SystemResult =>
  resultOf("sched_setscheduler", c.sched_setscheduler(tid, policy, new Int32Array([priority])));
export const schedGetScheduler = (tid: number): SystemResult =>
  resultOf("sched_getscheduler", c.sched_getscheduler(tid));
export function schedGetPriority(tid: number): SystemResult {
  const parameters = new Int32Array(1);
  const result = resultOf("sched_getparam", c.sched_getparam(tid, parameters));
  return result.ok ? { ok: true, value: parameters[0] ?? 0 } : result;
}

/** Locks the pages of an address range; with `MLOCK_ONFAULT` each from its first use on. */
export const mlock = (address: number, length: number, flags = 0): SystemResult =>
  resultOf("mlock2", c.mlock2(address, length, flags));
/** Not for this process: V8 ends it when it gives back a page that is locked (see realtime.ts). */
export const mlockall = (flags: number): SystemResult => resultOf("mlockall", c.mlockall(flags));
export const munlockall = (): SystemResult => resultOf("munlockall", c.munlockall());
export const getpid = (): number => c.getpid();
export const getppid = (): number => c.getppid();
export const setsid = (): SystemResult => resultOf("setsid", c.setsid());
export const kill = (pid: number, signal: number): SystemResult => resultOf("kill", c.kill(pid, signal));
export const prctl = (option: number, a = 0, b = 0, d = 0, e = 0): SystemResult =>
  resultOf("prctl", c.prctl(option, a, b, d, e));

/** Moves the calling thread (not the process) into new namespaces; its later children and sockets are born there. */
export const unshare = (flags: number): SystemResult => resultOf("unshare", c.unshare(flags));
/** Moves the calling thread into the namespace that `fd` (an open `/proc/<pid>/ns/…`) stands for. */
export const setns = (fd: number, kind = 0): SystemResult => resultOf("setns", c.setns(fd, kind));
export const sethostname = (name: string): SystemResult =>
  resultOf("sethostname", c.sethostname(name, Buffer.byteLength(name)));
export const flock = (fd: number, operation: number): SystemResult => resultOf("flock", c.flock(fd, operation));
export const mount = (source: string, target: string, type: string | null, flags = 0, data: string | null = null) =>
  resultOf("mount", c.mount(source, target, type, flags, data));
export const umount = (target: string, flags = 0): SystemResult => resultOf("umount2", c.umount2(target, flags));

// Constants of Linux, the same on x86-64, arm64, arm and riscv64 (only mips, sparc and parisc differ).
const RLIMIT_CORE = 4;

/** Bytes; all ones: no limit. */
export interface Limit {
  readonly soft: bigint;
  readonly hard: bigint;
}

export function getCoreLimit(): SystemResult<Limit> {
  const words = new BigUint64Array(2);
  const result = resultOf("prlimit", c.prlimit(0, RLIMIT_CORE, null, words));
  return result.ok ? { ok: true, value: { soft: words[0] ?? 0n, hard: words[1] ?? 0n } } : result;
}

export const setCoreLimit = ({ soft, hard }: Limit): SystemResult =>
  resultOf("prlimit", c.prlimit(0, RLIMIT_CORE, BigUint64Array.of(soft, hard), null));

const M_TRIM_THRESHOLD = -1;

/** The C heap no longer gives freed memory back to the kernel. @returns false where the C library has no such switch. */
export function keepFreedMemory(): boolean {
  try {
    return library.func("int mallopt(int what, int value)")(M_TRIM_THRESHOLD, 2 ** 31 - 1) === 1;
  } catch {
    return false;
  }
}

/** @returns the address of a new block of the C heap, every byte of it written; `undefined` when there is no more memory. */
export function touchedBlock(size: number): bigint | undefined {
  const address = BigInt(c.malloc(size));
  if (address !== 0n) c.memset(address, 1, size);
  return address === 0n ? undefined : address;
}

export const freeBlock = (address: bigint): void => void c.free(address);

export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_IPV6 = 41;
export const IPPROTO_ICMPV6 = 58;
export const IPPROTO_RAW = 255;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
export const SO_BROADCAST = 6;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_PRIORITY = 12;
export const SO_REUSEPORT = 15;
export const SO_PEERCRED = 17;
export const SO_BINDTODEVICE = 25;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVTIMEO = 20;
export const SO_MARK = 36;
export const IP_TOS = 1;
export const IP_MULTICAST_IF = 32;
export const IP_MULTICAST_TTL = 33;
export const IP_MULTICAST_LOOP = 34;
export const IP_ADD_MEMBERSHIP = 35;
export const IPV6_MULTICAST_IF = 17;
export const IPV6_MULTICAST_HOPS = 18;
export const IPV6_MULTICAST_LOOP = 19;
export const IPV6_ADD_MEMBERSHIP = 20;
export const IPV6_V6ONLY = 26;
export const IPV6_TCLASS = 67;
export const MSG_DONTWAIT = 0x40;
export const MSG_CONFIRM = 0x800;
export const MSG_NOSIGNAL = 0x4000;
export const O_RDONLY = 0;
export const O_WRONLY = 1;
export const O_RDWR = 2;
export const O_NOCTTY = 0o400;
export const O_NONBLOCK = 0o4000;
export const TCSANOW = 0;
export const TCOFLUSH = 1;
export const O_CLOEXEC = 0o2000000;
export const SCHED_OTHER = 0;
export const SCHED_FIFO = 1;
export const SCHED_RR = 2;
export const SCHED_RESET_ON_FORK = 0x40000000;
export const MLOCK_ONFAULT = 1;
export const MCL_CURRENT = 1;
export const MCL_FUTURE = 2;
export const MCL_ONFAULT = 4;
export const PR_SET_PDEATHSIG = 1;
export const PR_SET_NAME = 15;
export const CLONE_NEWNS = 0x00020000;
export const CLONE_NEWUTS = 0x04000000;
export const CLONE_NEWIPC = 0x08000000;
export const CLONE_NEWNET = 0x40000000;
export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;
export const LOCK_UN = 8;

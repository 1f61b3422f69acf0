/**
 * Network namespaces for tests with the real kernel. `unshare` and `setns` move only the calling thread, which is the one
 * that runs JavaScript: its sockets, its `/proc/sys/net` and its child processes are then in the namespace, and they stay
 * there when the thread goes elsewhere. Everything ends with the process; nothing on the host changes.
 */
import { execFileSync } from "node:child_process";
import * as libc from "../../src/io/libc.js";

export interface Namespace {
  readonly name: string;
  /** Runs `work` (synchronous) inside; where the caller was before, it is again afterwards. */
  inside<T>(work: () => T): T;
  /** Goes inside and stays, timers and all. @returns the way back. */
  enter(): () => void;
  /** Runs `ip` with these words inside. @returns its output. */
  ip(words: string): string;
  /** Path by which `ip link set … netns` finds it. */
  readonly path: string;
}

/** @returns why tests in namespaces cannot run here, `undefined` when they can. The reason is what a skipped test prints. */
export function reasonToSkip(): string | undefined {
  if (process.getuid?.() !== 0)
    return "SKIPPED: needs root for network namespaces; run as root or in a privileged container";
  const made = createNamespace("probe");
  return typeof made === "string" ? `SKIPPED: ${made}` : undefined;
}

/** @returns a new, empty namespace with `lo` up, or why there is none. */
export function createNamespace(name: string): Namespace | string {
  const home = openOwn();
  const made = libc.unshare(libc.CLONE_NEWNET);
  if (!made.ok) return libc.describeError(made);
  const fd = openOwn();
  enter(home);
  const enterHere = (): (() => void) => {
    const before = openOwn();
    enter(fd);
    return () => {
      enter(before);
      libc.close(before);
    };
  };
  const inside = <T>(work: () => T): T => {
    const leave = enterHere();
    try {
      return work();
    } finally {
      leave();
    }
  };
  const ip = (words: string): string => inside(() => run("ip", words.split(" ")));
  libc.close(home);
  ip("link set lo up");
  return { name, inside, enter: enterHere, ip, path: `/proc/${process.pid}/fd/${fd}` };
}

/** As `createNamespace`, for tests that have asked `reasonToSkip` before. */
export function namespace(name: string): Namespace {
  const made = createNamespace(name);
  if (typeof made === "string") throw new Error(made);
  return made;
}

/** Joins two namespaces by a virtual cable; both ends up, named as given. */
export function cable(a: Namespace, aDevice: string, b: Namespace, bDevice: string): void {
  a.ip(`link add ${aDevice} type veth peer name ${bDevice} netns ${b.path}`);
  a.ip(`link set ${aDevice} up`);
  b.ip(`link set ${bDevice} up`);
}

/** Waits until `condition` holds, at most `limit` milliseconds. @returns whether it came true. */
export async function until(condition: () => boolean, limit = 2_000): Promise<boolean> {
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}

function openOwn(): number {
  const fd = libc.open("/proc/self/ns/net", libc.O_RDONLY);
  if (!fd.ok) throw new Error(libc.describeError(fd));
  return fd.value;
}

function enter(fd: number): void {
  const entered = libc.setns(fd);
  if (!entered.ok) throw new Error(libc.describeError(entered));
}

const run = (command: string, words: readonly string[]): string =>
  execFileSync(command, words, { encoding: "utf8", timeout: 10_000, stdio: ["ignore", "pipe", "pipe"] });

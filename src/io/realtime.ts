/**
 * Being on time on a busy machine: a real-time priority, so that no ordinary process delays a beat, and locked memory, so
 * that no beat waits for a page from the disk. Both are wishes: what could not be had is said, and the daemon goes on.
 *
 * All threads get the priority, the helpers of the garbage collector too: the main thread waits for them at times, and would
 * wait behind every ordinary process if they were ordinary. Children and threads born later start with the ordinary policy
 * (SCHED_RESET_ON_FORK), so no resource script runs with real-time priority.
 *
 * Memory: `mlockall` is deadly here. V8 gives pages of its heap back with madvise(MADV_DONTNEED), the kernel refuses that
 * for locked pages (EINVAL), and V8 ends the process for it (Node 20: "Check failed: 0 == ret", within seconds under load).
 * So what is locked is what comes from files, the code above all: those pages are the first that a machine short of memory
 * drops, and reading them back waits for the disk. Code is locked whole, the rest of the files as it is touched. The heap
 * cannot be locked; it leaves memory only where there is swap, which the outcome says (the cure: MemorySwapMax=0 in the unit).
 * Without CAP_IPC_LOCK nothing is locked: the limit for ordinary processes is smaller than the code.
 */
import { readdirSync, readFileSync } from "node:fs";
import * as libc from "./libc.js";

export type SchedulingOutcome =
  | { readonly kind: "realtime"; readonly priority: number; readonly threads: number }
  | { readonly kind: "refused"; readonly why: string };
/** `heapMaySwap`: the machine has swap space, so the heap may still be written there. */
export type MemoryOutcome =
  | { readonly kind: "locked"; readonly kib: number; readonly heapMaySwap: boolean }
  | { readonly kind: "refused"; readonly why: string };

/**
 * What `node` is started with where it becomes real-time. V8's collector of C++ objects sweeps with the help of other threads, and its
 * share on the main thread asks for its next turn at once, again and again, until they are done. At an equal SCHED_FIFO priority they never
 * are where every core has such a main thread: two daemons on two cores kept both at 95 % for half a minute, and everybody else out.
 */
export const realtimeOptions = ["--single-threaded-gc"] as const;

const CAP_IPC_LOCK = 14n;

/** Gives every thread of this process SCHED_FIFO with `priority` (1 to 99); may be called again. Needs CAP_SYS_NICE. */
export function becomeRealtime(priority: number): SchedulingOutcome {
  const policy = libc.SCHED_FIFO | libc.SCHED_RESET_ON_FORK;
  let threads = 0;
  for (const tid of threadsOf()) {
    const result = libc.schedSetScheduler(tid, policy, priority);
    // A thread may end between being listed and being asked.
    if (!result.ok && result.name !== "ESRCH") return { kind: "refused", why: libc.describeError(result) };
    threads += result.ok ? 1 : 0;
  }
  return { kind: "realtime", priority, threads };
}

/** Keeps the program's code and its other files in memory. Needs CAP_IPC_LOCK. May be called again (libraries loaded since). */
export function lockMemory(): MemoryOutcome {
  if (!hasCapability(CAP_IPC_LOCK)) return { kind: "refused", why: "needs the capability CAP_IPC_LOCK" };
  let kib = 0;
  for (const { start, length, executable } of fileMappings(readText("/proc/self/maps"))) {
    const result = libc.mlock(start, length, executable ? 0 : libc.MLOCK_ONFAULT);
    if (!result.ok) return { kind: "refused", why: libc.describeError(result) };
    kib += length / 1024;
  }
  // The first line of /proc/swaps is a heading.
  return { kind: "locked", kib, heapMaySwap: readText("/proc/swaps").trim().split("\n").length > 1 };
}

interface Mapping {
  readonly start: number;
  readonly length: number;
  readonly executable: boolean;
}

/** @returns those of the mappings in the text of `/proc/<pid>/maps` that come from a file, the C heap and the main stack. */
export function fileMappings(maps: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  for (const line of maps.split("\n")) {
    const [, from = "", to = "", rights = "", origin = ""] =
      /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ +(\/.*|\[heap\]|\[stack\])$/.exec(line) ?? [];
    if (origin === "" || !rights.startsWith("r")) continue;
    const start = Number.parseInt(from, 16);
    mappings.push({ start, length: Number.parseInt(to, 16) - start, executable: rights.includes("x") });
  }
  return mappings;
}

/** Sets what `ps` shows. The text is cut to the room that the command line had when the process started. */
export function setProcessTitle(title: string): void {
  process.title = title;
}

function threadsOf(): readonly number[] {
  try {
    return readdirSync("/proc/self/task").map(Number);
  } catch {
    return [0];
  }
}

function hasCapability(capability: bigint): boolean {
  const [, mask] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText("/proc/self/status")) ?? [];
  return mask !== undefined && ((BigInt(`0x${mask}`) >> capability) & 1n) === 1n;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

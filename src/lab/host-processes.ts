/**
 * A machine's processes, seen from outside: by the numbers that they have here, so that a signal reaches all of them within microseconds and without
 * a further process.
 */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { kill } from "./container.js";
import { type Moment, now } from "./moment.js";

/** A process, numbered as this process sees it. */
export interface HostProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Everything that runs on the machine whose first process this is, without (or with) what the lab has put there: its parent is outside. */
export function processesOf(first: number, withLab = false): readonly HostProcess[] {
  const home = pidNamespace(first);
  const all = numbersOfProcesses()
    .filter((pid) => pid !== first && pidNamespace(pid) === home)
    .flatMap(describe);
  const inside = new Set([first, ...all.map((one) => one.pid)]);
  return all.filter(
    (one) => (withLab || inside.has(one.parent)) && !(one.parent === first && one.command === "sleep infinity"),
  );
}

/** Sends a signal to all of them, one right after the other. Returns the instant after the last. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): Moment {
  for (const pid of pids) kill(pid, signal);
  return now();
}

/**
 * Gives processes the larger part of a machine that others use as well. The kernel shares time among sessions first (autogroups), so that `nice` means
 * nothing between them; where it does not, this does nothing.
 */
export function hasten(pids: readonly number[]): void {
  for (const pid of pids)
    try {
      writeFileSync(`/proc/${pid}/autogroup`, "-20");
    } catch {
      // No autogroups here, or the process has ended.
    }
}

/**
 * The same for everything on the machines whose first processes these are; cheap enough for several times a second.
 * @param strangers keeps, from call to call, who has been seen to run elsewhere: nobody moves from one machine to another.
 */
export function hastenAllOn(firsts: readonly number[], strangers: Set<number>): void {
  const homes = new Set(firsts.map(pidNamespace));
  const all = numbersOfProcesses();
  const others = all.filter((pid) => strangers.has(pid) || !homes.has(pidNamespace(pid)));
  strangers.clear();
  for (const pid of others) strangers.add(pid);
  // Those at home again and again: a process that begins a session of its own begins with an ordinary share.
  hasten(all.filter((pid) => !strangers.has(pid)));
}

const numbersOfProcesses = (): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Empty for a process that is gone. */
function pidNamespace(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return "";
  }
}

/** A zombie has no command line any more and is none. */
function describe(pid: number): readonly HostProcess[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    return command === "" ? [] : [{ pid, parent, command }];
  } catch {
    return [];
  }
}

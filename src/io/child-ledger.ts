import { readFileSync, writeFileSync } from "node:fs";
import { parseObject } from "./json-lines.js";

/**
 * Which processes a runner has started and not yet seen end, kept in a file. When the runner itself is killed, its
 * successor reads the list and ends what was left: a start script that nobody watches any more must not finish after
 * the stop that followed it. A number alone may by now belong to a stranger; so the start time of the process counts too.
 */
export interface ChildLedger {
  add(pid: number): void;
  remove(pid: number): void;
  /** Ends the process groups that a former runner left. @returns their numbers. */
  sweep(): readonly number[];
}

export function childLedger(path: string): ChildLedger {
  const children = new Map<number, string>();
  const save = (): void => {
    try {
      writeFileSync(path, `${JSON.stringify(Object.fromEntries(children))}\n`, { mode: 0o600 });
    } catch {
      // Without its directory (or with a full disk) the ledger is of no use, and no reason to refuse work.
    }
  };
  return {
    add(pid) {
      const born = birthOf(pid);
      if (born === undefined) return;
      children.set(pid, born);
      save();
    },
    remove(pid) {
      if (children.delete(pid)) save();
    },
    sweep() {
      const left = [...remembered(path)].filter(([pid, born]) => birthOf(pid) === born).map(([pid]) => pid);
      for (const pid of left) killGroup(pid, "SIGKILL");
      save();
      return left;
    },
  };
}

function remembered(path: string): Map<number, string> {
  try {
    const entries = Object.entries(parseObject(readFileSync(path, "utf8")) ?? {});
    return new Map(entries.map(([pid, born]) => [Number(pid), String(born)]));
  } catch {
    return new Map();
  }
}

/** @returns when the process was started (ticks since boot), or `undefined` when there is none: field 22 of its stat file. */
export function birthOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses and may itself contain blanks and parentheses.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Sends a signal to a process group. @returns false when there is none any more. */
export function killGroup(leader: number, signal: NodeJS.Signals): boolean {
  // 0 and 1 would mean our own group and everybody.
  if (leader <= 1) return false;
  try {
    process.kill(-leader, signal);
    return true;
  } catch {
    return false;
  }
}

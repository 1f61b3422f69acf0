/** What the daemon and its disk process tell each other: JSON lines on a pair of sockets. */
import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { type Duration, milliseconds } from "../core/time.js";

/** The descriptor of the disk process at which the daemon is. */
export const diskDescriptor = 3;
/** No line is longer (150 groups need about 15 KB). */
export const longestDiskLine = 256 * 1024;

export interface DiskSettings {
  /** A block device, or a file on storage that all nodes share. */
  readonly path: string;
  readonly node: NodeName;
  readonly leaseTime: Duration;
  /** Held while the process lives: a second one on this machine must not write as this node. */
  readonly lock: string;
  /** SCHED_FIFO priority; `undefined`: an ordinary process. */
  readonly priority: number | undefined;
}

export type DiskOrder =
  | { readonly type: "settings"; readonly settings: DiskSettings }
  | { readonly type: "claim"; readonly request: number; readonly groups: readonly GroupId[] }
  | { readonly type: "release"; readonly groups: readonly GroupId[] };

export type DiskNews =
  | {
      readonly type: "answer";
      readonly request: number;
      readonly verdicts: readonly (readonly [GroupId, LeaseVerdict])[];
    }
  | { readonly type: "poisoned"; readonly by: string }
  /** Why the disk is of no use just now; empty: it is. */
  | { readonly type: "trouble"; readonly why: string };

type Value = Readonly<Record<string, unknown>>;

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");

/** @returns the order that the object is, if it is one. */
export function diskOrder(value: Value): DiskOrder | undefined {
  const { type, request, groups, settings } = value;
  if (type === "settings" && typeof settings === "object" && settings !== null)
    return { type, settings: settings as DiskSettings };
  if (!isTexts(groups)) return undefined;
  if (type === "claim" && typeof request === "number") return { type, request, groups };
  return type === "release" ? { type, groups } : undefined;
}

/** @returns the news that the object is, if it is any. */
export function diskNews(value: Value): DiskNews | undefined {
  const { type, request, verdicts, by, why } = value;
  if (type === "poisoned" && typeof by === "string") return { type, by };
  if (type === "trouble" && typeof why === "string") return { type, why };
  if (type !== "answer" || typeof request !== "number" || !Array.isArray(verdicts)) return undefined;
  const read: (readonly [GroupId, LeaseVerdict])[] = [];
  for (const [group, given] of verdicts as readonly (readonly [unknown, unknown])[]) {
    const verdict = verdictOf(given as Value);
    if (typeof group === "string" && verdict !== undefined) read.push([group, verdict]);
  }
  return { type, request, verdicts: read };
}

function verdictOf({ kind, by, freeIn, why }: Value): LeaseVerdict | undefined {
  if (kind === "granted") return { kind };
  if (kind === "refused") return { kind, why: String(why) };
  if (kind !== "held" || typeof freeIn !== "number") return undefined;
  return { kind, by: String(by) as NodeName, freeIn: milliseconds(freeIn) };
}

/**
 * The disk process of a daemon (`io/disk-arbiter.ts` starts it): performs what `disklease/leasing.ts` asks for. It may hang with its disk, and it
 * may be killed at any moment; what it decides by is on the disk.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { readBoard } from "../disklease/board.js";
import type { LeaseEvent, LeaseRequest, LeaseState } from "../disklease/lease-state.js";
import { nextDeadline, startLeasing, stepLeasing } from "../disklease/leasing.js";
import { type DirectFile, openDirect } from "../io/direct-file.js";
import {
  type DiskNews,
  type DiskSettings,
  diskDescriptor,
  diskOrder,
  longestDiskLine,
} from "../io/disk-lease-protocol.js";
import { readObjects, writeObject } from "../io/json-lines.js";
import { monotonicNow } from "../io/monotonic.js";
import { becomeRealtime, lockMemory, setProcessTitle } from "../io/realtime.js";
import { lockForLife } from "./lock.js";

/** Between two attempts to open the disk, or to get the lock from a process that ends; in milliseconds. */
const openAgain = 1_000;
const lockAgain = 20;

setProcessTitle("heartbeat: disk lease");
const pipe = new Socket({ fd: diskDescriptor, readable: true, writable: true });
pipe.on("error", () => {});
// Without the daemon nothing is to be held. Leases that last run out.
pipe.once("close", () => process.exit(0));
for (const harmless of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const) process.on(harmless, () => {});
const tell = (news: DiskNews): void => void writeObject(pipe, news, longestDiskLine);

/** The machine's boot, 16 hexadecimal digits. */
const bootOf = (): string =>
  readFileSync("/proc/sys/kernel/random/boot_id", "latin1").replaceAll("-", "").trim().slice(0, 16);

class DiskProcess {
  #state: LeaseState;
  readonly #settings: DiskSettings;
  #file: DirectFile | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: DiskSettings) {
    this.#settings = settings;
    const { node, leaseTime } = settings;
    const own = { node, leaseTime, boot: bootOf(), incarnation: randomBytes(6).readUIntBE(0, 6) };
    this.#state = startLeasing(own, randomBytes(4).readUInt32BE(), monotonicNow());
  }

  /** Everything that happens comes in here. */
  step(event: WithoutTime<LeaseEvent>): void {
    const [state, requests] = stepLeasing(this.#state, {
      ...event,
      at: monotonicNow(),
      wall: Date.now(),
    } as LeaseEvent);
    this.#state = state;
    for (const request of requests) this.#perform(request);
    clearTimeout(this.#timer);
    const deadline = nextDeadline(this.#state);
    if (deadline === undefined) return;
    const wait = Math.max(0, deadline - monotonicNow());
    this.#timer = setTimeout(() => this.step({ type: "deadlineReached" }), wait);
  }

  #perform(request: LeaseRequest): void {
    switch (request.type) {
      case "access":
        return void this.#access(request);
      case "answer":
        return tell({ type: "answer", request: request.request, verdicts: [...request.verdicts] });
      case "poisoned":
        return tell({ type: "poisoned", by: request.by });
      case "trouble":
        return tell({ type: "trouble", why: request.why });
    }
  }

  async #access({ write, length }: LeaseRequest & { type: "access" }): Promise<void> {
    let hung = false;
    const watch = setTimeout(() => {
      hung = true;
      tell({ type: "trouble", why: "it does not answer" });
    }, this.#settings.leaseTime / 2);
    try {
      this.#file ??= await openDirect(this.#settings.path);
      if (write !== undefined) await this.#file.write(write.offset, write.bytes);
      const board = readBoard(await this.#file.read(0, length));
      if (hung) tell({ type: "trouble", why: "" });
      this.step({ type: "accessed", board });
    } catch (error) {
      await this.#file?.close().catch(() => {});
      this.#file = undefined;
      this.step({ type: "accessFailed", why: error instanceof Error ? error.message : String(error) });
    } finally {
      clearTimeout(watch);
    }
  }
}

type WithoutTime<T> = T extends unknown ? Omit<T, "at" | "wall"> : never;

/** One process writes as this node. A former one may still wait for the end of an access. */
async function alone(lock: string): Promise<void> {
  for (let round = 0; !lockForLife(lock); round++) {
    if (round === openAgain / lockAgain)
      tell({ type: "trouble", why: "a former disk process of this node has not ended yet; the disk may hang" });
    await sleep(lockAgain);
  }
}

let running: DiskProcess | undefined;
readObjects(pipe, longestDiskLine, (value) => {
  const order = diskOrder(value);
  if (order?.type === "settings") void start(order.settings);
  // What is claimed before the lock is ours is lost: that is silence.
  else if (order?.type === "claim") running?.step({ type: "claimed", request: order.request, groups: order.groups });
  else if (order?.type === "release") running?.step({ type: "gaveBack", groups: order.groups });
});

/** On time from the first access on: also the wait for the lock would take long on a busy machine. */
async function hurry(priority: number): Promise<void> {
  // The pool's thread exists from its first work on, and gets the priority only if it exists.
  await openDirect("/dev/null", { readOnly: true }).catch(() => {});
  becomeRealtime(priority);
  lockMemory();
}

async function start(settings: DiskSettings): Promise<void> {
  if (settings.priority !== undefined) await hurry(settings.priority);
  await alone(settings.lock);
  running = new DiskProcess(settings);
  running.step({ type: "deadlineReached" });
}

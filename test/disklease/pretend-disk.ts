/**
 * A disk of bytes and the processes that use it, in a pretend time. Writes reach the disk in pieces of 512 bytes, readings take it in pieces, and
 * between any two pieces anything may happen: other nodes' accesses, hours, a crash.
 */
import { nodeName } from "../../src/core/names.js";
import { draw } from "../../src/core/random.js";
import type { GroupId } from "../../src/core/report.js";
import { instant, milliseconds } from "../../src/core/time.js";
import { newArea, readBoard } from "../../src/disklease/board.js";
import type { SectorWrite } from "../../src/disklease/cell.js";
import { AREA } from "../../src/disklease/layout.js";
import type { LeaseEvent, LeaseRequest, LeaseState } from "../../src/disklease/lease-state.js";
import { nextDeadline, startLeasing, stepLeasing } from "../../src/disklease/leasing.js";
import type { GroupRecord } from "../../src/disklease/records.js";

export const area = "00112233445566778899aabbccddeeff";
export const piece = 512;

export function makeDisk(nodes: readonly string[], groups: readonly GroupRecord[] = [], forced = false): Uint8Array {
  const disk = new Uint8Array(AREA);
  const header = { nodes: nodes.map(nodeName), forced, madeBy: "test", madeAt: 0 };
  for (const { offset, bytes } of newArea(area, header, groups)) disk.set(bytes, offset);
  return disk;
}

export class Luck {
  #seed: number;
  constructor(seed: number) {
    this.#seed = seed;
  }
  /** A number from 0 to below `n`. */
  below(n: number): number {
    const [luck, seed] = draw(this.#seed);
    this.#seed = seed;
    return luck * n;
  }
  whole(n: number): number {
    return Math.floor(this.below(n));
  }
  chance(p: number): boolean {
    return this.below(1) < p;
  }
}

interface Access {
  readonly write: SectorWrite | undefined;
  written: number;
  readonly image: Uint8Array;
  read: number;
}

/** One node's disk process. Its clock differs from everybody else's. */
export class PretendProcess {
  state: LeaseState;
  access: Access | undefined;
  readonly #offset: number;
  readonly #disk: Uint8Array;
  readonly #hear: (request: Exclude<LeaseRequest, { type: "access" }>) => void;
  accesses = 0;

  constructor(
    disk: Uint8Array,
    { node, lease, now, offset, seed }: { node: string; lease: number; now: number; offset: number; seed: number },
    hear: (request: Exclude<LeaseRequest, { type: "access" }>) => void,
  ) {
    this.#disk = disk;
    this.#offset = offset;
    this.#hear = hear;
    const settings = {
      ...{ node: nodeName(node), leaseTime: milliseconds(lease), boot: "00000000000000b0", incarnation: seed + 1 },
    };
    this.state = startLeasing(settings, seed, instant(now + offset));
  }

  step(now: number, event: Omit<LeaseEvent, "at" | "wall"> & Record<string, unknown>): void {
    const at = { at: instant(now + this.#offset), wall: now + 1_000_000 };
    const [state, requests] = stepLeasing(this.state, { ...event, ...at } as LeaseEvent);
    this.state = state;
    for (const request of requests)
      if (request.type === "access") {
        if (this.access !== undefined) throw new Error("a second access while one is under way");
        this.accesses++;
        this.access = { write: request.write, written: 0, image: new Uint8Array(request.length), read: 0 };
      } else this.#hear(request);
  }

  claim(now: number, request: number, groups: readonly GroupId[]): void {
    this.step(now, { type: "claimed", request, groups });
  }
  giveBack(now: number, groups: readonly GroupId[]): void {
    this.step(now, { type: "gaveBack", groups });
  }

  /** When it wants to be woken, in the world's time. */
  get deadline(): number {
    const at = nextDeadline(this.state);
    return at === undefined ? Number.POSITIVE_INFINITY : at - this.#offset;
  }

  /** Goes on with the access by so many bytes of it. */
  move(now: number, bytes: number): void {
    const { access } = this;
    if (access === undefined) return;
    const { write, image } = access;
    if (write !== undefined && access.written < write.bytes.length) {
      const end = Math.min(write.bytes.length, access.written + Math.max(piece, bytes - (bytes % piece)));
      this.#disk.set(write.bytes.subarray(access.written, end), write.offset + access.written);
      access.written = end;
      return;
    }
    const end = Math.min(image.length, access.read + bytes);
    image.set(this.#disk.subarray(access.read, end), access.read);
    access.read = end;
    if (end < image.length) return;
    this.access = undefined;
    this.step(now, { type: "accessed", board: readBoard(image) });
  }

  /** The access ends at once. */
  finish(now: number): void {
    while (this.access !== undefined) this.move(now, AREA);
  }

  fail(now: number): void {
    if (this.access === undefined) return;
    this.access = undefined;
    this.step(now, { type: "accessFailed", why: "EIO" });
  }
}

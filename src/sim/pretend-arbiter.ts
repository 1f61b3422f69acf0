import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { milliseconds } from "../core/time.js";
import type { Arbiter } from "../ports/arbiter.js";
import type { Luck } from "./luck.js";
import type { Schedule } from "./schedule.js";
import { Tally } from "./tally.js";

/** How one node reaches the arbiter. `deaf`: what it asks arrives, what is answered does not. */
export type Reach = "reached" | "deaf" | "cut";

/** Milliseconds, drawn anew for every message. */
export interface Delay {
  readonly least: number;
  readonly most: number;
}

export interface PretendArbiterSettings {
  readonly schedule: Schedule;
  readonly luck: Luck;
  /** The lease time of all nodes, in milliseconds. */
  readonly lease: number;
  /** How fast the arbiter's own clock runs. */
  readonly rate?: number;
  /** After a loss of memory it believes who says that he still holds (a witness does, a disk has nothing to believe). */
  readonly believes?: boolean;
  readonly tally?: Tally;
}

interface Lease {
  readonly by: NodeName;
  /** In the time of the world. */
  readonly until: number;
}

/** What one end says. The arbiter takes them in their order and lets those fall that come too late. */
interface Call {
  readonly from: PretendEnd;
  readonly number: number;
  readonly groups: readonly GroupId[];
  /** Those of them that the caller still has a lease of, by its own count. */
  readonly held: ReadonlySet<GroupId>;
  readonly kind: "claim" | "release";
}

/** The outside of a pretend cluster that gives leases, on the schedule of the world; its faults are switched by the simulator. */
export class PretendArbiter {
  readonly lease: number;
  /** The arbiter's machine is off: nothing arrives, its memory stays. */
  down = false;
  /** Those that are missing here are reached. */
  readonly reach = new Map<NodeName, Reach>();
  /** Nodes whose disk gives errors: what they ask is refused. */
  readonly failing = new Set<NodeName>();
  /** Its answers take up to this much longer, in milliseconds. */
  slowness = 0;
  /** On the way to the arbiter, and back; by node, for those that differ from `usual`. */
  readonly delays = new Map<NodeName, { readonly there: Delay; readonly back: Delay }>();
  readonly schedule: Schedule;
  readonly #luck: Luck;
  readonly #duration: number;
  readonly #believes: boolean;
  readonly #tally: Tally;
  readonly #leases = new Map<GroupId, Lease>();
  readonly #ends = new Set<PretendEnd>();
  readonly #newest = new Map<PretendEnd, number>();
  /** When an answer was given last that has reached this end. */
  readonly #stamped = new Map<PretendEnd, number>();
  #quietUntil = 0;

  constructor({ schedule, luck, lease, rate = 1, believes = true, tally = new Tally() }: PretendArbiterSettings) {
    this.#tally = tally;
    this.schedule = schedule;
    this.lease = lease;
    this.#luck = luck;
    this.#duration = lease / rate;
    this.#believes = believes;
  }

  /** The daemon of a node begins to use it; a new end for every incarnation. */
  end(node: NodeName, surroundings: EndSurroundings = standingAlone(this.schedule)): PretendEnd {
    const end = new PretendEnd(this, node, surroundings);
    this.#ends.add(end);
    return end;
  }

  /** Everything works again; its memory is what it is. */
  heal(): void {
    this.down = false;
    this.slowness = 0;
    this.reach.clear();
    this.delays.clear();
    this.failing.clear();
  }

  /** Whether every node gets its answers, and soon. */
  get isWell(): boolean {
    const isReached = [...this.reach.values()].every((reach) => reach === "reached");
    return !this.down && isReached && this.failing.size === 0 && this.slowness === 0;
  }

  /** Its process starts anew, with nothing in its memory. */
  loseMemory(): void {
    this.#tally.note("arbiter lost its memory");
    this.#leases.clear();
    this.#newest.clear();
    this.#quietUntil = this.schedule.now + this.#duration;
  }

  /** Somebody asks the machine of this node to reset itself; the way is not the network's, so no cut keeps it. */
  poison(node: NodeName, by: string): void {
    for (const end of this.#ends) if (end.node === node) end.drink(by);
  }

  /** Who has the lease of a group now. For the checkers. */
  holder(group: GroupId): NodeName | undefined {
    return this.#lasting(group)?.by;
  }

  forget(end: PretendEnd): void {
    this.#ends.delete(end);
    this.#newest.delete(end);
    this.#stamped.delete(end);
  }

  /** Something was said; it arrives later, if at all. */
  take(call: Call, answer: (verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void): void {
    const { node } = call.from;
    this.schedule.in(this.#draw(this.delays.get(node)?.there), () => {
      if (this.down) return this.#tally.note("arbiter down");
      if (this.reach.get(node) === "cut") return this.#tally.note("arbiter out of reach");
      if (!this.#isNewest(call)) return;
      const isDeaf = this.reach.get(node) === "deaf";
      if (isDeaf && !this.#isProven(call.from)) return this.#tally.note("arbiter's answer lost");
      if (!isDeaf) this.#stamped.set(call.from, this.schedule.now);
      const isFailing = this.failing.has(node);
      if (isFailing) this.#tally.note("arbiter's disk failed");
      if (isFailing && call.kind === "release") return;
      if (call.kind === "release") return this.#release(call);
      const judge = (group: GroupId): LeaseVerdict =>
        isFailing ? inputOutputError : this.#judge(group, node, call.held.has(group));
      const verdicts = new Map(call.groups.map((group) => [group, judge(group)]));
      if (isDeaf) return this.#tally.note("arbiter's answer lost");
      this.schedule.in(this.#draw(this.delays.get(node)?.back) + this.#drawSlowness(), () => answer(verdicts));
    });
  }

  /** A claim shows the stamp of an answer; an old one proves nothing (ADR 15). */
  #isProven(end: PretendEnd): boolean {
    return this.schedule.now - (this.#stamped.get(end) ?? Number.NEGATIVE_INFINITY) < this.#duration;
  }

  #isNewest({ from, number }: Call): boolean {
    if (number <= (this.#newest.get(from) ?? 0)) return false;
    this.#newest.set(from, number);
    return true;
  }

  #release({ from, groups }: Call): void {
    for (const group of groups) if (this.#leases.get(group)?.by === from.node) this.#leases.delete(group);
  }

  #judge(group: GroupId, node: NodeName, isHeld: boolean): LeaseVerdict {
    const { now } = this.schedule;
    const lasting = this.#lasting(group);
    if (lasting !== undefined && lasting.by !== node) this.#tally.note("lease held by another");
    if (lasting !== undefined && lasting.by !== node)
      return { kind: "held", by: lasting.by, freeIn: milliseconds(lasting.until - now) };
    const isQuiet = now < this.#quietUntil && lasting === undefined;
    if (isQuiet && !(this.#believes && isHeld)) return { kind: "refused", why: "the arbiter has just started" };
    this.#leases.set(group, { by: node, until: now + this.#duration });
    this.#tally.note("lease granted");
    return { kind: "granted" };
  }

  #lasting(group: GroupId): Lease | undefined {
    const lease = this.#leases.get(group);
    return lease !== undefined && this.schedule.now < lease.until ? lease : undefined;
  }

  #drawSlowness(): number {
    if (this.slowness === 0) return 0;
    this.#tally.note("arbiter slow");
    return this.#luck.between(0, this.slowness);
  }

  #draw(delay: Delay = usual): number {
    return this.#luck.between(delay.least, delay.most);
  }
}

const inputOutputError: LeaseVerdict = { kind: "refused", why: "input/output error" };

/** A local network. */
const usual: Delay = { least: 0.1, most: 0.6 };

/** What an end needs of its node. */
export interface EndSurroundings {
  /** The node's own clock, in milliseconds. */
  readonly now: () => number;
  /** Runs the action as soon as the daemon can take notice. */
  readonly whenAwake: (action: () => void) => void;
}

const standingAlone = (schedule: Schedule): EndSurroundings => ({
  now: () => schedule.now,
  whenAwake: (action) => action(),
});

/** The arbiter as one daemon sees it. */
export class PretendEnd implements Arbiter {
  readonly text = "pretend arbiter";
  readonly node: NodeName;
  readonly #arbiter: PretendArbiter;
  readonly #surroundings: EndSurroundings;
  /** Until when, by the node's own clock, it has each lease. */
  readonly #held = new Map<GroupId, number>();
  /** Claims without an answer: their groups without those that were released since. */
  readonly #waiting = new Map<number, { readonly groups: Set<GroupId>; readonly at: number }>();
  #calls = 0;
  #closed = false;
  #answered: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void = () => {};
  #poisoned: (by: string) => void = () => {};

  constructor(arbiter: PretendArbiter, node: NodeName, surroundings: EndSurroundings) {
    this.#arbiter = arbiter;
    this.node = node;
    this.#surroundings = surroundings;
  }

  claim(request: number, groups: readonly GroupId[]): void {
    if (this.#closed) return;
    const at = this.#surroundings.now();
    this.#forgetOld(at);
    this.#waiting.set(request, { groups: new Set(groups), at });
    this.#arbiter.take(this.#call("claim", groups, at), (verdicts) =>
      this.#surroundings.whenAwake(() => this.#answer(request, verdicts)),
    );
  }

  release(groups: readonly GroupId[]): void {
    if (this.#closed) return;
    for (const group of groups) this.#held.delete(group);
    for (const waiting of this.#waiting.values()) for (const group of groups) waiting.groups.delete(group);
    this.#arbiter.take(this.#call("release", groups, this.#surroundings.now()), () => {});
  }

  onAnswer(listener: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void): void {
    this.#answered = listener;
  }

  onPoison(listener: (by: string) => void): void {
    this.#poisoned = listener;
  }

  /** The pill: taken even by a daemon whose links are all cut. */
  drink(by: string): void {
    this.#surroundings.whenAwake(() => {
      if (!this.#closed) this.#poisoned(by);
    });
  }

  close(): void {
    this.#closed = true;
    this.#arbiter.forget(this);
  }

  #call(kind: Call["kind"], groups: readonly GroupId[], at: number): Call {
    const held = new Set(groups.filter((group) => at < (this.#held.get(group) ?? 0)));
    return { from: this, number: ++this.#calls, groups, held, kind };
  }

  #answer(request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>): void {
    const waiting = this.#waiting.get(request);
    if (waiting === undefined || this.#closed) return;
    this.#waiting.delete(request);
    const wanted = new Map([...verdicts].filter(([group]) => waiting.groups.has(group)));
    for (const [group, { kind }] of wanted) {
      if (kind === "granted")
        this.#held.set(group, Math.max(waiting.at + this.#arbiter.lease, this.#held.get(group) ?? 0));
    }
    this.#answered(request, wanted);
  }

  /** What was not answered in many leases never will be. */
  #forgetOld(now: number): void {
    for (const [request, { at }] of this.#waiting)
      if (now - at > 100 * this.#arbiter.lease) this.#waiting.delete(request);
  }
}

/**
 * A node's side of the talk with its witness, without the socket: which calls wait for a reply, which stamp is the newest, and which
 * leases the node has by its own count.
 */
import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import { after, between, type Duration, type Instant, times } from "../core/time.js";
import {
  type Call,
  decodeReply,
  encodeCall,
  LONGEST_NAME,
  MOST_GROUPS,
  type Reply,
  replyKeyOf,
  type Stamp,
} from "./datagram.js";
import type { Seals } from "./seal.js";

export interface CallerSettings {
  readonly cluster: string;
  readonly node: NodeName;
  readonly lease: Duration;
  readonly seals: Seals;
  /** 16 random bytes, one character each; never the same for two callers. */
  readonly session: string;
  /** Sends a datagram to the witness; what becomes of it is not asked. */
  readonly transmit: (datagram: Uint8Array) => void;
}

export type Verdicts = ReadonlyMap<GroupId, LeaseVerdict>;

/** One claim as it was made, over all the datagrams that it fills. */
interface Claim {
  readonly request: number;
  readonly at: Instant;
  readonly verdicts: Map<GroupId, LeaseVerdict>;
  unanswered: number;
}

/** A datagram that waits for its reply. */
interface Part {
  readonly kind: Call["kind"];
  readonly groups: readonly GroupId[];
  /** Groups of the whole call for which the opposite was not said since; no others are said anew, or heard about. */
  readonly wanted: Set<GroupId>;
  readonly claim: Claim | undefined;
  /** How often it was said anew, because the stamp was too old. */
  readonly repeated: number;
}

/** Parts without a reply that are remembered; the oldest is forgotten first. */
const mostParts = 256;
/** A stamp that has just come is fresh; if it is not, the witness is too far away for so short a lease. */
const mostRepetitions = 3;
/** A holder's own count ends this share of the lease earlier than that of the witness, whose clock may run faster. */
const caution = 0.999;

export class Caller {
  /** Datagrams that were no reply to a call that waits: forged, repeated, too late. */
  ignored = 0;
  readonly #settings: CallerSettings;
  readonly #parts = new Map<number, Part>();
  readonly #heldUntil = new Map<GroupId, Instant>();
  #number = 0;
  #stamp: Stamp | undefined;

  /** @throws RangeError when a name does not fit into a datagram. */
  constructor(settings: CallerSettings) {
    for (const name of [settings.cluster, settings.node])
      if (name.length < 1 || name.length > LONGEST_NAME)
        throw new RangeError(`"${name}" is too long for a witness, which takes ${LONGEST_NAME} characters`);
    this.#settings = settings;
  }

  claim(request: number, groups: readonly GroupId[], at: Instant): void {
    this.#takeBack("release", groups);
    const parts = partsOf(groups);
    const wanted = new Set(groups);
    const claim: Claim = { request, at, verdicts: new Map(), unanswered: parts.length };
    for (const part of parts) this.#say({ kind: "claim", groups: part, wanted, claim, repeated: 0 }, at);
  }

  /** Said twice, as nothing is answered: a lost datagram would keep the others waiting for a whole lease. */
  release(groups: readonly GroupId[], at: Instant): void {
    this.#takeBack("claim", groups);
    for (const group of groups) this.#heldUntil.delete(group);
    if (groups.length === 0) return;
    const wanted = new Set(groups);
    for (const part of [...partsOf(groups), ...partsOf(groups)])
      this.#say({ kind: "release", groups: part, wanted, claim: undefined, repeated: 0 }, at);
  }

  /** What is still under way of this kind does not count for these groups any more. */
  #takeBack(kind: Call["kind"], groups: readonly GroupId[]): void {
    for (const part of this.#parts.values())
      if (part.kind === kind) for (const group of groups) part.wanted.delete(group);
  }

  /** Something arrived. @returns a claim that is answered with it. Never throws. */
  hear(datagram: Uint8Array, at: Instant): { readonly request: number; readonly verdicts: Verdicts } | undefined {
    const reply = this.#replyIn(datagram);
    const part = reply === undefined ? undefined : this.#parts.get(reply.number);
    if (reply === undefined || part === undefined) {
      this.ignored++;
      return undefined;
    }
    this.#parts.delete(reply.number);
    this.#remember(reply.stamp);
    if (reply.verdicts !== undefined) return this.#collect(part, reply.verdicts);
    this.#sayAnew(part, at);
    return undefined;
  }

  #replyIn(datagram: Uint8Array): Reply | undefined {
    const seal = this.#settings.seals.byIndex.get(replyKeyOf(datagram) ?? -1);
    const reply = seal?.isWhole(datagram) ? decodeReply(datagram) : undefined;
    return reply?.session === this.#settings.session ? reply : undefined;
  }

  #remember(stamp: Stamp): void {
    if (stamp.session !== this.#stamp?.session || stamp.micros > this.#stamp.micros) this.#stamp = stamp;
  }

  #sayAnew(part: Part, at: Instant): void {
    const groups = part.groups.filter((group) => part.wanted.has(group));
    const isNeedless = part.kind === "release" && groups.length === 0;
    if (part.repeated < mostRepetitions && !isNeedless) this.#say({ ...part, groups, repeated: part.repeated + 1 }, at);
  }

  #say(part: Part, at: Instant): void {
    const { cluster, node, lease, session, seals, transmit } = this.#settings;
    const number = ++this.#number;
    this.#parts.set(number, part);
    const oldest = this.#parts.size > mostParts ? this.#parts.keys().next().value : undefined;
    if (oldest !== undefined) this.#parts.delete(oldest);
    const groups = part.groups.map((id) => ({ id, isHeld: at < (this.#heldUntil.get(id) ?? at) }));
    const call = { kind: part.kind, cluster, node, session, number, stamp: this.#stamp, lease, groups };
    transmit(seals.sending.close(encodeCall(call, seals.sending.index)));
  }

  /** @returns the whole answer with its last part. */
  #collect({ claim, groups, wanted }: Part, verdicts: readonly LeaseVerdict[]): ReturnType<Caller["hear"]> {
    if (claim === undefined || verdicts.length !== groups.length) return undefined;
    for (const [i, group] of groups.entries()) {
      const verdict = verdicts[i];
      if (verdict !== undefined) claim.verdicts.set(group, verdict);
    }
    claim.unanswered -= 1;
    if (claim.unanswered > 0) return undefined;
    const left = new Map([...claim.verdicts].filter(([group]) => wanted.has(group)));
    this.#count(left, claim.at);
    return { request: claim.request, verdicts: left };
  }

  /** Until when what was granted is held. */
  #count(left: Verdicts, claimedAt: Instant): void {
    const until = after(claimedAt, times(this.#settings.lease, caution));
    for (const [group, { kind }] of left) {
      const known = this.#heldUntil.get(group);
      if (kind === "granted" && (known === undefined || between(known, until) > 0)) this.#heldUntil.set(group, until);
    }
  }
}

/** A call of no group has one part too. */
function partsOf(groups: readonly GroupId[]): readonly (readonly GroupId[])[] {
  const count = Math.max(1, Math.ceil(groups.length / MOST_GROUPS));
  return Array.from({ length: count }, (_, i) => groups.slice(i * MOST_GROUPS, (i + 1) * MOST_GROUPS));
}

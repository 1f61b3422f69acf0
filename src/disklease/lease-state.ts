/** The state of a node's disk process, the events that reach it and the requests it makes. `leasing.ts` has the steps. */
import type { LeaseVerdict } from "../core/lease.js";
import type { NodeName } from "../core/names.js";
import type { GroupId } from "../core/report.js";
import type { Duration, Instant } from "../core/time.js";
import type { Board } from "./board.js";
import type { AreaId, SectorWrite } from "./cell.js";
import type { NodeRecord } from "./records.js";
import type { Sighting } from "./sighting.js";

export interface LeaseSettings {
  readonly node: NodeName;
  readonly leaseTime: Duration;
  /** 16 hexadecimal digits that stand for this boot of the machine. */
  readonly boot: string;
  /** A random number below 2^48. */
  readonly incarnation: number;
}

/**
 * What is under way for one group. `looking` waits for the end of a reading, `waiting` for its time; the others for the end of a write and the
 * reading after it.
 */
export type Stage =
  | { readonly kind: "looking" }
  | { readonly kind: "renewing" }
  | { readonly kind: "promising"; readonly ballot: number }
  | { readonly kind: "accepting"; readonly ballot: number; readonly value: number }
  | { readonly kind: "waiting"; readonly until: Instant };

export interface Contest {
  readonly stage: Stage;
  /** Ballots that were lost to a larger one. */
  readonly lost: number;
  /** The claims that wait for this; those that came after its first write began, and so need another one. */
  readonly claims: readonly number[];
  readonly later: readonly number[];
}

/** A claim that is not answered yet. */
export interface Claim {
  readonly groups: readonly GroupId[];
  readonly verdicts: ReadonlyMap<GroupId, LeaseVerdict>;
}

/** This node's place on the disk. */
export interface Membership {
  readonly area: AreaId;
  readonly me: number;
  readonly nodes: readonly NodeName[];
  /** What this node wrote last, or is to write next when `changed`. */
  readonly sequence: number;
  readonly record: NodeRecord;
  readonly changed: boolean;
  readonly writtenAt: Instant;
  /** Whether this incarnation has written: from then on nobody else may. */
  readonly wrote: boolean;
}

/** Not on the disk. `mark`: the own record as it was seen, since when: another machine may be writing it. */
export interface Absence {
  readonly why: string;
  readonly mark: { readonly text: string; readonly since: Instant } | undefined;
  /** Somebody else wrote this node's record: it must be still for a lease time before this node writes again. */
  readonly wary: boolean;
}

export interface LeaseState {
  readonly settings: LeaseSettings;
  readonly seed: number;
  readonly membership: Membership | undefined;
  readonly absence: Absence;
  /** All nodes' records as of the last reading, with this node's own as it is now. */
  readonly records: ReadonlyMap<number, NodeRecord>;
  /** Why no ballot can be held: a record that cannot be read, a contradiction. */
  readonly unsound: string | undefined;
  /** A record could not be read. A reading that was slow enough to overlap with several writes finds both copies torn; so it is read again. */
  readonly suspect: boolean;
  readonly sightings: ReadonlyMap<GroupId, Sighting>;
  readonly releasedTerms: ReadonlyMap<GroupId, number>;
  /** The area replaced another one whose leases may still last: groups that were never held are free from this instant on. */
  readonly freshFrom: { readonly area: AreaId; readonly at: Instant } | undefined;
  readonly contests: ReadonlyMap<GroupId, Contest>;
  readonly claims: ReadonlyMap<number, Claim>;
  /** Claims of no group: they ask whether the disk can be reached, and the end of the next access answers. */
  readonly calls: readonly number[];
  /** What the daemon gave back and has not claimed since. */
  readonly givenBack: ReadonlySet<GroupId>;
  readonly poison: string | undefined;
  readonly busy: boolean;
  readonly seenAt: Instant;
  readonly lookAt: Instant;
  readonly groupsAt: Instant;
}

/** Instants are those of the machine's monotonic clock; `wall` is wall time in milliseconds, for people. */
export type LeaseEvent = { readonly at: Instant; readonly wall: number } & (
  | { readonly type: "claimed"; readonly request: number; readonly groups: readonly GroupId[] }
  | { readonly type: "gaveBack"; readonly groups: readonly GroupId[] }
  /** The write (if there was one) and then the reading have ended. `board`: `undefined` if there is no area. */
  | { readonly type: "accessed"; readonly board: Board | undefined }
  | { readonly type: "accessFailed"; readonly why: string }
  | { readonly type: "deadlineReached" }
);

export type LeaseRequest =
  /** First write, then read so many bytes from the start. One at a time: the next one comes only after this one's end was told. */
  | { readonly type: "access"; readonly write: SectorWrite | undefined; readonly length: number }
  | { readonly type: "answer"; readonly request: number; readonly verdicts: ReadonlyMap<GroupId, LeaseVerdict> }
  | { readonly type: "poisoned"; readonly by: string }
  /** The state of the disk changed, for people; empty: all is well again. */
  | { readonly type: "trouble"; readonly why: string };

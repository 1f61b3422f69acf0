import type { Sent } from "./confirmation.js";
import type { Share } from "./event.js";
import type { Fencing } from "./fencing.js";
import type { Group } from "./group.js";
import type { History } from "./history.js";
import type { Lease, Leasing } from "./lease.js";
import type { Liveness } from "./liveness.js";
import type { Generation, GroupName, NodeName, OperationId } from "./names.js";
import type { Peer } from "./peer.js";
import type { Restoring } from "./power-supplies.js";
import type { GiveUp } from "./reach.js";
import type { GroupId } from "./report.js";
import type { Settings } from "./settings.js";
import type { Instant } from "./time.js";

/** Everything a node knows and intends. A value: `step` makes the next one and leaves this one as it was. */
export interface NodeState {
  readonly settings: Settings;
  readonly identity: Identity;
  /** Seed of the next draw. */
  readonly seed: number;
  readonly startedAt: Instant;
  readonly phase: NodePhase;
  /** Nonce of this session; drawn anew when we may have been taken for dead. */
  readonly nonce: string;
  readonly nextBeat: Instant;
  /** When we asked to be woken; coming later than a keepalive means that we slept. */
  readonly dueAt: Instant;
  /** When the last turn was: since then, at most, nothing has run here. */
  readonly ranAt: Instant;
  readonly outbox: Outbox;
  readonly peers: ReadonlyMap<NodeName, Peer>;
  readonly pings: ReadonlyMap<NodeName, Liveness>;
  /** Since when some ping node has answered without a break; kept for `ping_quorum`. */
  readonly quorumSince: Instant | undefined;
  /** Own link state as the original shows it: up once an own broadcast came back. */
  readonly groups: ReadonlyMap<GroupName, Group>;
  readonly exchange: Exchange;
  readonly ipfail: IpfailState;
  /** Silent nodes that this one is about to reset. */
  readonly fencing: ReadonlyMap<NodeName, Fencing>;
  /** Supplies of nodes that have been put down, which are being switched on again. */
  readonly restoring: ReadonlyMap<OperationId, Restoring>;
  /** Leases of groups from the arbiter, by group id. */
  readonly leases: ReadonlyMap<GroupId, Lease>;
  readonly leasing: Leasing;
  /** When we sent our last datagrams; kept where confirmations matter. */
  readonly sent: Sent;
  /** When this node woke up after it may have lost what it held: what peers reported before is out of date. */
  readonly wokeAt: Instant | undefined;
  /** When the last refresh of the dead-man's switch stops being good, so that this host falls mute; `undefined`: nothing is known of one. */
  readonly muteFrom: Instant | undefined;
  /** When the segment is to be asked next for addresses of silent nodes. */
  readonly askAt: Instant | undefined;
  /** A failback that was refused or came to nothing is not begun again before this instant. */
  readonly failbackFrom: Instant;
  /** A takeover that an operator asked for here and the other node must begin. */
  readonly wish: Wish | undefined;
  /** Where we stand in the original's start-up dance; matters only while an original lives. */
  readonly transition: Transition;
  readonly nextOperation: number;
  /** Refusals and oddities by name, since the start. */
  readonly counters: ReadonlyMap<string, number>;
  /** Groups that the coming configuration does not know: they are stopped and not begun again (`succession.ts`). */
  readonly dropped: ReadonlySet<GroupName>;
  readonly initialAcquisitionDone: boolean;
  /** What an original offered while it was still taking it over: it is asked for it when that is done. */
  readonly putOff: Offered | undefined;
  /** What we told the others last in a `resource` message: `none 1`. */
  readonly sharesTold: string;
}

/** What the built-in ipfail remembers. */
export interface IpfailState {
  /** Ping nodes that answered when it looked last; `undefined` before the first look. */
  readonly answering: ReadonlySet<NodeName> | undefined;
  readonly giveUp: GiveUp | undefined;
  /** How many give-ups were planned so far. */
  readonly giveUps: number;
  /** When originals are told our number again, and how often, because nothing has come of it yet. */
  readonly repeat: { readonly at: Instant; readonly left: number } | undefined;
}

/** Who we are in this incarnation. */
export interface Identity {
  readonly uuid: Uint8Array;
  readonly generation: Generation;
  /** For the log line of the shutdown. */
  readonly processId: number;
  /** Version of our extension that we announce, and whether our own digest method can be used (a shared secret exists). */
  readonly strong: boolean;
}

/** up: not all peers heard yet. leaving: groups are being handed over; then a moment of lingering so that the news arrives. */
export type NodePhase = { readonly kind: "up" } | { readonly kind: "active"; readonly since: Instant } | Leaving;

export interface Leaving {
  readonly kind: "leaving";
  readonly since: Instant;
  readonly goodbyeAt: Instant | undefined;
  /** When the log says again what the stop waits for. */
  readonly remindAt: Instant;
}

export interface Outbox {
  /** Number of the last sequenced message. */
  readonly seq: number;
  /** Number of the last datagram; retransmissions count too, so that no window takes them for a replay. */
  readonly datagram: number;
  readonly history: History;
}

/** A request to move resources between two nodes (transitions.md 5.1); R asks to give up, P takes. One at a time. */
export type Exchange =
  | { readonly kind: "none" }
  /** R: `ask_resources … info=me` is out. */
  | (Requested & { readonly kind: "asking"; readonly deadline: Instant })
  /** R: P answered; the groups are being released. */
  | (Requested & { readonly kind: "handing" })
  /** R: everything is released; P has not finished yet. */
  | (Requested & { readonly kind: "handed"; readonly deadline: Instant })
  /** P: answered; R is releasing. */
  | (Offered & {
      readonly kind: "offered";
      /** R's heartbeats spoke of it: when they stop doing so, R has ended it. */
      readonly begun: boolean;
      /** Until when R waits for our answer; `undefined`: it has it. */
      readonly answerBy: Instant | undefined;
      readonly deadline: Instant;
    })
  /** P: R has released everything; we are starting it. */
  | (Offered & { readonly kind: "taking" });

/** Why resources are to move. */
export type Reason = "operator" | "failback" | "start-failed" | "connectivity";

export interface Requested {
  readonly id: number;
  readonly peer: NodeName;
  /** The incarnation that was asked; a later one knows nothing of it. */
  readonly generation: Generation;
  readonly share: Share;
  readonly reason: Reason;
  readonly groups: readonly GroupName[];
  /** The operator who waits for an answer. */
  readonly request: number | undefined;
}
export interface Offered {
  readonly id: number | undefined;
  readonly peer: NodeName;
  /** The incarnation that asked. */
  readonly generation: Generation;
  readonly since: Instant;
  readonly share: Share;
  readonly reason: Reason;
}

export interface Wish {
  /** `undefined`: a tool asked that does not wait for an answer. */
  readonly request: number | undefined;
  readonly share: Share;
  readonly deadline: Instant;
}

/** The original's start-up states (transitions.md 3): its 10 s timer runs from the first `resource` message on. */
export type Transition =
  | { readonly kind: "init" | "starting" | "stable" }
  | { readonly kind: "received"; readonly deadline: Instant };

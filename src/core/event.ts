import type { LeaseVerdict } from "./lease.js";
import type { Message } from "./message.js";
import type { GroupName, LinkName, NodeName, OperationId } from "./names.js";
import type { GroupId } from "./report.js";
import type { GroupSettings } from "./settings.js";
import type { Instant } from "./time.js";

/**
 * A fact, in the past tense, with its instant on the monotonic clock. `wall` (seconds since 1970) is only stamped into
 * outgoing messages (`ts`), never decided upon.
 */
export type Event = { readonly at: Instant; readonly wall: number } & Fact;

export type Fact =
  /** The instant the core asked to be woken at has come (or has passed: the loop may have overslept). */
  | { readonly type: "deadlineReached" }
  /** A message whose digest was right arrived over `link`. Its origin is still only a claim of its fields. */
  | {
      readonly type: "messageHeard";
      readonly link: LinkName;
      readonly message: Message;
      readonly authenticated: Authenticated;
      /** The entry of authkeys that signed it. */
      readonly key?: number;
    }
  /** A ping node answered an echo request of ours, sent at `askedAt`. */
  | { readonly type: "pingAnswered"; readonly node: NodeName; readonly askedAt: Instant }
  /** A resource operation that the core asked for has ended. */
  | { readonly type: "resourceFinished"; readonly operation: OperationId; readonly outcome: ResourceOutcome }
  /** A reset that the core asked for has ended. */
  | { readonly type: "fencingFinished"; readonly operation: OperationId; readonly outcome: FencingOutcome }
  /** The arbiter has answered a claim of leases. */
  | { readonly type: "leasesAnswered"; readonly request: number; readonly verdicts: ReadonlyMap<GroupId, LeaseVerdict> }
  /** Another host says that it has an address of this group. `by`: who, for people (`52:54:00:12:34:56 on ens38`). */
  | { readonly type: "addressAnswered"; readonly group: GroupName; readonly by: string }
  /** An address of this group, which is to be here, is not on its interface any more: somebody else took it away. */
  | { readonly type: "addressMissing"; readonly group: GroupName }
  /** Another node or an operator wants this machine reset, by way of the arbiter. */
  | { readonly type: "poisoned"; readonly by: string }
  /** An operator vouches for it that this silent node is down. `by`: who typed it. */
  | { readonly type: "deathConfirmed"; readonly node: NodeName; readonly by: string; readonly request: number }
  /** An operator (or a tool of his) wishes resources to move. `request` identifies the wish, for the answer. */
  | { readonly type: "standbyRequested" | "takeoverRequested"; readonly what: Share; readonly request: number }
  /** A program on this node has a message for the cluster. What it says about its sender is not believed. */
  | { readonly type: "clientSent"; readonly message: Message; readonly by: LocalSender }
  /** Another daemon is ready to take this node's place, under a configuration with these groups. */
  | { readonly type: "successorReady"; readonly groups: readonly GroupSettings[] }
  /** It came to nothing. */
  | { readonly type: "successorLost" }
  /** Other keys sign and verify from now on; `strong`: our own digest method can be used with them. */
  | { readonly type: "keysChanged"; readonly strong: boolean }
  /** SIGTERM or `heartbeat -k`: hand everything over and end. */
  | { readonly type: "stopRequested" };

/** How a message proved its origin: with the configured method, or with the stronger one that our nodes agree on. */
export type Authenticated = "configured" | "strong";

/**
 * Who speaks on this node: a `client` of the API socket, with `from_id` and `to_id` set by the daemon; a `script` through the FIFO;
 * the `registry` of clients itself, which tells the other nodes who came and went.
 */
export type LocalSender = "client" | "script" | "registry";

/** Which groups a wish is about, seen from the node that gives up: its own, those of others, both. */
export type Share = "all" | "local" | "foreign" | "failback";

/** How a reset ended: the device says that the node is down, or that (or why) it could not do it. */
export type FencingOutcome = { readonly kind: "succeeded" } | { readonly kind: "failed"; readonly why: string };

/**
 * How a resource operation ended. `status` answers `running`, `stopped`, or `unknown` when the script has no such verb: nobody may
 * conclude anything from that. The others answer `succeeded` or `failed`.
 */
export type ResourceOutcome =
  | { readonly kind: "succeeded" | "running" | "stopped" | "unknown" }
  | { readonly kind: "failed"; readonly why: ResourceFailure; readonly code?: number };

export type ResourceFailure =
  | "exit-code"
  | "timed-out"
  | "not-found"
  | "not-executable"
  | "killed"
  | "refused"
  | "no-answer";

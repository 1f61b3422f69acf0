import type { ResourceAction } from "./effect.js";
import type { Ground } from "./ground.js";
import { type Monitor, unmonitored } from "./monitor.js";
import type { Generation, NodeName, OperationId, Term } from "./names.js";
import { term } from "./names.js";
import { type FailureKind, type GroupId, groupId, type ReportedGroup } from "./report.js";
import type { GroupSettings } from "./settings.js";
import type { Sighting } from "./sighting.js";
import type { Instant } from "./time.js";

/** A resource group as this node has it. */
export interface Group {
  readonly settings: GroupSettings;
  readonly id: GroupId;
  readonly holding: Holding;
  /** The largest term seen anywhere. A new holding without a grant takes one more. */
  readonly highestTerm: Term;
  /** A resource would not start here, or died too often; until the operator asks or the daemon restarts the group is not for this node. */
  readonly failedHere: Failure | undefined;
  /** Whether its services still run. */
  readonly monitor: Monitor;
  /** How often an original was asked to take it because it failed here; it counts until the group runs here or an operator asks. */
  readonly offers: number;
  /**
   * Messages of legacy mode about the group: when its owner, this node, asked for it last, and how often in vain; who asked us, and whether
   * we had it then.
   */
  readonly request: {
    readonly sentAt: Instant | undefined;
    readonly unanswered: number;
    readonly by: NodeName | undefined;
    readonly held: boolean;
  };
  /** Next announcement of the group's addresses; `undefined`: there is nothing to announce. */
  readonly announcing: { readonly at: Instant; readonly round: number } | undefined;
  /** What the segment said when it was asked for the group's addresses; `undefined`: nobody has asked. */
  readonly sighting: Sighting | undefined;
  /** Since when this node has had no right to hold the group although it is (still) here. */
  readonly lostAt: Instant | undefined;
  /** The watchdog was told to reset this machine because the group does not stop. */
  readonly selfFenced: boolean;
  /** The verdict logged last, so that a refusal is said once and not at every heartbeat. */
  readonly lastVerdict: string;
}

/**
 * Where this node stands with a group:
 *
 *     idle --clearance--> acquiring --all started--> held --hand-over, stop, rival--> releasing --> granted --peer has it--> idle
 *                             |                       |  \--overslept--> doubted --> acquiring       \--nobody to take it--> idle
 *                             |                       \--a service died--> acquiring, or releasing
 *                             \--start failed--> releasing                \--a stop failed for good--> stuck
 */
export type Holding =
  | { readonly kind: "idle"; readonly since: Instant; readonly why: string }
  | (Held & {
      readonly kind: "acquiring";
      readonly index: number;
      /** Highest index that may run: above `index` when the group is held again after a doubt, and must be stopped from there. */
      readonly reach: number;
      /** The resource that died while the group was held: what stands to the right of it is stopped first; `undefined`: nothing did. */
      readonly restarting: Death | undefined;
      readonly work: Work;
      /** Set when the group must go again as soon as the operation in hand has ended. */
      readonly cancelled: Release | undefined;
    })
  /** `rivalSince`: when another node was first heard to hold it too; `undefined`: none does. */
  | (Held & { readonly kind: "held"; readonly rivalSince: Instant | undefined })
  /** Since `from` it is not here any more; when nobody has been heard to have it by `until`, it is held again. */
  | (Held & { readonly kind: "doubted"; readonly from: Instant; readonly until: Instant })
  | (Held & {
      readonly kind: "releasing";
      readonly index: number;
      readonly attempt: number;
      readonly work: Work;
      readonly release: Release;
    })
  | {
      readonly kind: "granted";
      readonly term: Term;
      readonly to: NodeName;
      readonly since: Instant;
      readonly toGeneration: Generation;
    }
  | { readonly kind: "stuck"; readonly term: Term; readonly resource: string; readonly since: Instant };

export interface Held {
  readonly term: Term;
  readonly since: Instant;
  readonly because: Ground;
  /** An operator moved the group away from its owner: it stays until a newer incarnation of the owner than this appears. */
  readonly awayFrom: Generation | undefined;
}

/** A service that ran and does not any more. */
export interface Death {
  readonly index: number;
  /** Its status says so; else it only gives no usable answer, and may hang. */
  readonly isStopped: boolean;
}

/** Why the group is not for this node. */
export interface Failure {
  readonly resource: string;
  readonly since: Instant;
  readonly how: FailureKind;
  /** Of what died: not before then it is started here again, should nobody else be able to run it. */
  readonly retryAt: Instant | undefined;
}

/** Why a group is released and who may have it next. */
export interface Release {
  readonly why:
    | "hand-over"
    | "shutdown"
    | "not-configured"
    | "start-failed"
    | "service-died"
    | "rival-has-larger-term"
    | "rival-keeps-it"
    | "right-lost";
  readonly to: NodeName | undefined;
  /** Number of a resource that is known to be stopped: its stop need not succeed. */
  readonly dead?: number | undefined;
}

/** What is being waited for while a group changes: an operation, or a pause before the next try. */
export type Work =
  | {
      readonly kind: "operation";
      readonly operation: OperationId;
      readonly action: ResourceAction;
      readonly deadline: Instant;
    }
  | { readonly kind: "pause"; readonly until: Instant };

/** @returns a group that this node has never held. */
export function idleGroup(settings: GroupSettings, at: Instant): Group {
  return {
    settings,
    id: groupId(settings.name),
    holding: { kind: "idle", since: at, why: "not started yet" },
    highestTerm: term(0),
    failedHere: undefined,
    monitor: unmonitored,
    offers: 0,
    request: { sentAt: undefined, unanswered: 0, by: undefined, held: false },
    announcing: undefined,
    sighting: undefined,
    lostAt: undefined,
    selfFenced: false,
    lastVerdict: "",
  };
}

/** @returns what the peers are told about the group. */
export function reported(group: Group): ReportedGroup {
  const { holding } = group;
  const failed = group.failedHere?.how;
  switch (holding.kind) {
    case "idle":
      return { state: "idle", term: group.highestTerm, failed, to: undefined };
    case "granted":
      return {
        state: "granted",
        term: holding.term,
        failed,
        to: { node: holding.to, generation: holding.toGeneration },
      };
    default:
      return { state: holding.kind, term: holding.term, failed, to: undefined };
  }
}

/** @returns whether the node runs (or may still run) something of the group. */
export function isHere(group: Group): boolean {
  return group.holding.kind !== "idle" && group.holding.kind !== "granted";
}

/** @returns whether a start, a release or a doubt is under way. */
export function isMoving(group: Group): boolean {
  return group.holding.kind === "acquiring" || group.holding.kind === "releasing" || group.holding.kind === "doubted";
}

import type { GroupSettings } from "../core/settings.js";
import type { Duration, Instant } from "../core/time.js";
import type { Holdings } from "../ports/guardian.js";

/**
 * What the guardian decides. It is a value like the node: facts about its ward (the daemon process) come in, requests go out.
 *
 *     starting --ready--> watched --farewell--> ending --exit 0--> (end)
 *        |                   |                     `--exit "again"--> starting, nothing withdrawn
 *        |                   `--died, or silent for too long--> dying --cleaned and gone--> resting --back-off over--> starting
 *        `--exit, never ready before--> (end with its code)
 *
 * A changed configuration brings a successor: it prepares itself beside the one that beats, which then passes the node on and ends.
 * Until that moment the old one is in force, and whatever goes wrong with the new one changes nothing.
 *
 * A death costs no thinking: what is held was told in advance, so addresses are withdrawn in the same turn in which the death is
 * seen, and where nothing else is held the peers are told in it too. Where services run, the peers are told when these have stopped:
 * they start theirs at once, and a file system must not be mounted twice. What cannot be stopped is not spoken of; then the peers
 * wait for deadtime, as they do for every silence. A guardian that overslept itself judges nobody by that silence.
 */
export interface GuardianState {
  readonly settings: GuardianSettings;
  readonly ward: Ward;
  /** `undefined`: nothing is held. */
  readonly holdings: Holdings | undefined;
  /** The next pause before a restart. */
  readonly pause: Duration;
  /** Whether a daemon has ever been ready: before that, a failure is the operator's to see and not ours to repeat. */
  readonly proven: boolean;
  readonly succession: Succession;
  /** Something of a dead daemon could not be stopped; until another one is ready and looks after it. */
  readonly leftover: boolean;
  /** Whether the end was asked for. */
  readonly stopping: boolean;
  /** When the guardian itself looked last. */
  readonly lookedAt: Instant;
  /** Its oversleeping since the last line about it: a starved machine must not have its log flooded as well. */
  readonly oversleeping: { readonly count: number; readonly worst: number; readonly quietUntil: Instant };
}

export type Ward =
  | { readonly kind: "starting"; readonly since: Instant }
  | {
      readonly kind: "watched";
      readonly since: Instant;
      readonly tickAt: Instant;
      /** Until then it may hold what it holds; `undefined`: for ever, or what it held has been taken away. */
      readonly allowedUntil: Instant | undefined;
    }
  | { readonly kind: "ending"; readonly since: Instant }
  /** Dead or doomed: the process must be gone and every cleaning done before the next one is started. */
  | {
      readonly kind: "dying";
      readonly gone: boolean;
      readonly cleaning: number;
      /** What to tell the peers once everything is stopped; `undefined`: they were told, or must not be. */
      readonly notice: string | undefined;
    }
  | { readonly kind: "resting"; readonly until: Instant }
  | { readonly kind: "over" };

/** preparing: the successor loads its configuration. awaited: it is ready, and the ward will pass the node on when nothing is under way. */
export type Succession =
  | { readonly kind: "none" }
  | { readonly kind: "preparing"; readonly since: Instant }
  | { readonly kind: "awaited"; readonly since: Instant; readonly groups: readonly GroupSettings[] };

export interface GuardianSettings {
  /** A ward that does not tick for so long is hung: deadtime − keepalive, so that we are faster than the peers. */
  readonly patience: Duration;
  /** Between two looks of the guardian. */
  readonly lookInterval: Duration;
  /** A look that comes later than this beyond its time means that we slept. */
  readonly oversleep: Duration;
  /** Time for a start, and for the exit after a farewell. */
  readonly startLimit: Duration;
  readonly endLimit: Duration;
  readonly shortestPause: Duration;
  readonly longestPause: Duration;
  /** A ward that lived so long has its back-off forgotten. */
  readonly healthy: Duration;
}

export type GuardianEvent = { readonly at: Instant } & (
  | { readonly type: "ready" | "ticked" | "farewell" | "looked" | "stopRequested" }
  | { readonly type: "cleaned"; readonly allStopped: boolean }
  | { readonly type: "held"; readonly holdings: Holdings }
  | { readonly type: "allowed"; readonly until: Instant | undefined }
  | { readonly type: "exited"; readonly code: number | undefined; readonly signal: string | undefined }
  /** The pipe ended without a farewell; the exit is not known yet. */
  | { readonly type: "linkLost" }
  /** A changed configuration was read and found good. */
  | { readonly type: "successorWished" }
  | { readonly type: "successorPrepared"; readonly groups: readonly GroupSettings[] }
  /** It ended, or cannot be used. */
  | { readonly type: "successorLost"; readonly why: string }
  /** The ward gave its node away; these are the times of the new configuration. */
  | { readonly type: "bequeathed"; readonly settings: GuardianSettings }
);

export type GuardianEffect =
  | { readonly type: "spawn" }
  | { readonly type: "kill" }
  | { readonly type: "tellStop" }
  | { readonly type: "spawnSuccessor" | "killSuccessor" }
  | { readonly type: "tellRetire"; readonly groups: readonly GroupSettings[] }
  | { readonly type: "tellRetain" }
  /** The successor is the ward from now on: give it the node, and let the former one go. */
  | { readonly type: "promote" }
  /** Take the addresses away: at once, before anything else. */
  | { readonly type: "withdraw"; readonly holdings: Holdings }
  /** Tell the peers that nothing of ours is in their way; they take over in the turn in which they hear it. */
  | { readonly type: "notify"; readonly deathNotice: string }
  /** Run the stop scripts, answer with `cleaned`. */
  | { readonly type: "clean"; readonly holdings: Holdings | undefined }
  | { readonly type: "reportReady" }
  | { readonly type: "log"; readonly level: "info" | "WARN" | "ERROR" | "CRIT"; readonly text: string }
  | { readonly type: "record"; readonly what: string; readonly detail: Readonly<Record<string, string | number>> }
  | { readonly type: "end"; readonly code: number };

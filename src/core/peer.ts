import type { FencingReport } from "./fencing-report.js";
import type { Liveness } from "./liveness.js";
import type { Generation, GroupName, LinkName, NodeName } from "./names.js";
import { generation } from "./names.js";
import type { Reach, Standing } from "./reach.js";
import { nothingReceived, type Reception } from "./reception.js";
import { fresh, type ReplayWindow } from "./replay.js";
import type { Report } from "./report.js";
import { type Duration, type Instant, instant } from "./time.js";

/** Another node, as this one knows it. */
export interface Peer {
  readonly name: NodeName;
  readonly liveness: Liveness;
  /** The status it announced last: init, up, active. */
  readonly status: string | undefined;
  readonly program: Program;
  /** The entry of authkeys that an original signs with: it reads nothing that another secret has signed (wire.md 3.1). */
  readonly key: number | undefined;
  /** Its incarnation; 0 before it was heard. */
  readonly generation: Generation;
  /** The deadtime it announces; the clock by which an original is judged, and a difference worth reporting. */
  readonly announcedDeadtime: Duration | undefined;
  /** Since when it announces that; `undefined` once it has been compared with ours. */
  readonly announcedSince: Instant | undefined;
  /** Whole seconds by which the wall clock over there is ahead of ours, as of its last heartbeat; for people, nothing depends on it. */
  readonly clockAhead: number | undefined;
  readonly reception: Reception;
  /** When it was last asked for a sign of life because it was silent. */
  readonly probedAt: Instant | undefined;
  readonly links: ReadonlyMap<LinkName, PeerLink>;
  readonly session: Session;
  /** What it says about its groups (ours only), with the number of the message that said so. */
  readonly report: Report | undefined;
  /** The report as it was written: most heartbeats repeat it, and what was read once need not be read again. */
  readonly reportText: string;
  readonly reportSeq: number;
  /** When the report came: a node that overslept trusts only newer ones. */
  readonly reportAt: Instant | undefined;
  /** What it says about silent nodes and their fencing; `undefined`: it can fence nobody. */
  readonly fencing: FencingReport | undefined;
  /** It is on its way out: it says so in its heartbeats. */
  readonly leaving: boolean;
  /** The exchange it says it is in; an offer is forgotten when this goes away. */
  readonly exchange: number | undefined;
  readonly shares: OriginalShares;
  /** When it spoke of them last. */
  readonly sharesAt: Instant | undefined;
  /** When it was heard again after it may have taken us for dead. */
  readonly lapsedAt: Instant | undefined;
  /** It says that it holds what is held here (`giving-way.ts`). */
  readonly overlap: Overlap | undefined;
  /** How many ping nodes it reaches, and how we stand against it. */
  readonly reach: Reach;
  readonly standing: Standing;
  /** With `auto_failback legacy`: what an original may hold of ours. */
  readonly legacy: LegacyClaims;
  /** Checksum of its resource groups. */
  readonly digest: string | undefined;
  /** When we sent the latest datagram that it confirms to have had (`confirmation.ts`). */
  readonly confirmedAt: Instant | undefined;
  /** When it first spoke without confirming anything newer; `undefined`: its last message did. */
  readonly unconfirmedSince: Instant | undefined;
  /** We hear it, and it has not heard us for longer than deadtime (`deafness.ts`). */
  readonly isDeaf: boolean;
  /**
   * A newer incarnation spoke but has not proved to be live: takeovers from this peer wait until then. `over`: the moment has
   * passed without proof; it is not granted again, or a recording could put a takeover off for ever.
   */
  readonly returningUntil: Instant | "over" | undefined;
}

/** What runs there. The original is whoever speaks correctly without our marks. */
export type Program =
  | { readonly kind: "unknown" }
  | { readonly kind: "original" }
  | { readonly kind: "ours"; readonly version: string; readonly strong: boolean };

/** Liveness of the peer over one link, and the window that keeps datagrams recorded there out. */
export interface PeerLink {
  readonly liveness: Liveness;
  readonly window: ReplayWindow;
}

/** A nonce begins with this many digits, which grow whenever its owner draws a new one. */
export const rotationDigits = 8;

/**
 * Proof that the peer lives now: each node draws a nonce per session and repeats its peers' nonces; only who repeats *our*
 * nonce answers us and not a listener of last week (weaknesses.md C3).
 */
export interface Session {
  /** The nonce whose owner has repeated ours. */
  readonly nonce: string | undefined;
  /** Which datagrams of the session came, over whatever link: only the first copy is a sign of life. */
  readonly window: ReplayWindow;
  /** A nonce heard without proof; repeated too, so that its owner can prove itself. */
  readonly candidate: string | undefined;
  /** When the candidate was heard first. */
  readonly candidateAt: Instant | undefined;
  /** When a new nonce was drawn last because its numbers had gone back. */
  readonly challengedAt: Instant | undefined;
  /** Since when its messages have only had numbers that were there before; `undefined`: the last one was new. */
  readonly behindSince: Instant | undefined;
}

/** What an original says it holds, in its own coarse words (transitions.md 3). */
export interface OriginalShares {
  readonly local: boolean;
  readonly foreign: boolean;
  /** `undefined` until it said so. */
  readonly stable: boolean | undefined;
  /** It announces the share that will be left *before* it lets go of the rest (standby, shutdown). */
  readonly releasing: boolean;
  /** It has said that its takeover of what was ours is over. */
  readonly tookOver: boolean;
}

/** What an original and this node both hold, as far as its words go. */
export interface Overlap {
  readonly since: Instant;
  /** When it was made to say again what it holds. */
  readonly askedAt: Instant | undefined;
}

export const unknownStanding: Standing = { kind: "unknown", since: instant(0), calmFrom: instant(0) };
/** Nobody says what he holds in legacy mode; an original says only what it has released. */
export interface LegacyClaims {
  readonly mayHoldOurs: boolean;
  readonly released: ReadonlySet<GroupName>;
}

export const noClaims: LegacyClaims = { mayHoldOurs: false, released: new Set() };
export const nothingShared: OriginalShares = {
  local: false,
  foreign: false,
  stable: undefined,
  releasing: false,
  tookOver: false,
};
export const noSession: Session = {
  nonce: undefined,
  window: fresh(),
  candidate: undefined,
  candidateAt: undefined,
  challengedAt: undefined,
  behindSince: undefined,
};

/** @returns a peer that was never heard and counts as dead from `deadAt` on. */
export function unseenPeer(name: NodeName, deadAt: Instant): Peer {
  return {
    name,
    liveness: { kind: "unseen", deadAt },
    status: undefined,
    program: { kind: "unknown" },
    key: undefined,
    generation: generation(0),
    announcedDeadtime: undefined,
    announcedSince: undefined,
    clockAhead: undefined,
    reception: nothingReceived,
    probedAt: undefined,
    links: new Map(),
    session: noSession,
    report: undefined,
    reportText: "",
    reportSeq: 0,
    reportAt: undefined,
    fencing: undefined,
    leaving: false,
    exchange: undefined,
    shares: nothingShared,
    sharesAt: undefined,
    lapsedAt: undefined,
    overlap: undefined,
    reach: { kind: "untold" },
    standing: unknownStanding,
    legacy: noClaims,
    digest: undefined,
    confirmedAt: undefined,
    unconfirmedSince: undefined,
    isDeaf: false,
    returningUntil: undefined,
  };
}

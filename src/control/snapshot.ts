import type { GroupName, LinkName, NodeName } from "../core/names.js";

/**
 * What a daemon shows of itself, at one instant: the same value for terminal, browser and JSON. Ages and remaining times
 * are in milliseconds, so that the reader needs no clock.
 */
export interface Snapshot {
  readonly version: 1;
  readonly node: NodeName;
  /** Version of this program. */
  readonly program: string;
  readonly processId: number;
  readonly uptime: number;
  readonly generation: number;
  readonly phase: Phase;
  /** Why the phase lasts, for people; empty when there is nothing to explain. */
  readonly phaseReason: string;
  /** Milliseconds until the phase ends by itself at the latest (initdead, for one); absent when nothing limits it. */
  readonly phaseRemaining?: number;
  readonly nodes: readonly NodeSnapshot[];
  readonly groups: readonly GroupSnapshot[];
  /** Silent nodes that must be fenced before anything of them is taken over; absent in daemons older than fencing. */
  readonly fencing?: readonly FencingSnapshot[];
  /** What the kernel does when no process of ours lives; absent in daemons older than the dead-man's switch. */
  readonly deadMan?: DeadManSnapshot;
  /** What grants leases; absent where ha.cf names no arbiter. */
  readonly arbiter?: ArbiterSnapshot;
  /** The original's word for what this node holds (`cl_status rscstatus`). */
  readonly holds: "none" | "local" | "foreign" | "all" | "transition";
  /** Named refusals and other counters since the start. */
  readonly counters: Readonly<Record<string, number>>;
  readonly alerts: readonly string[];
  /** As written in ha.cf, defaults as the original prints them (`cl_status hbparameter`). */
  readonly parameters: Readonly<Record<string, string>>;
  readonly timing: {
    readonly keepalive: number;
    readonly warntime: number;
    readonly deadtime: number;
    readonly initdead: number;
  };
}

/** starting: not all peers heard yet; active: takes part; moving: a hand-over runs; stopping: leaving. */
export type Phase = "starting" | "active" | "moving" | "stopping";

export interface NodeSnapshot {
  readonly name: NodeName;
  readonly type: "normal" | "ping";
  /** The original's word: init, up, active, ping, dead. */
  readonly status: string;
  readonly self: boolean;
  /** up, late, dead, left, unseen. */
  readonly liveness: "up" | "late" | "dead" | "left" | "unseen";
  /** Milliseconds since the last heartbeat; `null` for this node and for one never heard. */
  readonly silence: number | null;
  /** `heartbeat 3.0.6` for the original, ours by its version, `unknown` before it spoke. */
  readonly program: string;
  /** Seconds by which the clock of a peer is ahead of ours; whole ones, because the stamps of messages are. Absent before it spoke. */
  readonly clockAhead?: number;
  /** The deadtime that a peer is configured with, in milliseconds; absent until it has announced the same for as long as that. */
  readonly announcedDeadtime?: number;
  /** Whether a peer (of ours, the original does not say) has other resource groups than this node. */
  readonly differentGroups?: boolean;
  readonly links: readonly { readonly name: LinkName; readonly up: boolean; readonly silence: number | null }[];
  /** Clients known to be online there, the built-in `ipfail` included (`cl_status clientstatus`); absent: not known for this node. */
  readonly clients?: readonly string[];
}

export interface DeadManSnapshot {
  /** filter: the host is mute to the millisecond; lifetime: its addresses end by themselves, within seconds; none: they stay. */
  readonly form: "filter" | "lifetime" | "none";
  /** Milliseconds after the last sign of life within which the host is mute; `null`: never. */
  readonly limit: number | null;
  /** Why it is not better; `null`: it is as it should be. */
  readonly lacking: string | null;
}

export interface ArbiterSnapshot {
  /** `witness 172.30.105.9:7694`, `disk /dev/sdb1`. */
  readonly text: string;
  readonly leaseTime: number;
  /** Milliseconds since it should have answered; `null`: it answers, or was not asked yet. */
  readonly silentFor: number | null;
}

export interface FencingSnapshot {
  readonly node: NodeName;
  /** The survivor whose turn it is; `null`: nobody can. */
  readonly by: NodeName | null;
  /** `elsewhere`: another survivor is at it, and this one waits for its word. */
  readonly state: "holding-fire" | "resetting" | "failed" | "elsewhere";
  /** Rounds through all devices, this one included. */
  readonly rounds: number;
  /** The device in hand; of `failed` why. */
  readonly text: string;
  /** Milliseconds until the next step at the latest. */
  readonly remaining: number | null;
}

export interface GroupSnapshot {
  readonly name: GroupName;
  readonly owner: NodeName;
  readonly resources: readonly string[];
  /** State on this node: idle, acquiring, held, releasing, granted, failed, stuck. */
  readonly state: string;
  readonly term: number;
  /** Who holds it as far as this node knows; `null`: nobody. */
  readonly holder: NodeName | null;
  /** Why it is where it is: ground of the clearance or of the refusal, and since when. */
  readonly because: string;
  readonly since: number | null;
  /** What a takeover from a silent node needs; absent in older daemons. */
  readonly policy?: string;
  /** Milliseconds for which this node still has the group's lease, or who else has it; absent when nothing is known of one. */
  readonly lease?: { readonly remaining: number | null; readonly by: NodeName | null };
}

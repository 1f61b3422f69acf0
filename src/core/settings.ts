import type { ArbitrationSettings, TakeoverPolicy } from "./arbitration.js";
import type { GroupName, NodeName } from "./names.js";
import type { Duration } from "./time.js";

/** What the core must know of the configuration: names, times and resource groups; no paths, no sockets. */
export interface Settings {
  /** This node. */
  readonly self: NodeName;
  /** All configured nodes in the order of ha.cf, this one included, ping nodes not. */
  readonly nodes: readonly NodeName[];
  /** Ping nodes: each `ping` host, and each `ping_group` by its name. */
  readonly pingNodes: readonly NodeName[];
  readonly timing: Timing;
  readonly monitoring: MonitoringSettings;
  /** Where groups go when their owner returns. `legacy`: home, by the messages of `legacy.ts`, and no standby. */
  readonly autoFailback: "on" | "off" | "legacy";
  /** Whether groups move to the node that reaches more ping nodes: a respawn line of ha.cf names ipfail, which is built in here. */
  readonly ipfail: "built-in" | "none";
  /** What can reset another node. */
  readonly fencing: FencingSettings;
  /** What besides silence a takeover needs. */
  readonly arbitration: ArbitrationSettings;
  /** Groups in file order. */
  readonly groups: readonly GroupSettings[];
  /** `ttl` of our messages: hopfudge + number of configured nodes, ping nodes included (wire.md 4). */
  readonly ttl: number;
  /** Largest delay before a retransmission request, default 250 ms. */
  readonly maxRexmitDelay: Duration;
  /** Digest of what the nodes must agree on (the resource groups), hexadecimal; compared with the peer's. */
  readonly digest: string;
}

/** The times of ha.cf. All are own settings; what a peer announces is reported, not believed (weaknesses.md B16). */
export interface Timing {
  readonly keepalive: Duration;
  readonly warntime: Duration;
  readonly deadtime: Duration;
  readonly deadping: Duration;
  readonly initdead: Duration;
  /** Time limits of one call of a resource script. */
  readonly startTimeout: Duration;
  readonly stopTimeout: Duration;
  readonly statusTimeout: Duration;
  /** Tries of a failing stop before it counts as failed, and the pause between them (resources.md 4: 11 calls, 1 s). */
  readonly stopAttempts: number;
  readonly stopRetryPause: Duration;
  /** Pause between two announcements (gratuitous ARP) of a held address, after the burst at acquisition. */
  readonly announceInterval: Duration;
}

/** Whether the services of held groups still run (`monitoring.ts`). */
export interface MonitoringSettings {
  /** Between two rounds of questions; 0: nobody is asked. */
  readonly interval: Duration;
  /** The failure that moves the group to another node; before that its service is started again where it is. At least 1. */
  readonly threshold: number;
  /** A failure that is older than this does not count any more. */
  readonly failureTimeout: Duration;
}

/** STONITH. Without a device a silent holder is ground enough for a takeover. */
export interface FencingSettings {
  /** In the order of ha.cf. */
  readonly devices: readonly FencingDevice[];
  /**
   * In the order in which they are tried: the first level that succeeds is enough. A level is one device that resets the node, or
   * several (by their number) that must all cut their supply of it before any gives it back.
   */
  readonly levels: readonly (readonly number[])[];
  /** Of two equal sides of a cut the one with the first of these nodes shoots at once; empty: by what they hold. */
  readonly priority: readonly NodeName[];
  /** Between two rounds in which every device failed. */
  readonly retryPause: Duration;
  /** How long the side with the smaller right to live holds its fire, at least. */
  readonly delay: Duration;
}

export interface FencingDevice {
  /** For people: `stonith null`, `fence_ipmilan`. Without parameters, which may be secret. */
  readonly text: string;
  readonly timeout: Duration;
}

export const noFencing: FencingSettings = {
  devices: [],
  levels: [],
  priority: [],
  retryPause: 0 as Duration,
  delay: 0 as Duration,
};

/** One haresources line. */
export interface GroupSettings {
  /** The text of the first resource. */
  readonly name: GroupName;
  /** The preferred node. */
  readonly owner: NodeName;
  /** Left to right as written: start in this order, stop in the reverse one. */
  readonly resources: readonly ResourceSettings[];
  /** What a takeover of the group from a silent node needs. */
  readonly policy: TakeoverPolicy;
  /** Between the alert "node is dead" and the takeover: time for an operator to say no, for a cut-off holder to stop its services. */
  readonly takeoverDelay: Duration;
}

/** One resource of a group. */
export interface ResourceSettings {
  /** As haresources has it, `IPaddr::10.0.0.1/24/ens38` or `nginx`. */
  readonly text: string;
  /** `address`: the daemon's own work, at once. `script`: a child process that takes its time. */
  readonly kind: "address" | "script";
  /** The command that asks whether it runs, for telling one from another; absent: its own `status`. */
  readonly monitor?: string;
}

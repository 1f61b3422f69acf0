import type { Message } from "./message.js";
import type { GroupName, NodeName, OperationId } from "./names.js";
import type { GroupId } from "./report.js";
import type { Duration } from "./time.js";

/** A request to the world, in the imperative; nothing has happened yet when the core returns it. */
export type Effect =
  /** Write the message to every heartbeat medium (wire.md 1: every packet goes to every medium). */
  | {
      readonly type: "send";
      readonly message: Message;
      readonly strength: Strength;
      /** The entry of authkeys to sign with; `undefined`: the configured one. */
      readonly key: number | undefined;
    }
  /**
   * Tell the kernel's dead-man's switch that this node lives, good for at most `remaining`: the right to what it holds may end sooner than the
   * switch. Precedes the heartbeat that tells the peers the same, so that the kernel falls silent before they judge.
   */
  | { readonly type: "refreshDeadMan"; readonly remaining: Duration }
  /** Ask the arbiter for the leases of these groups, or prolong them; answer with `leasesAnswered`. */
  | { readonly type: "claimLeases"; readonly request: number; readonly groups: readonly GroupId[] }
  /** Give these leases back before their time. */
  | { readonly type: "releaseLeases"; readonly groups: readonly GroupId[] }
  /** Ask the segment who has the addresses of this group (ARP, neighbour solicitation); answer with `addressAnswered`. */
  | { readonly type: "askForAddresses"; readonly group: GroupName }
  /** Have the watchdog reset this machine: something here will not stop that may not run here. */
  | { readonly type: "fenceSelf"; readonly why: string }
  /** Send an echo request to this ping node. */
  | { readonly type: "ping"; readonly node: NodeName }
  /** Begin an operation on resource number `index` of the group; answer with `resourceFinished`. */
  | {
      readonly type: "operateResource";
      readonly operation: OperationId;
      readonly group: GroupName;
      readonly index: number;
      readonly action: ResourceAction;
      readonly timeout: Duration;
    }
  /** Nobody waits for this operation any more: end its process. */
  | { readonly type: "abandonOperation"; readonly operation: OperationId }
  /** Do this to the node's power with device number `device` of the settings; answer with `fencingFinished`. */
  | {
      readonly type: "fenceNode";
      readonly operation: OperationId;
      readonly node: NodeName;
      readonly device: number;
      readonly action: FencingAction;
      readonly timeout: Duration;
    }
  /** The node lives, or we leave: end the device's process if it still runs. */
  | { readonly type: "abandonFencing"; readonly operation: OperationId }
  /** Tell the LAN where the addresses of this group are (gratuitous ARP, unsolicited neighbour advertisement). */
  | { readonly type: "announceGroup"; readonly group: GroupName }
  /** Withdraw the addresses of this group at once, whatever its scripts do: we may have lost it while asleep. */
  | { readonly type: "withdrawAddresses"; readonly group: GroupName }
  /** Put those addresses of this group back on their interfaces that somebody took away, and announce them. */
  | { readonly type: "restoreAddresses"; readonly group: GroupName }
  /** Start the respawned clients: the cluster is up. */
  | { readonly type: "startClients" }
  /** Stop the respawned clients: we are leaving. */
  | { readonly type: "stopClients" }
  /** A new message of the cluster, one of our own included, that is meant for this node: local clients may want it. */
  | { readonly type: "deliverToClients"; readonly message: Message }
  /** A line for ha-log in the original's words. */
  | LogEffect
  /** A structured record for the journal (JSON lines): what was decided and why. */
  | {
      readonly type: "record";
      readonly what: string;
      readonly detail: Readonly<Record<string, string | number | boolean>>;
    }
  /** The answer to an operator's wish. A `running` answer is followed by another one. */
  | {
      readonly type: "answerOperator";
      readonly request: number;
      readonly outcome: OperatorOutcome;
      readonly text: string;
    }
  /** Everything is handed over: end the process with success. */
  | { readonly type: "endProcess" };

/** `strong` when every living peer announced our own digest method, else the configured one. */
export type Strength = "configured" | "strong";

/** `off` is a success only when the device says that the power is off. */
export type FencingAction = "reset" | "off" | "on";

/** `status`: before a start; `monitor`: whether what was started still runs, asked by its own command where it has one. Both are answered alike. */
export type ResourceAction = "status" | "monitor" | "start" | "stop";

export interface LogEffect {
  readonly type: "log";
  readonly level: LogLevel;
  /** Who speaks in the original's log: `heartbeat` itself or one of its scripts. */
  readonly program: LogProgram;
  readonly text: string;
}
export type LogLevel = "debug" | "info" | "notice" | "WARN" | "ERROR" | "CRIT";
export type LogProgram =
  | "heartbeat"
  | "ResourceManager"
  | "mach_down"
  | "harc"
  | "ip-request-resp"
  | "ipfail"
  // A script of addresses and what it works on: `IPaddr(IPaddr_10.0.0.1)`.
  | `${string}(${string})`;

export type OperatorOutcome = "running" | "completed" | "refused" | "failed";

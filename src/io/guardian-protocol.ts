import type { GroupSettings } from "../core/settings.js";
import type { Holdings } from "../ports/guardian.js";

/** What the daemon tells its guardian through their pipe (descriptor 3), as JSON lines. The pipe's end means death. */
export type WardReport =
  | { readonly type: "ready" | "tick" | "farewell" }
  | { readonly type: "hold"; readonly holdings: Holdings }
  /** What is held may be held until then, on the machine's monotonic clock; `null`: for ever. */
  | { readonly type: "allow"; readonly until: number | null }
  /** The watchdog is to reset this machine. */
  | { readonly type: "fenceSelf"; readonly why: string }
  /** Why the start failed, for whoever typed the command. */
  | { readonly type: "startFailed"; readonly text: string }
  /** Somebody sent SIGHUP to the daemon instead of its guardian. */
  | { readonly type: "reloadWished" }
  /** From a successor: all is ready but the node; `format`: the shape of node that it can go on with. */
  | { readonly type: "prepared"; readonly format: number; readonly groups: readonly GroupSettings[] }
  /** From a daemon that retires: the node (`bequest.ts`). From now on it says nothing to anybody. */
  | { readonly type: "bequest"; readonly bequest: string };

/** What the guardian passes on to the daemon: its configuration, and the signals that operators send to the process they know. */
export type WardOrder =
  | { readonly type: "stop" | "moreDebug" | "lessDebug" }
  /** The first order: what to live by. A successor prepares everything and then waits for `succeed`. */
  | { readonly type: "begin"; readonly texts: ConfigurationTexts; readonly successor: boolean }
  | { readonly type: "rekey"; readonly keys: KeysInOrder }
  /** A successor that knows these groups is ready: pass the node on as soon as nothing is under way. */
  | { readonly type: "retire"; readonly groups: readonly GroupSettings[] }
  /** The successor came to nothing. */
  | { readonly type: "retain" }
  | { readonly type: "succeed"; readonly bequest: string };

/** The three files as the guardian has accepted them: what is on the disk may have changed since, and be wrong. */
export interface ConfigurationTexts {
  readonly haCf: FileText;
  readonly authkeys: FileText;
  readonly haresources: FileText;
}
export interface FileText {
  readonly path: string;
  readonly text: string | undefined;
  readonly mode?: number | undefined;
  readonly changedAt?: number | undefined;
}

/** authkeys on its way through the pipe; secrets are hexadecimal. */
export interface KeysInOrder {
  readonly sendIndex: number;
  readonly entries: readonly { readonly index: number; readonly method: string; readonly secret: string }[];
}

/** Descriptor of the pipe in the daemon. */
export const guardianDescriptor = 3;
export const longestReport = 4 * 1024 * 1024;

const reports: readonly string[] = [
  ...["ready", "tick", "farewell", "hold", "allow", "startFailed"],
  ...["reloadWished", "prepared", "bequest", "fenceSelf"],
];
const orders: readonly string[] = ["stop", "moreDebug", "lessDebug", "begin", "rekey", "retire", "retain", "succeed"];

/** @returns the report that an object is. Both ends are the same program; only the kind is looked at. */
export const wardReport = (value: Readonly<Record<string, unknown>>): WardReport | undefined =>
  reports.includes(String(value["type"])) ? (value as unknown as WardReport) : undefined;

export const wardOrder = (value: Readonly<Record<string, unknown>>): WardOrder | undefined =>
  orders.includes(String(value["type"])) ? (value as unknown as WardOrder) : undefined;

import type { Holdings } from "../ports/guardian.js";

/** What the daemon tells its guardian through their pipe (descriptor 3), as JSON lines. The pipe's end means death. */
export type WardReport =
  | { readonly type: "ready" | "tick" | "farewell" }
  | { readonly type: "hold"; readonly holdings: Holdings }
  /** Why the start failed, for whoever typed the command. */
  | { readonly type: "startFailed"; readonly text: string };

/** What the guardian passes on to the daemon: the signals that operators send to the process they know. */
export type WardOrder = { readonly type: "stop" | "reload" | "moreDebug" | "lessDebug" };

/** Descriptor of the pipe in the daemon. */
export const guardianDescriptor = 3;
export const longestReport = 1024 * 1024;

const reports: readonly string[] = ["ready", "tick", "farewell", "hold", "startFailed"];
const orders: readonly string[] = ["stop", "reload", "moreDebug", "lessDebug"];

/** @returns the report that an object is. Both ends are the same program; only the kind is looked at. */
export const wardReport = (value: Readonly<Record<string, unknown>>): WardReport | undefined =>
  reports.includes(String(value["type"])) ? (value as unknown as WardReport) : undefined;

export const wardOrder = (value: Readonly<Record<string, unknown>>): WardOrder | undefined =>
  orders.includes(String(value["type"])) ? (value as unknown as WardOrder) : undefined;

import type { FencingAction, ResourceAction } from "../core/effect.js";
import type { FencingOutcome, ResourceOutcome } from "../core/event.js";
import type { Hook } from "../ports/hooks.js";
import type { LogSettings } from "./log.js";
import type { ScriptPlaces } from "./script-lookup.js";

/**
 * What the script runner is told and what it answers: JSON lines. The guardian speaks through the runner's standard input
 * (its end means: the guardian is gone), the daemon through a socket (its end means: the daemon is gone).
 */
export type RunnerRequest =
  | { readonly type: "settings"; readonly settings: RunnerSettings }
  | {
      readonly type: "run";
      readonly operation: number;
      readonly text: string;
      readonly action: ResourceAction;
      readonly timeout: number;
    }
  | { readonly type: "abandon"; readonly operation: number }
  | {
      readonly type: "fence";
      readonly operation: number;
      readonly node: string;
      /** Number of the device in the settings. */
      readonly device: number;
      readonly action: FencingAction;
      readonly timeout: number;
    }
  | { readonly type: "startClients" | "stopClients" }
  | { readonly type: "hook"; readonly hook: Hook }
  /** From now on the asker is told what the FIFO brings, and nobody else. */
  | { readonly type: "takeFifo" }
  | { readonly type: "debug"; readonly level: number };

export type RunnerReply =
  | { readonly type: "finished"; readonly operation: number; readonly outcome: ResourceOutcome }
  | { readonly type: "fenced"; readonly operation: number; readonly outcome: FencingOutcome }
  /** To the daemon: a message that somebody wrote into the FIFO. */
  | { readonly type: "fifo"; readonly text: string }
  /** To the guardian: the socket is open. */
  | { readonly type: "ready" };

/** Everything that the runner must know beforehand. */
export interface RunnerSettings {
  readonly places: ScriptPlaces;
  /** Commands that tell whether a resource still runs, by its text. */
  readonly monitors: Readonly<Record<string, readonly string[]>>;
  /** Added to the environment that heartbeat was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Working directories, one per user, beneath this one. */
  readonly coresDir: string;
  readonly socket: string;
  readonly ledger: string;
  readonly host: string;
  readonly log: LogSettings;
  readonly clients: readonly ClientSettings[];
  /** Milliseconds before a client is started again, where the original's second is too long (tests). */
  readonly respawnPause?: number;
  /** The command that resets this machine, for `failfast`. */
  readonly reboot: readonly string[];
  readonly hooks: { readonly rcDir: string; readonly harc: string; readonly fifo: string };
  /** Numbered as the core numbers them. */
  readonly fencing: readonly FencingDeviceSettings[];
}

/** A `stonith` or `stonith_host` line: a plug-in of cluster-glue, run by its program `stonith`, or a fence agent. */
export interface FencingDeviceSettings {
  readonly kind: "plug-in" | "agent";
  readonly type: string;
  /** May be secret: they reach a device on its standard input or in a file of root's. */
  readonly parameters: readonly string[] | { readonly file: string };
}

/** A `respawn` or `failfast` line with its user looked up. */
export interface ClientSettings {
  readonly command: string;
  readonly args: readonly string[];
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** What its end leads to when nobody asked for it. */
  readonly onDeath: "restart" | "reboot";
}

/** No line between our own processes is longer. */
export const longestLine = 1024 * 1024;
/** Work that may wait or run at once; more is refused. */
export const mostOperations = 256;

const actions: readonly string[] = ["status", "monitor", "start", "stop"];

/** @returns the request that an object is, or `undefined`. Settings are taken on trust: only the guardian's pipe brings them. */
export function runnerRequest(value: Readonly<Record<string, unknown>>): RunnerRequest | undefined {
  const { type, operation, text, action, timeout, level, settings, hook } = value;
  const numbered = typeof operation === "number" && Number.isSafeInteger(operation);
  switch (type) {
    case "settings":
      return { type, settings: settings as RunnerSettings };
    case "run":
      if (!numbered || typeof text !== "string" || !isAction(action) || typeof timeout !== "number") return undefined;
      return { type, operation, text, action, timeout };
    case "fence":
      return fenceRequest(value);
    case "abandon":
      return numbered ? { type, operation } : undefined;
    case "startClients":
    case "stopClients":
      return { type };
    case "takeFifo":
      return { type };
    case "hook":
      return { type, hook: hook as Hook };
    case "debug":
      return typeof level === "number" ? { type, level } : undefined;
    default:
      return undefined;
  }
}

function fenceRequest(value: Readonly<Record<string, unknown>>): RunnerRequest | undefined {
  const { operation, node, device, action, timeout } = value;
  if (typeof operation !== "number" || typeof device !== "number" || typeof timeout !== "number") return undefined;
  if (typeof node !== "string" || !isFencingAction(action)) return undefined;
  return { type: "fence", operation, node, device, action, timeout };
}

const isFencingAction = (value: unknown): value is FencingAction =>
  value === "reset" || value === "off" || value === "on";
const isAction = (value: unknown): value is ResourceAction => typeof value === "string" && actions.includes(value);

/** @returns the reply that an object is, or `undefined`. */
export function runnerReply(value: Readonly<Record<string, unknown>>): RunnerReply | undefined {
  const { type, operation, outcome, text } = value;
  if (type === "ready") return { type };
  if (type === "fifo" && typeof text === "string") return { type, text };
  if (type === "fenced" && typeof operation === "number" && typeof outcome === "object")
    return { type, operation, outcome: outcome as FencingOutcome };
  if (type !== "finished" || typeof operation !== "number" || typeof outcome !== "object") return undefined;
  return { type, operation, outcome: outcome as ResourceOutcome };
}

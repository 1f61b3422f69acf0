import type { FencingOutcome } from "./event.js";
import type { NodeName, OperationId } from "./names.js";
import type { NodeState } from "./node-state.js";
import { milliseconds } from "./time.js";
import { change, emit, log, nextOperation, type Turn } from "./turn.js";

/**
 * A node with two power supplies is down only when both are cut: the devices of such a level are told to switch off, all of them, and are
 * told to switch on again when the level has succeeded, has failed, or is abandoned because the node is heard.
 */

/** This device is giving back what it cut. Until it has, the node is not shot again: `on` might overtake `off`. */
export interface Restoring {
  readonly node: NodeName;
  readonly device: number;
}

/** @returns whether several devices together make this level. */
export const isShared = (level: readonly number[] | undefined): boolean => (level?.length ?? 0) > 1;

/** @returns whether some device is still giving back what it cut of this node. */
export const isRestoring = ({ restoring }: NodeState, name: NodeName): boolean =>
  [...restoring.values()].some(({ node }) => node === name);

/** Switches on again what this level has cut or tried to cut. Nobody waits for that: where the node is down, its groups are free already. */
export function giveBack(
  turn: Turn,
  node: NodeName,
  { level, device }: { readonly level: number; readonly device: number },
): void {
  const used = turn.state.settings.fencing.levels[level] ?? [];
  if (!isShared(used)) return;
  for (const one of used.slice(0, used.indexOf(device) + 1)) restore(turn, { node, device: one });
}

function restore(turn: Turn, { node, device }: Restoring): void {
  const timeout = turn.state.settings.fencing.devices[device]?.timeout ?? milliseconds(0);
  const operation = nextOperation(turn);
  emit(turn, { type: "fenceNode", operation, node, device, action: "on", timeout });
  change(turn, { restoring: new Map(turn.state.restoring).set(operation, { node, device }) });
}

/** A device says whether the power is back. */
export function onRestored(
  turn: Turn,
  { operation, node, device }: Restoring & { readonly operation: OperationId },
  outcome: FencingOutcome,
): void {
  const restoring = new Map(turn.state.restoring);
  restoring.delete(operation);
  change(turn, { restoring });
  turn.beatDue = true;
  const text = turn.state.settings.fencing.devices[device]?.text ?? "a device";
  if (outcome.kind === "succeeded") return log(turn, "info", `Power supply of node ${node} is on again [${text}]`);
  log(turn, "WARN", `Power supply of node ${node} was not switched on again [${text}]: ${outcome.why}. Look at it.`);
}

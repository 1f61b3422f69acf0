import type { FencingAction } from "../core/effect.js";
import type { FencingOutcome } from "../core/event.js";
import type { NodeName, OperationId } from "../core/names.js";

/** What one device is to do to the power of one node. */
export interface FencingCall {
  readonly operation: OperationId;
  readonly node: NodeName;
  /** Number of the device in the order of ha.cf; its parameters are known to whoever runs it. */
  readonly device: number;
  readonly action: FencingAction;
  /** Milliseconds until the device's process group is ended and counts as failed. */
  readonly timeout: number;
}

/** Resets other nodes, in another process. */
export interface Fencer {
  /** Begins the reset; the answer comes by the listener, exactly once per operation. */
  fence(call: FencingCall): void;
  /** Ends the device's process; no answer is owed any more. What it has already done is done. */
  abandon(operation: OperationId): void;
  onFinished(listener: (operation: OperationId, outcome: FencingOutcome) => void): void;
}

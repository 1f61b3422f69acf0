import type { FencingOutcome } from "../core/event.js";
import type { NodeName, OperationId } from "../core/names.js";

/** One reset of one node by one device. */
export interface FencingCall {
  readonly operation: OperationId;
  readonly node: NodeName;
  /** Number of the device in the order of ha.cf; its parameters are known to whoever runs it. */
  readonly device: number;
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

import type { ResourceAction } from "../core/effect.js";
import type { ResourceOutcome } from "../core/event.js";
import type { OperationId } from "../core/names.js";

/** One call of a resource script, completely determined: nobody searches or guesses later. */
export interface ScriptCall {
  readonly operation: OperationId;
  /** As haresources has it, for logs: `nginx`, `Filesystem::/dev/loop0::/data::ext4`. */
  readonly text: string;
  readonly action: ResourceAction;
  /** Milliseconds until the process group is ended with SIGTERM, then SIGKILL. */
  readonly timeout: number;
}

/** Runs resource scripts in another process, so that neither fork nor output can delay a heartbeat. */
export interface Scripts {
  /** Begins the call; the answer comes by the listener, exactly once per operation. */
  run(call: ScriptCall): void;
  /** Ends the process group of the operation; no answer is owed any more. */
  abandon(operation: OperationId): void;
  onFinished(listener: (operation: OperationId, outcome: ResourceOutcome) => void): void;
}

import { connect, type Socket } from "node:net";
import type { FencingOutcome } from "../core/event.js";
import { type OperationId, operationId } from "../core/names.js";
import type { Fencer, FencingCall } from "../ports/fencer.js";
import { readObjects, writeObject } from "./json-lines.js";
import { longestLine, type RunnerRequest, runnerReply } from "./runner-protocol.js";

/**
 * The daemon's side of fencing: a connection of its own to the script runner. Every call is answered exactly once; with a failure when
 * the runner cannot be reached or dies with the call in its hands: the core tries again. (That it is silent for too long the core
 * notices by itself.)
 */
export interface OpenFencer extends Fencer {
  /** Settles at the first connection. */
  readonly connected: Promise<void>;
  close(): void;
}

/** Between two tries to reach the runner, in milliseconds. */
const reconnectPause = 100;

export function connectFencer(socketPath: string): OpenFencer {
  const pending = new Set<OperationId>();
  const listeners: ((operation: OperationId, outcome: FencingOutcome) => void)[] = [];
  let runner: Socket | undefined;
  let closed = false;
  let firstConnection: () => void = () => {};
  const connected = new Promise<void>((done) => {
    firstConnection = done;
  });

  const answer = (operation: OperationId, outcome: FencingOutcome): void => {
    if (!pending.delete(operation)) return;
    for (const listener of listeners) listener(operation, outcome);
  };
  const fail = (operation: OperationId, why: string): void => answer(operation, { kind: "failed", why });
  const onLost = (): void => {
    runner = undefined;
    for (const operation of [...pending]) fail(operation, "the script runner ended");
    if (!closed) setTimeout(open, reconnectPause);
  };
  const open = (): void => {
    if (closed) return;
    const socket = connect(socketPath);
    socket.on("error", () => {});
    socket.once("connect", () => {
      runner = socket;
      firstConnection();
    });
    socket.once("close", onLost);
    readObjects(socket, longestLine, (value) => {
      const reply = runnerReply(value);
      if (reply?.type === "fenced") answer(operationId(reply.operation), reply.outcome);
    });
  };
  open();
  return {
    connected,
    fence({ operation, node, device, action, timeout }: FencingCall) {
      pending.add(operation);
      const request: RunnerRequest = { type: "fence", operation, node, device, action, timeout };
      const told = runner !== undefined && writeObject(runner, request, longestLine);
      // Never from within the call: the core is in the middle of a turn.
      if (!told) setImmediate(() => fail(operation, "the script runner cannot be reached"));
    },
    abandon(operation) {
      if (pending.delete(operation) && runner !== undefined)
        writeObject(runner, { type: "abandon", operation }, longestLine);
    },
    onFinished: (listener) => void listeners.push(listener),
    close() {
      closed = true;
      runner?.destroy();
      pending.clear();
    },
  };
}

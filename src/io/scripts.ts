import { connect, type Socket } from "node:net";
import type { ResourceOutcome } from "../core/event.js";
import { type OperationId, operationId } from "../core/names.js";
import type { Hook } from "../ports/hooks.js";
import type { ScriptCall, Scripts } from "../ports/scripts.js";
import { readObjects, writeObject } from "./json-lines.js";
import { answerGrace } from "./runner-process.js";
import { longestLine, type RunnerRequest, runnerReply } from "./runner-protocol.js";

/**
 * The daemon's side of the script runner: a socket. Every call is answered exactly once: by the runner; with `no-answer`
 * when the runner dies with the call in its hands, or stays silent beyond the call's own time limit. A runner that was
 * restarted by the guardian is found again without anybody's help.
 */
export interface OpenScripts extends Scripts {
  /** Asks the runner for the clients of the `respawn` lines. */
  startClients(): void;
  stopClients(): void;
  /** Runs a hook of rc.d; dropped while there is no runner. */
  runHook(hook: Hook): void;
  /** Calls the listener with each message from the FIFO. */
  onFifo(listener: (text: string) => void): void;
  /** Settles at the first connection. */
  readonly connected: Promise<void>;
  close(): void;
}

/** Between two tries to reach the runner, in milliseconds. */
const reconnectPause = 100;
/** A call that cannot be handed over for this long is answered `no-answer`. */
const handOverLimit = 5000;

interface Pending {
  readonly call: ScriptCall;
  readonly limit: NodeJS.Timeout;
  handedOver: boolean;
}

export function connectScripts(socketPath: string): OpenScripts {
  const pending = new Map<OperationId, Pending>();
  const listeners: ((operation: OperationId, outcome: ResourceOutcome) => void)[] = [];
  const fifoListeners: ((text: string) => void)[] = [];
  let clientsWanted: boolean | undefined;
  let runner: Socket | undefined;
  let closed = false;
  let firstConnection: () => void = () => {};
  const connected = new Promise<void>((done) => {
    firstConnection = done;
  });

  const answer = (operation: OperationId, outcome: ResourceOutcome): void => {
    const entry = pending.get(operation);
    if (entry === undefined) return;
    clearTimeout(entry.limit);
    pending.delete(operation);
    for (const listener of listeners) listener(operation, outcome);
  };
  const tell = (request: RunnerRequest): boolean => runner !== undefined && writeObject(runner, request, longestLine);
  const handOver = (entry: Pending): void => {
    const { operation, text, action, timeout } = entry.call;
    if (!tell({ type: "run", operation, text, action, timeout })) return;
    entry.handedOver = true;
    clearTimeout(entry.limit);
    pending.set(operation, { ...entry, limit: limitFor(operation, timeout + answerGrace) });
  };
  const limitFor = (operation: OperationId, milliseconds: number): NodeJS.Timeout =>
    setTimeout(() => answer(operation, noAnswer), milliseconds);
  const onConnected = (socket: Socket): void => {
    runner = socket;
    firstConnection();
    for (const entry of [...pending.values()]) handOver(entry);
    if (fifoListeners.length > 0) tell({ type: "takeFifo" });
    if (clientsWanted !== undefined) tell({ type: clientsWanted ? "startClients" : "stopClients" });
  };
  const onLost = (): void => {
    runner = undefined;
    for (const [operation, entry] of [...pending]) if (entry.handedOver) answer(operation, noAnswer);
    if (!closed) setTimeout(open, reconnectPause);
  };
  const open = (): void => {
    if (closed) return;
    const socket = connect(socketPath);
    socket.on("error", () => {});
    socket.once("connect", () => onConnected(socket));
    socket.once("close", onLost);
    readObjects(socket, longestLine, (value) => {
      const reply = runnerReply(value);
      if (reply?.type === "finished") answer(operationId(reply.operation), reply.outcome);
      if (reply?.type === "fifo") for (const listener of fifoListeners) listener(reply.text);
    });
  };
  open();
  return {
    connected,
    run(call) {
      const entry = { call, limit: limitFor(call.operation, handOverLimit), handedOver: false };
      pending.set(call.operation, entry);
      handOver(entry);
    },
    abandon(operation) {
      const entry = pending.get(operation);
      if (entry === undefined) return;
      clearTimeout(entry.limit);
      pending.delete(operation);
      if (entry.handedOver) tell({ type: "abandon", operation });
    },
    onFinished: (listener) => void listeners.push(listener),
    runHook: (hook) => void tell({ type: "hook", hook }),
    onFifo(listener) {
      fifoListeners.push(listener);
      tell({ type: "takeFifo" });
    },
    startClients() {
      clientsWanted = true;
      tell({ type: "startClients" });
    },
    stopClients() {
      clientsWanted = false;
      tell({ type: "stopClients" });
    },
    close() {
      closed = true;
      runner?.destroy();
      for (const entry of pending.values()) clearTimeout(entry.limit);
      pending.clear();
    },
  };
}

const noAnswer: ResourceOutcome = { kind: "failed", why: "no-answer" };

import { createConnection, type Socket } from "node:net";
import type { ControlAnswer, ControlVerb } from "../control/protocol.js";
import { controlVersion } from "../control/protocol.js";
import { readReply } from "./reply.js";

/**
 * The reader's end of the control socket. One conversation is one request and its answers. Nothing here throws for what the
 * world does: a missing daemon, a silent one and one of another version are values with a text for the operator.
 */

/** Where the daemon listens; `HEARTBEAT_ROOT` moves every path of an installation, for tests and several nodes on one host. */
export const controlSocketPath = (env: Readonly<Record<string, string | undefined>>): string =>
  `${env["HEARTBEAT_ROOT"] ?? ""}/run/heartbeat/control`;

export type LossReason = "not-running" | "not-permitted" | "bad-reply" | "hung-up" | "path-too-long";

export type Heard =
  | { readonly kind: "answer"; readonly answer: ControlAnswer }
  /** Nothing arrived within the limit; the conversation goes on. */
  | { readonly kind: "silent" }
  /** The conversation is over. */
  | { readonly kind: "lost"; readonly why: LossReason; readonly text: string };

export interface Conversation {
  /** Waits at most `limit` milliseconds for the next answer. One caller at a time. */
  next(limit: number): Promise<Heard>;
  close(): void;
}

/** A reply that is longer than this is not a snapshot of any cluster we know. */
const longestLine = 8 * 1024 * 1024;
/** `sun_path` of Linux has 108 bytes, one of them for the final NUL. */
const longestPath = 107;

/** Opens the socket at `path` and asks `verb`. Answers and losses come out of `next`. */
export function ask(path: string, verb: ControlVerb): Conversation {
  const queue = heardQueue();
  if (Buffer.byteLength(path) > longestPath) {
    queue.end({ kind: "lost", why: "path-too-long", text: `the path of the control socket is too long: ${path}` });
    return { next: queue.next, close: () => undefined };
  }
  const socket = createConnection(path);
  socket.setEncoding("utf8");
  socket.on("connect", () => socket.write(`${JSON.stringify({ version: controlVersion, id: 1, ...verb })}\n`));
  socket.on("error", (error: NodeJS.ErrnoException) => queue.end(lossOf(error, path)));
  socket.on("close", () => queue.end({ kind: "lost", why: "hung-up", text: "heartbeat closed the connection" }));
  listen(socket, queue);
  return { next: queue.next, close: () => socket.destroy() };
}

function listen(socket: Socket, queue: HeardQueue): void {
  let rest = "";
  const giveUp = (text: string): void => {
    queue.end({ kind: "lost", why: "bad-reply", text });
    socket.destroy();
  };
  socket.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > longestLine) giveUp("heartbeat sent a line without end");
    for (const line of lines) {
      const reply = readReply(line, 1);
      if (reply.kind === "bad") return giveUp(reply.text);
      if (reply.kind === "reply") queue.push({ kind: "answer", answer: reply.answer });
    }
  });
}

function lossOf(error: NodeJS.ErrnoException, path: string): Heard & { kind: "lost" } {
  const start = "start it with: heartbeat (or: systemctl start heartbeat)";
  switch (error.code) {
    case "ENOENT":
      return { kind: "lost", why: "not-running", text: `heartbeat is not running here; ${start}` };
    case "ECONNREFUSED":
      return {
        kind: "lost",
        why: "not-running",
        text: `heartbeat is not running here (it left its socket ${path} behind, so it did not end by itself); ${start}`,
      };
    case "EACCES":
    case "EPERM":
      return { kind: "lost", why: "not-permitted", text: `not permitted to speak to heartbeat (${path}); try as root` };
    default:
      return { kind: "lost", why: "hung-up", text: `cannot speak to heartbeat at ${path}: ${error.message}` };
  }
}

interface HeardQueue {
  push(heard: Heard): void;
  /** The first end counts; what was heard before it is still handed out. */
  end(loss: Heard & { kind: "lost" }): void;
  next(limit: number): Promise<Heard>;
}

function heardQueue(): HeardQueue {
  const waiting: Heard[] = [];
  let loss: Heard | undefined;
  let waiter: (() => void) | undefined;
  const wake = (): void => waiter?.();
  return {
    push(heard) {
      waiting.push(heard);
      wake();
    },
    end(reason) {
      loss ??= reason;
      wake();
    },
    next(limit) {
      const ready = waiting.shift() ?? loss;
      if (ready !== undefined) return Promise.resolve(ready);
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          waiter = undefined;
          resolve(waiting.shift() ?? loss ?? { kind: "silent" });
        };
        const timer = setTimeout(settle, limit);
        waiter = settle;
      });
    },
  };
}

import { constants, fstatSync, lstatSync, mkdirSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { dirname } from "node:path";
import { fifoReader } from "./fifo-reader.js";
import { describeError, makeFifo } from "./libc.js";

/**
 * The FIFO in which the shell tools of heartbeat drop their messages. It is read by the script runner, never by the process that
 * beats, and it is there only while somebody reads it: a tool that finds none knows that heartbeat does not run.
 */
export interface Fifo {
  /** Whether anybody takes what is read. While nobody does, messages stay in the FIFO and their writers wait when it is full; so at first. */
  setTaken(taken: boolean): void;
  /** Stops reading and takes the file away. */
  close(): void;
}

export interface FifoOptions {
  readonly path: string;
  readonly onMessage: (text: string) => void;
  /** What is wrong, once per kind. */
  readonly onProblem: (text: string) => void;
}

/** @returns the open FIFO, mode 0600; `undefined` when there can be none (said by `onProblem`). Never throws. */
export function openFifo({ path, onMessage, onProblem }: FifoOptions): Fifo | undefined {
  try {
    // Whatever is there (a FIFO of a former run, a regular file that a tool made while nothing ran) gives way.
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) rmSync(path, { force: true });
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const made = makeFifo(path, 0o600);
    if (!made.ok) throw new Error(describeError(made));
    // Open for writing too: otherwise the FIFO would be at its end whenever a writer goes.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return reading(path, fd, onMessage, onProblem);
  } catch (error) {
    onProblem(`no FIFO at ${path}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Whoever writes faster than this waits; the daemon does not. */
const messagesPerSecond = 200;

function reading(path: string, fd: number, onMessage: (text: string) => void, onProblem: (text: string) => void): Fifo {
  const socket = new Socket({ fd, readable: true, writable: false });
  const reader = fifoReader();
  const own = fstatSync(fd).ino;
  let said = false;
  let taken = false;
  let messages = 0;
  const flow = (): void => void (taken && messages < messagesPerSecond ? socket.resume() : socket.pause());
  const second = setInterval(() => {
    messages = 0;
    flow();
  }, 1000);
  socket.on("data", (piece: Buffer) => {
    for (const text of reader.push(piece)) {
      onMessage(text);
      messages += 1;
    }
    flow();
    if (reader.dropped === 0 || said) return;
    said = true;
    onProblem(`something was written into ${path} that is no message of heartbeat; it is dropped`);
  });
  socket.on("error", (error) => onProblem(`${path}: ${error.message}`));
  flow();
  return {
    setTaken(whether) {
      taken = whether;
      flow();
    },
    close() {
      clearInterval(second);
      // After a reload the file may be that of a runner with another configuration.
      if (lstatSync(path, { throwIfNoEntry: false })?.ino === own) rmSync(path, { force: true });
      socket.destroy();
    },
  };
}

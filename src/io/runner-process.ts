import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ResourceAction } from "../core/effect.js";
import type { ResourceOutcome } from "../core/event.js";
import { readObjects, writeObject } from "./json-lines.js";
import { longestLine, type RunnerRequest, type RunnerSettings, runnerReply } from "./runner-protocol.js";

/** The runner seen by the one who started it: the guardian (or a test). */
export interface RunnerProcess {
  readonly pid: number | undefined;
  /** Settles when the daemon may connect. Rejects when the runner ends before. */
  readonly ready: Promise<void>;
  /** A call of the guardian's own. Settles always; `no-answer` when the runner died. */
  run(text: string, action: ResourceAction, timeout: number): Promise<ResourceOutcome>;
  setDebugLevel(level: number): void;
  /** Other settings from now on; clients that run are ended and those of the new settings started. */
  renew(settings: RunnerSettings): void;
  onExit(listener: () => void): void;
  /** Closes the pipe: the runner ends as soon as no daemon needs it. Settles at its end, which comes within `limit` milliseconds. */
  leave(limit: number): Promise<void>;
}

/** Beyond a call's own time limit, the runner gets this many milliseconds to answer. */
export const answerGrace = 10_000;

const entry = fileURLToPath(new URL("./script-runner-main.js", import.meta.url));

/** Starts the runner in a session of its own: a terminal's Ctrl-C is not meant for it. */
export function startRunner(settings: RunnerSettings): RunnerProcess {
  const child = spawn(process.execPath, [entry], { stdio: ["pipe", "pipe", "inherit"], detached: true });
  const waiting = new Map<number, (outcome: ResourceOutcome) => void>();
  let last = 0;
  const exited = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  const answerAll = (): void => {
    for (const settle of waiting.values()) settle(noAnswer);
    waiting.clear();
  };
  void exited.then(answerAll);
  child.stdin.on("error", () => {});
  const tell = (request: RunnerRequest): boolean => writeObject(child.stdin, request, longestLine);
  const ready = new Promise<void>((done, fail) => {
    readObjects(child.stdout, longestLine, (value) => {
      const reply = runnerReply(value);
      if (reply?.type === "ready") done();
      if (reply?.type === "finished") waiting.get(reply.operation)?.(reply.outcome);
    });
    void exited.then(() => fail(new Error("the script runner ended")));
  });
  ready.catch(() => {});
  tell({ type: "settings", settings });
  return {
    pid: child.pid,
    ready,
    run: (text, action, timeout) => {
      const operation = ++last;
      const answer = new Promise<ResourceOutcome>((settle) => {
        waiting.set(operation, settle);
        if (!tell({ type: "run", operation, text, action, timeout })) settle(noAnswer);
      });
      return withLimit(answer, timeout + answerGrace).finally(() => waiting.delete(operation));
    },
    setDebugLevel: (level) => void tell({ type: "debug", level }),
    renew: (next) => void tell({ type: "settings", settings: next }),
    onExit: (listener) => void exited.then(listener),
    leave(limit) {
      child.stdin.end();
      const kill = setTimeout(() => child.kill("SIGKILL"), limit);
      return exited.then(() => clearTimeout(kill));
    },
  };
}

const noAnswer: ResourceOutcome = { kind: "failed", why: "no-answer" };

/** @returns the outcome, or `no-answer` after `limit` milliseconds. */
async function withLimit(answer: Promise<ResourceOutcome>, limit: number): Promise<ResourceOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<ResourceOutcome>((done) => {
    timer = setTimeout(() => done(noAnswer), limit);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

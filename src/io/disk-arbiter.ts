/**
 * The disk as an arbiter. All that touches the disk is done by a process of its own; here is only the pipe to it. A disk that hangs holds up
 * that process, and for the daemon it is silence.
 */
import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { LeaseVerdict } from "../core/lease.js";
import type { GroupId } from "../core/report.js";
import type { Arbiter } from "../ports/arbiter.js";
import { type DiskNews, type DiskOrder, type DiskSettings, diskNews, longestDiskLine } from "./disk-lease-protocol.js";
import { readObjects, writeObject } from "./json-lines.js";
import { realtimeOptions } from "./realtime.js";

export interface DiskArbiter extends Arbiter {
  /** The disk process; for tests and for people. */
  readonly pid: number | undefined;
  /** Why the disk is of no use just now, each time that changes; empty: it is. Silent until that is known. */
  onTrouble(listener: (why: string) => void): void;
}

const entry = fileURLToPath(new URL("../main/disk-lease-main.js", import.meta.url));
/** After the end of a process that lived this long the next one is started at once; else the pause doubles. Milliseconds. */
const livedWell = 10_000;
const shortestPause = 50;
const longestPause = 5_000;
/** Claims whose answers are still of interest; a disk that hangs does not make this grow. */
const mostOpen = 200;

/** Opens the arbiter; returns at once. The process is started anew whenever it ends. */
export const openDiskArbiter = (settings: DiskSettings): DiskArbiter => new DiskClient(settings);

class DiskClient implements DiskArbiter {
  readonly text: string;
  readonly #settings: DiskSettings;
  /** What each open claim still asks for: groups that were released since are taken out. */
  readonly #open = new Map<number, Set<GroupId>>();
  /** Released and not claimed since; a new process is told again. */
  readonly #released = new Set<GroupId>();
  #answer: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void = () => {};
  #poison: (by: string) => void = () => {};
  #trouble: (why: string) => void = () => {};
  #pipe: Duplex | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pause = shortestPause;
  #closed = false;
  /** `undefined`: the disk was not read yet. */
  #why: string | undefined;
  pid: number | undefined;

  constructor(settings: DiskSettings) {
    this.#settings = settings;
    this.text = `disk ${settings.path}`;
    this.#start();
  }

  claim(request: number, groups: readonly GroupId[]): void {
    if (this.#closed) return;
    for (const group of groups) this.#released.delete(group);
    this.#open.set(request, new Set(groups));
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) this.#open.delete(oldest);
    this.#tell({ type: "claim", request, groups });
  }

  release(groups: readonly GroupId[]): void {
    if (this.#closed || groups.length === 0) return;
    for (const group of groups) {
      this.#released.add(group);
      for (const asked of this.#open.values()) asked.delete(group);
    }
    this.#tell({ type: "release", groups });
  }

  onAnswer(listener: (request: number, verdicts: ReadonlyMap<GroupId, LeaseVerdict>) => void): void {
    this.#answer = listener;
  }
  onPoison(listener: (by: string) => void): void {
    this.#poison = listener;
  }
  onTrouble(listener: (why: string) => void): void {
    this.#trouble = listener;
    const why = this.#why;
    if (why !== undefined) setImmediate(() => this.#closed || listener(why));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#open.clear();
    this.#pipe?.destroy();
  }

  #start(): void {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...realtimeOptions, entry], {
      stdio: ["ignore", "ignore", "pipe", "pipe"],
      detached: true,
      // One access at a time: one thread, which gets the priority with the rest.
      env: { ...process.env, UV_THREADPOOL_SIZE: "1" },
    });
    this.pid = child.pid;
    const pipe = child.stdio[3] as unknown as Duplex;
    this.#pipe = pipe;
    pipe.on("error", () => {});
    readObjects(pipe, longestDiskLine, (value) => {
      const news = diskNews(value);
      if (news !== undefined && !this.#closed) this.#hear(news);
    });
    let lastWords = "";
    child.stderr?.on("error", () => {});
    child.stderr?.on("data", (piece: Buffer) => {
      lastWords = `${lastWords}${piece.toString("utf8")}`.slice(-2_000);
    });
    let gone = false;
    const ended = (how: string): void => {
      if (gone) return;
      gone = true;
      pipe.destroy();
      this.#ended(`${how} ${lastWords.trim().split("\n").at(-1) ?? ""}`.trim(), performance.now() - startedAt);
    };
    child.once("error", (error) => ended(`its process could not be started: ${error.message}`));
    child.once("exit", (code, signal) => ended(`its process ended (${signal ?? `code ${code}`})`));
    this.#tell({ type: "settings", settings: this.#settings });
    if (this.#released.size > 0) this.#tell({ type: "release", groups: [...this.#released] });
  }

  /** The next one begins where the disk says: nothing is lost with the process but the calls that were under way. */
  #ended(why: string, lived: number): void {
    this.pid = undefined;
    this.#pipe = undefined;
    if (this.#closed) return;
    this.#say(why);
    this.#pause = lived > livedWell ? shortestPause : Math.min(this.#pause * 2, longestPause);
    this.#retry = setTimeout(() => this.#start(), this.#pause);
  }

  /** A process that does not read any more (its disk hangs, it is stopped) is told nothing more than fits. */
  #tell(order: DiskOrder): void {
    if (this.#pipe !== undefined) writeObject(this.#pipe, order, longestDiskLine);
  }

  #hear(news: DiskNews): void {
    switch (news.type) {
      case "answer": {
        const asked = this.#open.get(news.request);
        this.#open.delete(news.request);
        if (asked === undefined) return;
        return this.#answer(news.request, new Map(news.verdicts.filter(([group]) => asked.has(group))));
      }
      case "poisoned":
        return this.#poison(news.by);
      case "trouble":
        return this.#say(news.why);
    }
  }

  #say(why: string): void {
    if (why === this.#why) return;
    this.#why = why;
    this.#trouble(why);
  }
}

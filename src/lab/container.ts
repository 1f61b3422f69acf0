/**
 * The outer container: one set of namespaces that holds the whole lab. Its first process does nothing but read a pipe that this process
 * keeps open. Whatever ends us – a normal exit, an uncaught error, SIGKILL – closes the pipe, the first process ends, and with it the
 * kernel removes every process, interface and mount of the lab. Nothing is ever made in the host's own namespaces except one empty
 * folder that serves as mount point.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanEnvironment, ended, mustRun, type Outcome, type RunOptions, run, until } from "./child.js";
import { availability } from "./requirements.js";

const PREFIX = "heartbeat-lab-";

/**
 * A first process has to collect the orphans of its namespace, or dead daemons would stay as zombies and look alive to `kill -0`.
 * A shell that waits does that.
 */
const KEEP_ALIVE = "exec 3<&0; cat <&3 >/dev/null & wait $!";

/** The namespaces one can step into. */
export type Namespace = "mount" | "net" | "pid" | "uts" | "ipc";

/** A process of ours that keeps a set of namespaces alive. `pid` is its number as this process sees it. */
export interface Holder {
  readonly child: ChildProcess;
  readonly pid: number;
}

export class Container {
  /** The mount point of the lab's own memory file system; empty when seen from outside. */
  readonly directory: string;
  readonly rootless: boolean;
  readonly #holder: Holder;
  readonly #caretaker: ChildProcess;
  readonly #layers = new Map<string, Promise<string>>();
  readonly #onExit = () => this.#killNow();
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.#killNow();
    this.#forget();
    process.kill(process.pid, signal);
  };

  private constructor(directory: string, rootless: boolean, holder: Holder, caretaking: ChildProcess) {
    this.#caretaker = caretaking;
    this.directory = directory;
    this.rootless = rootless;
    this.#holder = holder;
    process.on("exit", this.#onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, this.#onSignal);
  }

  static async open(): Promise<Container> {
    const how = availability();
    if (how.kind === "unavailable") throw new Error(`no lab on this machine: ${how.reason}`);
    removeStale();
    const rootless = how.kind === "rootless";
    const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
    const prepare = [
      "set -e",
      "mount --make-rprivate /",
      `mount -t tmpfs -o mode=0755 heartbeat-lab ${directory}`,
      "ip link set lo up",
      "echo ready",
      KEEP_ALIVE,
    ];
    try {
      const holder = await hold([...(await userNamespace(rootless)), ...NEW_NAMESPACES], prepare.join("\n"));
      return new Container(directory, rootless, holder, caretaker(directory));
    } catch (error) {
      rmdirSync(directory);
      throw error;
    }
  }

  /** The command line that runs `argv` inside the given namespaces of the process `pid` (the container's first process by default). */
  enter(namespaces: readonly Namespace[], argv: readonly string[], pid = this.#holder.pid): readonly string[] {
    const user = this.rootless ? ["--user", "--preserve-credentials"] : [];
    return ["nsenter", "--target", String(pid), ...user, ...namespaces.map((name) => `--${name}`), "--", ...argv];
  }

  /** Runs a program with the host's files but the network of `pid`. */
  inNetwork(argv: readonly string[], options: RunOptions = {}, pid = this.#holder.pid): Promise<Outcome> {
    return mustRun(this.enter(["net"], argv, pid), options);
  }

  /** Runs a program among the container's own files and processes. */
  inside(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return mustRun(this.enter(["mount", "net", "pid", "uts", "ipc"], argv), options);
  }

  /**
   * A copy of a folder in the lab's memory, for use as a layer over the host's files: the kernel refuses a layer that lies within
   * another one. Copied once, however many machines ask for it.
   */
  layer(folder: string): Promise<string> {
    const known = this.#layers.get(folder);
    if (known) return known;
    const copy = `${this.directory}/layers/${this.#layers.size}`;
    const made = this.inside(["sh", "-ec", 'mkdir -p "$2"; cp -a "$1/." "$2"', "sh", folder, copy]).then(() => copy);
    this.#layers.set(folder, made);
    return made;
  }

  /** Makes a further set of namespaces within the container and runs the script in it as first process, once it has said `ready`. */
  nest(script: string): Promise<Holder> {
    const argv = this.enter(["mount", "net", "pid", "uts", "ipc"], ["unshare", ...NEW_NAMESPACES, "sh", "-c", script]);
    return holdCommand(argv);
  }

  /** Ends everything and waits until the kernel has cleaned up. Harmless when repeated. */
  async close(): Promise<void> {
    this.#forget();
    this.#holder.child.stdin?.destroy();
    kill(this.#holder.pid);
    await ended(this.#holder.child);
    removeDirectory(this.directory);
    this.#caretaker.stdin?.destroy();
    await ended(this.#caretaker);
  }

  /** The hurried form for the process's last moments, when nothing can be awaited any more. */
  #killNow(): void {
    kill(this.#holder.pid);
    removeDirectory(this.directory);
  }

  #forget(): void {
    process.off("exit", this.#onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, this.#onSignal);
  }
}

const NEW_NAMESPACES = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"];

/** With /etc/subuid entries an ordinary user gets a whole range of user numbers, so that daemons can change their user; else only root's. */
async function userNamespace(rootless: boolean): Promise<readonly string[]> {
  if (!rootless) return [];
  const range = ["--user", "--map-root-user", "--map-auto"];
  const tried = await run(["unshare", ...range, "true"]);
  return tried.code === 0 ? range : ["--user", "--map-root-user"];
}

const hold = (flags: readonly string[], script: string) => holdCommand(["unshare", ...flags, "sh", "-c", script]);

/** Starts a command whose last descendant is the first process of a new pid namespace; resolves when its script has said `ready`. */
async function holdCommand(argv: readonly string[]): Promise<Holder> {
  const [program = "", ...rest] = argv;
  // Detached: an interrupt typed at the terminal reaches only us, and we end the lab in order.
  const child = spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"], detached: true, env: cleanEnvironment() });
  let output = "";
  const collect = (text: string) => {
    output += text;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  child.on("error", (error) => collect(error.message));
  child.stdin.on("error", () => undefined);
  try {
    await until(`${argv.join(" ").slice(0, 200)}… to be ready`, 40_000, () => {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`namespaces could not be made: ${output}`);
      return /^ready$/m.test(output);
    });
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${error instanceof Error ? error.message : error}\n${output}`);
  }
  const pid = firstProcess(child.pid ?? 0);
  // The pipes must not keep this process alive on their own; whoever opened the lab decides how long it lives.
  child.unref();
  for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as { unref(): void }).unref();
  return { child, pid };
}

/** Follows the line of children (nsenter, unshare) down to the process that is number 1 in its own namespace. */
function firstProcess(pid: number): number {
  const depth = (of: number) =>
    /^NSpid:\s(.*)$/m
      .exec(readFileSync(`/proc/${of}/status`, "utf8"))?.[1]
      ?.trim()
      .split(/\s+/) ?? [];
  const own = depth(pid).length;
  for (let at = pid, step = 0; step < 6; step += 1) {
    const numbers = depth(at);
    if (numbers.length > own && numbers.at(-1) === "1") return at;
    const next = readFileSync(`/proc/${at}/task/${at}/children`, "utf8").trim().split(" ")[0];
    if (!next) break;
    at = Number(next);
  }
  throw new Error(`cannot find the first process of the namespaces below process ${pid}`);
}

/** SIGKILL by number; a process that is gone already is fine. */
export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Removes the empty mount point after our end, even a SIGKILL: a shell outside that waits until the pipe from us is closed. */
function caretaker(directory: string): ChildProcess {
  const script = 'cat; n=0; while [ -e "$0" ] && ! rmdir "$0" && [ $n -lt 50 ]; do n=$((n+1)); sleep 0.1; done';
  const child = spawn("sh", ["-c", script, directory], { stdio: ["pipe", "ignore", "ignore"], detached: true });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}

function removeDirectory(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    // Gone already, or something is in it that is not ours.
  }
}

/** Labs that were killed leave an empty folder; the folder's name says whose it was. */
function removeStale(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const owner = Number(name.slice(PREFIX.length).split("-")[0]);
    if (!Number.isInteger(owner) || owner <= 0 || isAlive(owner)) continue;
    removeDirectory(join(tmpdir(), name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

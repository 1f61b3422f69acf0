/**
 * A machine of the lab: its own host name, network, processes and disk. Power can be cut and given back; the disk stays.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { posix } from "node:path";
import { cleanEnvironment, ended, type Outcome, quote, type RunOptions, run, until } from "./child.js";
import { type Container, type Holder, kill } from "./container.js";
import { viewScript } from "./filesystem.js";
import { type Moment, now } from "./moment.js";
import type { Interface, MachinePlan } from "./topology.js";
import type { Wires } from "./wires.js";

/** A file to be put on a machine's disk. */
export interface FileSpec {
  readonly content: string;
  /** Permission bits; 0o644 when left out. */
  readonly mode?: number;
  /** "user:group", names or numbers; root when left out. */
  readonly owner?: string;
}

/** Files by their full path; a bare text is a file with mode 0644. */
export type Files = Readonly<Record<string, string | FileSpec>>;

/** An address as `ip addr` shows it. */
export interface AddressSeen {
  readonly device: string;
  readonly address: string;
  readonly prefix: number;
  readonly family: "inet" | "inet6";
  /** Whether the kernel marks it as secondary, tentative and so on: the words of `ip -j addr` as they are. */
  readonly flags: Readonly<Record<string, unknown>>;
}

/** A process of a machine, numbered as the machine sees it. */
export interface ProcessSeen {
  readonly pid: number;
  readonly parent: number;
  /** The kernel's letter: R, S, D, T (stopped), Z (zombie). */
  readonly state: string;
  readonly command: string;
}

const ALL = ["mount", "net", "pid", "uts", "ipc"] as const;

/** Prints one line per process: the words of its `stat` after the name, then its command line. */
const LIST = `for d in /proc/[0-9]*; do p=\${d#/proc/}; [ "$p" = $$ ] && continue
read -r s 2>/dev/null <"$d/stat" || continue; set -- \${s##*) }
c=$(tr '\\0' ' ' 2>/dev/null <"$d/cmdline"); [ -n "$c" ] || { c=\${s#*(}; c="[\${c%%)*}]"; }
echo "$p $2 $1 $c"; done`;

export class Machine {
  readonly name: string;
  readonly plan: MachinePlan;
  protected readonly container: Container;
  protected readonly wires: Wires;
  readonly #packages: readonly string[];
  #holder: Holder | undefined;

  constructor(plan: MachinePlan, container: Container, wires: Wires, packages: readonly string[] = []) {
    this.name = plan.name;
    this.plan = plan;
    this.container = container;
    this.wires = wires;
    this.#packages = packages;
  }

  get hasPower(): boolean {
    return this.#holder !== undefined;
  }

  /** The number of the machine's first process, as this process sees it. */
  get pid(): number {
    if (!this.#holder) throw new Error(`${this.name} has no power`);
    return this.#holder.pid;
  }

  /** Boots: namespaces, disk, host name, network. No daemon is started. */
  async powerOn(): Promise<void> {
    if (this.#holder) throw new Error(`${this.name} has power already`);
    const { directory, rootless } = this.container;
    const packages = await Promise.all(this.#packages.map((folder) => this.container.layer(folder)));
    const view = viewScript({ directory: `${directory}/${this.name}`, rootless, packages });
    const script = `set -e\nmount --make-rprivate /\nhostname ${this.name}\n${view}\necho ready\nexec sh -c 'sleep infinity & wait $!'`;
    this.#holder = await this.container.nest(script);
    for (const card of this.plan.interfaces) await this.wires.plugIn(this.name, card, this.#holder.pid);
    const lines = ["link set lo up", ...this.plan.interfaces.flatMap(cardSetup)];
    await this.container.inNetwork(["ip", "-batch", "-"], { input: `${lines.join("\n")}\n` }, this.#holder.pid);
    const ports = this.wires.serial.plugIn(this.name, (command) => this.spawn(command));
    for (const port of ports)
      await until(`${this.name} to have ${port}`, 5_000, async () => (await this.run(`test -c ${port}`)).code === 0);
  }

  /** Power loss: the ports go dark first, then everything that ran is gone in the same instant. Returns when the ports went dark. */
  async powerOff(): Promise<Moment> {
    const holder = this.#holder;
    if (!holder) throw new Error(`${this.name} has no power`);
    await this.wires.takeOff(this.name);
    const at = now();
    kill(holder.pid);
    this.#holder = undefined;
    await ended(holder.child);
    await this.wires.removePorts(this.name);
    return at;
  }

  /** Runs a command line (a text, given to the shell) or a program with arguments on the machine. */
  run(command: string | readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return run(this.commandLine(command), options);
  }

  /** Starts something that goes on, such as a capture; it ends with the machine or when the returned child is killed. */
  spawn(command: string | readonly string[]): ChildProcess {
    const [program = "", ...rest] = this.commandLine(command);
    return spawn(program, rest, { stdio: "pipe", env: cleanEnvironment() });
  }

  /** The full command line that has the effect of `run`, for callers that want to start it themselves (a terminal, for instance). */
  commandLine(command: string | readonly string[]): readonly string[] {
    const argv = typeof command === "string" ? ["sh", "-c", command] : command;
    return this.container.enter(ALL, argv, this.pid);
  }

  /** What to type, as the same user, in another terminal to look around on the machine while the lab is up. */
  entrance(): string {
    return this.commandLine(["bash", "-l"]).join(" ");
  }

  /** Puts files on the disk. */
  async write(files: Files): Promise<void> {
    const lines = Object.entries(files).map(([path, file]) => {
      const { content, mode = 0o644, owner }: FileSpec = typeof file === "string" ? { content: file } : file;
      const at = quote(path);
      const text = Buffer.from(content).toString("base64");
      const chown = owner === undefined ? "" : ` && chown ${quote(owner)} ${at}`;
      return `mkdir -p ${quote(posix.dirname(path))} && rm -f ${at} && echo ${text} | base64 -d >${at} && chmod ${mode.toString(8)} ${at}${chown}`;
    });
    const outcome = await this.run(["sh", "-e"], { input: `${lines.join("\n")}\n` });
    if (outcome.code !== 0) throw new Error(`${this.name}: files could not be written: ${outcome.stderr}`);
  }

  /** A file's text; empty if there is none. */
  async read(path: string): Promise<string> {
    return (await this.run(["cat", path])).stdout;
  }

  /** All addresses of all cards, now. */
  async addresses(): Promise<readonly AddressSeen[]> {
    const outcome = await this.container.inNetwork(["ip", "-j", "addr"], {}, this.pid);
    const devices = JSON.parse(outcome.stdout) as readonly IpLink[];
    return devices.flatMap(({ ifname, addr_info }) =>
      addr_info.map(({ local, prefixlen, family, ...flags }) => ({
        device: ifname,
        address: local,
        prefix: prefixlen,
        family,
        flags,
      })),
    );
  }

  /** All processes except the lab's own first one. */
  async processes(): Promise<readonly ProcessSeen[]> {
    const { stdout } = await this.run(LIST);
    return stdout.split("\n").flatMap((line) => {
      const [, pid, parent, state, command] = /^(\d+) (\d+) (\S) (.*)$/.exec(line) ?? [];
      // Number 1 and its sleeper hold the machine up; commands given from outside appear as children of nobody (parent 0).
      if (!pid || pid === "1" || parent === "0" || command === "sleep infinity ") return [];
      return [{ pid: Number(pid), parent: Number(parent), state: state ?? "?", command: (command ?? "").trim() }];
    });
  }

  /** Sends a signal to processes by their numbers. Returns the instant at which it was done. */
  async signal(signal: string, pids: readonly number[]): Promise<Moment> {
    if (pids.length > 0) await this.run(`kill -${signal} ${pids.join(" ")}`);
    return now();
  }
}

interface IpLink {
  readonly ifname: string;
  readonly addr_info: readonly {
    local: string;
    prefixlen: number;
    family: "inet" | "inet6";
    [flag: string]: unknown;
  }[];
}

function cardSetup({ name, addresses, metric, routes = [] }: Interface): readonly string[] {
  const preference = metric === undefined ? "" : ` metric ${metric}`;
  const add = (address: string) =>
    address.includes(":")
      ? `addr add ${address} dev ${name} nodad${preference}`
      : `addr add ${address} broadcast + dev ${name}${preference}`;
  return [...addresses.map(add), `link set ${name} up`, ...routes.map((route) => `route add ${route} dev ${name}`)];
}

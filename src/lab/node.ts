/**
 * A node: a machine with a heartbeat daemon on it, and the things that happen to nodes.
 */
import type { Outcome } from "./child.js";
import { until } from "./child.js";
import type { Container } from "./container.js";
import type { DaemonPlan } from "./daemons.js";
import { type Files, Machine, type ProcessSeen } from "./machine.js";
import { type Moment, now } from "./moment.js";
import type { MachinePlan } from "./topology.js";
import type { Wires } from "./wires.js";

/** The three files of a node and whatever else belongs on its disk. */
export interface NodeFiles {
  readonly haCf: string;
  readonly authkeys: string;
  readonly haresources: string;
  readonly extra?: Files;
}

/** Which processes a signal is for: the daemon's first process, it with all its descendants, or everything that runs on the node. */
export type Target = "daemon" | "tree" | "all" | readonly number[];

export class Node extends Machine {
  readonly daemon: DaemonPlan;
  readonly #files: NodeFiles;
  #furnished = false;

  constructor(plan: MachinePlan, container: Container, wires: Wires, files: NodeFiles, daemon: DaemonPlan) {
    super(plan, container, wires, daemon.packages ?? []);
    this.#files = files;
    this.daemon = daemon;
  }

  /** Boots; at the first time the files are put on the disk. */
  override async powerOn(): Promise<void> {
    await super.powerOn();
    if (!this.#furnished) await this.furnish(this.#files);
    this.#furnished = true;
    if (this.daemon.prepare) await this.#must(this.daemon.prepare);
  }

  /** Writes (other) configuration files; the daemon is not told. */
  async furnish({ haCf, authkeys, haresources, extra = {} }: Partial<NodeFiles>): Promise<void> {
    const folder = this.daemon.configuration ?? "/etc/ha.d";
    await this.write({
      ...(haCf === undefined ? {} : { [`${folder}/ha.cf`]: haCf }),
      ...(authkeys === undefined ? {} : { [`${folder}/authkeys`]: { content: authkeys, mode: 0o600 } }),
      ...(haresources === undefined ? {} : { [`${folder}/haresources`]: haresources }),
      ...extra,
    });
  }

  /** Starts the daemon; throws with its own words if it refuses. */
  async start(): Promise<void> {
    await this.#must(this.daemon.start);
  }

  /** Asks the daemon for an orderly stop and waits for its end. */
  stop(timeout = 120_000): Promise<Outcome> {
    return this.run(this.daemon.stop, { timeout });
  }

  /** Power loss. The disk stays. Returns the instant from which nothing of it was heard any more. */
  crash(): Promise<Moment> {
    return this.powerOff();
  }

  /** Power again: boots with the same disk and starts the daemon. */
  async revive(): Promise<void> {
    await this.powerOn();
    await this.start();
  }

  /** SIGKILL. Everything else on the node goes on, and the kernel keeps whatever addresses it has been given. */
  async killDaemon(target: Target = "daemon"): Promise<Moment> {
    const pids = await this.#pids(target);
    if (pids.length === 0) throw new Error(`${this.name}: no daemon is running`);
    return this.signal("KILL", pids);
  }

  /** SIGSTOP: the processes hang, while the kernel goes on answering pings and ARP. */
  async freeze(target: Target = "all"): Promise<Moment> {
    return this.signal("STOP", await this.#pids(target));
  }

  /** SIGCONT. */
  async thaw(target: Target = "all"): Promise<Moment> {
    await this.wires.putBack(this.name);
    return this.signal("CONT", await this.#pids(target));
  }

  /** A paused virtual machine: its processes hang and its kernel is not heard either. `thaw` ends it. Timers of the kernel go on. */
  async suspend(): Promise<Moment> {
    await this.wires.takeOff(this.name);
    const at = now();
    await this.freeze("all");
    return at;
  }

  /** The daemon's first process, as its pid file has it; undefined if it does not run. */
  async daemonPid(): Promise<number | undefined> {
    return (await this.#pids("daemon"))[0];
  }

  /** The node's log, or another file in /var/log. */
  log(name = "ha-log"): Promise<string> {
    return this.read(`/var/log/${name}`);
  }

  /** Waits until the log has a line that matches; returns the line. */
  logged(pattern: RegExp, timeout = 30_000, name = "ha-log"): Promise<string> {
    const find = async () => (await this.log(name)).split("\n").find((line) => pattern.test(line));
    return until(`${this.name} to log ${pattern}`, timeout, find, 100);
  }

  /** Whether the address is on one of the node's cards. */
  async holds(address: string): Promise<boolean> {
    return (await this.addresses()).some((seen) => seen.address === address);
  }

  async #must(command: string): Promise<void> {
    const { code, stdout, stderr } = await this.run(command, { timeout: 60_000 });
    if (code !== 0) throw new Error(`${this.name}: ${command}: exit code ${code}\n${stderr}${stdout}`);
  }

  async #pids(target: Target): Promise<readonly number[]> {
    if (typeof target !== "string") return target;
    const running = (await this.processes()).filter((one) => one.state !== "Z");
    if (target === "all") return running.map((one) => one.pid);
    const masters = this.daemon.find(running, await this.read(this.daemon.pidFile));
    return target === "daemon" ? masters : descendants(running, masters);
  }
}

/** The given processes and all their children's children. */
function descendants(running: readonly ProcessSeen[], roots: readonly number[]): readonly number[] {
  const found = [...roots];
  for (const pid of found)
    found.push(...running.filter((one) => one.parent === pid && !found.includes(one.pid)).map((one) => one.pid));
  return found;
}

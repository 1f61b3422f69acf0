import type { Config, GroupConfig } from "../config/config.js";
import type { Share } from "../core/event.js";
import { nodeName } from "../core/names.js";
import type { GroupSettings } from "../core/settings.js";
import type { Answer, Loop } from "../daemon/loop.js";
import type { Incarnation } from "./incarnation.js";
import { LivenessChecker } from "./liveness-checker.js";
import { Luck } from "./luck.js";
import { Machine } from "./machine.js";
import { Mailroom } from "./passing-codec.js";
import { PretendArbiter } from "./pretend-arbiter.js";
import { type ClusterShape, configOf, linkAddress } from "./pretend-cluster.js";
import { Safety } from "./safety.js";
import { Schedule } from "./schedule.js";
import { Tally } from "./tally.js";
import { Trace } from "./trace.js";
import { Wires } from "./wires.js";

/** What the checkers allow, in milliseconds and counts. */
export interface Parameters {
  /** The timer of a daemon fires up to this much late. */
  readonly timerLatency: number;
  /** Clocks run fast or slow by up to this share. */
  readonly drift: number;
  readonly deadtime: number;
  /** All scripts of the longest group, stopped and started. */
  readonly longestScripts: number;
  /** What random loss may add to the settling of a split. */
  readonly lossGrace: number;
  readonly longestOutage: number;
  readonly mostWakeUps: number;
  readonly mostDatagrams: number;
  /** Fencing is configured everywhere and no device lies: then no silence excuses two holders. */
  readonly isFenced?: boolean;
  /** Datagrams are really encoded and signed, or passed on as they are (`passing-codec.ts`); real where nothing is said. */
  readonly codec?: "real" | "passing";
  /** Something is broken on purpose: the checkers must notice. */
  readonly sabotage?: Sabotage;
}

export type Sabotage =
  /** It lets a hung daemon be, and so does the kernel. */
  | "guardian-asleep"
  | "dead-man-asleep"
  | "addresses-stay"
  | "nobody-announces"
  | "stops-lie"
  | "pings-lie"
  | "legacy-forgotten";

export interface Violation {
  readonly at: number;
  readonly what: string;
  readonly detail: string;
}

/** What an operator asked for, and of which daemon. */
export interface Wish {
  readonly node: string;
  readonly text: string;
  readonly at: number;
  readonly incarnation: Incarnation;
  isAnswered(): boolean;
}

/** A guardian whose daemon died again and again waits longer than an operator does, in milliseconds. */
const patience = 8_000;

/** A pretend cluster: machines, wires, time, luck, and the checkers that look at it all the time. */
export class World {
  readonly schedule = new Schedule();
  readonly luck: Luck;
  readonly wires: Wires;
  readonly trace: Trace;
  readonly safety: Safety;
  readonly liveness: LivenessChecker;
  readonly machines: readonly Machine[];
  readonly groups: readonly GroupConfig[];
  readonly addresses: readonly string[];
  readonly violations: Violation[] = [];
  parameters: Parameters;
  readonly tally = new Tally();
  readonly mailroom: Mailroom | undefined;
  /** Who announced each address last: where the neighbours send its packets. */
  readonly neighbours = new Map<string, string>();
  /** What gives leases; `undefined`: the configuration names none. */
  readonly arbiter: PretendArbiter | undefined;
  wishes: Wish[] = [];
  /** When each address was put on some machine. */
  readonly arrivals = new Map<string, number[]>();
  /** When a fault, an operator or a daemon's start changed the rules last. */
  disturbedAt = 0;
  /** When an address or a service changed last. */
  movedAt = 0;
  #keptUp = false;
  #episode = 0;
  readonly #shape: ClusterShape;
  readonly #sent = new Map<string, number>();
  readonly #byName: ReadonlyMap<string, Machine>;

  constructor({
    seed,
    shape,
    parameters,
    keep = 80,
    configFor = (node) => configOf(shape, node),
  }: {
    seed: number;
    shape: ClusterShape;
    parameters: Parameters;
    keep?: number;
    configFor?: (node: string) => Config;
  }) {
    const { nodes, links } = shape;
    this.#shape = shape;
    this.parameters = parameters;
    this.luck = new Luck(seed);
    this.mailroom = parameters.codec === "passing" ? new Mailroom() : undefined;
    this.wires = new Wires({
      schedule: this.schedule,
      luck: this.luck.stream("wires"),
      nodes,
      links,
      tally: this.tally,
    });
    this.trace = new Trace(this.schedule, keep);
    const leaseTime = configFor(nodes[0] ?? "").settings.arbitration.leaseTime;
    if (leaseTime !== undefined)
      this.arbiter = new PretendArbiter({
        schedule: this.schedule,
        luck: this.luck.stream("arbiter"),
        lease: leaseTime,
        rate: 1 + this.luck.stream("arbiter's clock").between(-parameters.drift, parameters.drift),
        believes: configFor(nodes[0] ?? "").arbiter?.kind !== "disk",
        tally: this.tally,
      });
    this.safety = new Safety(this);
    this.machines = nodes.map((name, index) => new Machine(this, { name, index, config: configFor(name) }));
    this.#byName = new Map(this.machines.map((machine) => [machine.name, machine]));
    this.groups = this.machines[0]?.config.groups ?? [];
    this.addresses = this.groups.flatMap((group) =>
      group.resources.flatMap((resource) => (resource.kind === "address" ? [resource.address.address] : [])),
    );
    this.liveness = new LivenessChecker(this);
  }

  /** What the takeover of the group needs, and the rest of it that the core knows. @throws RangeError when there is no such group. */
  groupSettings(index: number): GroupSettings {
    const settings = this.machines[0]?.config.settings.groups[index];
    if (settings === undefined) throw new RangeError(`there is no group ${index}`);
    return settings;
  }

  /** @throws RangeError when there is no machine of this name. */
  machine(name: string): Machine {
    const machine = this.#byName.get(name);
    if (machine === undefined) throw new RangeError(`there is no node ${name}`);
    return machine;
  }

  /** @returns the nodes that hear what is sent over a medium. */
  recipients(from: string, link: string, target: string): readonly string[] {
    if (target === "everybody") return this.#shape.nodes;
    return this.#shape.nodes.filter((node) => node !== from && linkAddress(this.#shape, node, link) === target);
  }

  /** Sends a datagram to all others over all links. */
  broadcast(from: string, bytes: Uint8Array): void {
    for (const link of this.#shape.links) {
      for (const to of this.#shape.nodes) if (to !== from) this.wires.carry({ from, link, bytes }, to);
    }
  }

  /** From now on somebody starts heartbeat again wherever it has ended, or rests for long. @param tend what else a person does there. */
  keepUp(tend: (machine: Machine) => void): void {
    if (this.#keptUp) return;
    this.#keptUp = true;
    const episode = this.#episode;
    const look = (): void => {
      if (episode !== this.#episode) return;
      for (const machine of this.machines) {
        machine.start();
        tend(machine);
        if ((machine.guardian?.rest ?? 0) > patience) machine.restart();
      }
      this.schedule.in(500, look);
    };
    look();
  }

  /** A new fault schedule begins: nobody looks after the machines any more, and the checkers allow what these faults oblige them to. */
  beginEpisode(parameters: Parameters): void {
    this.#keptUp = false;
    this.#episode++;
    this.parameters = parameters;
    this.wishes = [];
    this.wires.forgetWeather(parameters.deadtime);
  }

  noteSent(node: string): void {
    this.#sent.set(node, this.sentBy(node) + 1);
  }

  sentBy(node: string): number {
    return this.#sent.get(node) ?? 0;
  }

  onAddress(machine: Machine, change: "on" | "off" | "announced", address: string): void {
    if (change === "announced") {
      if (this.parameters.sabotage === "nobody-announces") return;
      this.neighbours.set(address, machine.name);
      return;
    }
    machine.note(`${address} ${change}`);
    if (change === "on") machine.addedAt.set(address, this.schedule.now);
    if (change === "on") this.arrivals.set(address, [...(this.arrivals.get(address) ?? []), this.schedule.now]);
    this.movedAt = this.schedule.now;
    this.onTruthChanged();
  }

  onTruthChanged(): void {
    this.safety.look();
  }

  noteDisturbance(): void {
    this.disturbedAt = this.schedule.now;
  }

  /** An operator types hb_standby or hb_takeover. */
  wish(machine: Machine, kind: "standby" | "takeover", what: Share): void {
    this.tally.note("operator's wish");
    this.#ask(machine, `${kind} ${what}`, (loop, answer) => loop.wish(kind, what, answer));
  }

  /** An operator types heartbeat confirm. */
  confirm(machine: Machine, node: string): void {
    this.#ask(machine, `confirm ${node} dead`, (loop, answer) => loop.confirm(nodeName(node), "root (uid 0)", answer));
  }

  #ask(machine: Machine, text: string, begin: (loop: Loop, answer: Answer) => void): void {
    const wish = { node: machine.name, text, at: this.schedule.now, answer: "" };
    const { daemon } = machine;
    if (daemon === undefined) return machine.note("heartbeat is not running");
    this.wishes.push({ ...wish, incarnation: daemon, isAnswered: () => wish.answer !== "" });
    daemon.call((loop) =>
      begin(loop, (outcome, words) => {
        if (wish.answer !== "")
          this.violation("answered twice", `${wish.text} on ${wish.node}: ${wish.answer}, then ${outcome}`);
        if (outcome !== "running") wish.answer = outcome;
        machine.note(`answer to ${wish.text}: ${outcome}: ${words}`);
      }),
    );
  }

  violation(what: string, detail: string): void {
    if (
      this.violations.some(
        (known) => known.what === what && known.detail.split(" for ")[0] === detail.split(" for ")[0],
      )
    )
      return;
    this.violations.push({ at: this.schedule.now, what, detail });
    this.trace.note("WORLD", `VIOLATION ${what}: ${detail}`);
  }
}

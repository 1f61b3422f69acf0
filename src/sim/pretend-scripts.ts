import type { ResourceAction } from "../core/effect.js";
import type { ResourceOutcome } from "../core/event.js";
import type { OperationId } from "../core/names.js";
import type { ScriptCall, Scripts } from "../ports/scripts.js";
import type { Appointment } from "./schedule.js";
import { Tally } from "./tally.js";

/** How a resource script of this machine behaves when it is called. */
export interface Temper {
  readonly does: "work" | "fail" | "hang";
  /** Milliseconds. */
  readonly takes: number;
}

/** From here on a script counts as slow, in milliseconds: as long as a keepalive of most worlds. */
const slow = 500;

/** The services that the resource scripts of one machine control. They outlive daemon and guardian, not the machine. */
export class Services {
  /** What runs, or may already run: a service counts from the first moment of its start to the end of a stop that succeeded. */
  readonly active = new Map<string, "starting" | "running" | "stopping">();
  /** Sabotage: a stop that says it succeeded and did nothing. */
  stopsLie = false;
  readonly #tempers = new Map<string, Temper>();
  readonly #onChange: (what: string) => void;
  /** Called before a service begins to start. */
  onStart: (service: string) => void = () => {};
  /** Scripts that failed or hung on this machine since the last heal-all: only they excuse a group that is down here. */
  readonly troubled = new Map<string, number>();
  /** Number of the script runner: what a former one started is ended by the next. */
  runner = 0;
  /** Number of the daemon that runs the scripts now. */
  incarnation = 0;

  readonly #tally: Tally;
  readonly #seen = new Set<string>();

  constructor(onChange: (what: string) => void, tally = new Tally()) {
    this.#onChange = onChange;
    this.#tally = tally;
  }

  setTemper(service: string, action: ResourceAction, temper: Temper): void {
    this.#tempers.set(`${service} ${action}`, temper);
  }

  makeAllWork(): void {
    for (const [key, temper] of this.#tempers) this.#tempers.set(key, { ...temper, does: "work" });
    this.troubled.clear();
  }

  temper(service: string, action: ResourceAction): Temper {
    return this.#tempers.get(`${service} ${action}`) ?? { does: "work", takes: action === "status" ? 20 : 100 };
  }

  begin(service: string, action: ResourceAction): void {
    const { does, takes } = this.temper(service, action);
    if (does !== "work") this.troubled.set(service, this.incarnation);
    if (does === "fail") this.#tally.note("script failed");
    else if (takes >= slow) this.#tally.note("script slow");
    if (action === "status") return;
    this.#onChange(`${service} ${action}`);
    if (action === "start") this.onStart(service);
    if (action === "start" && this.active.get(service) !== "running") this.active.set(service, "starting");
    if (action === "stop" && this.active.has(service)) this.active.set(service, "stopping");
  }

  /** A status of it has said to this daemon that it runs: only then a daemon can notice its death. */
  wasSeen(service: string): boolean {
    return this.#seen.has(service);
  }

  /** Another daemon runs the scripts now, and has heard nothing from them yet. */
  begunBy(incarnation: number): void {
    this.incarnation = incarnation;
    this.#seen.clear();
  }

  /** It ends by itself: a crash, the OOM killer. */
  die(service: string): void {
    if (this.active.get(service) !== "running") return;
    this.active.delete(service);
    this.#tally.note("service died");
    this.#onChange(`${service} died`);
  }

  /** The script came to its end by itself. A failed start may have left something running, which only a stop removes. */
  finish(service: string, action: ResourceAction): ResourceOutcome {
    const { does } = this.temper(service, action);
    // What was interrupted while it started is not yet what a status would call running, but may be in the way all the same.
    if (action === "status") {
      const runs = (this.active.get(service) ?? "starting") !== "starting";
      if (runs) this.#seen.add(service);
      return { kind: runs ? "running" : "stopped" };
    }
    if (does === "fail") {
      this.troubled.set(service, this.incarnation);
      if (action === "stop" && this.active.has(service)) this.active.set(service, "running");
      this.#onChange(`${service} ${action} failed`);
      return { kind: "failed", why: "exit-code", code: 1 };
    }
    if (action === "start") this.active.set(service, "running");
    else if (!this.stopsLie) this.active.delete(service);
    this.#onChange(`${service} ${action} done`);
    return { kind: "succeeded" };
  }

  /** The script was ended because it took too long. */
  interrupt(service: string, action: ResourceAction): void {
    this.troubled.set(service, this.incarnation);
    this.#tally.note("script hung");
    if (action === "stop" && this.active.has(service)) this.active.set(service, "running");
  }

  /** A runner starts, and ends what a former one has left behind: its stop scripts come to no end. */
  sweep(): void {
    this.runner++;
    for (const [service, state] of this.active) if (state === "stopping") this.active.set(service, "running");
  }

  /** Nobody is left who knows what runs here. */
  orphan(): void {
    for (const service of this.active.keys()) this.troubled.set(service, this.incarnation);
  }

  powerLost(): void {
    this.active.clear();
  }
}

/** Makes an appointment in the time of one machine, which stands still while the machine is frozen. */
export type Later = (delay: number, action: () => void) => Appointment;

interface Running {
  readonly call: ScriptCall;
  end: Appointment;
}

/** Runs resource scripts for one daemon, in pretend time. */
export class PretendScripts implements Scripts {
  readonly #later: Later;
  readonly #services: Services;
  readonly #running = new Map<OperationId, Running>();
  #listener: (operation: OperationId, outcome: ResourceOutcome) => void = () => {};
  readonly #whenAwake: (action: () => void) => void;

  /** @param world `whenAwake` runs the action as soon as the daemon can take notice (at once, or when it thaws). */
  constructor(world: { later: Later; services: Services; whenAwake: (action: () => void) => void }) {
    this.#later = world.later;
    this.#services = world.services;
    this.#whenAwake = world.whenAwake;
  }

  run(asked: ScriptCall): void {
    // What would ask for a service otherwise than its script does is not here to be run.
    const call: ScriptCall = asked.action === "monitor" ? { ...asked, action: "status" } : asked;
    const { does, takes } = this.#services.temper(call.text, call.action);
    this.#services.begin(call.text, call.action);
    const overdue = does === "hang" || takes > call.timeout;
    const end = this.#later(overdue ? call.timeout : takes, () => this.#end(call, overdue));
    this.#running.set(call.operation, { call, end });
  }

  #end(call: ScriptCall, overdue: boolean): void {
    if (!this.#running.delete(call.operation)) return;
    if (overdue) this.#services.interrupt(call.text, call.action);
    const outcome: ResourceOutcome = overdue
      ? { kind: "failed", why: "timed-out" }
      : this.#services.finish(call.text, call.action);
    this.#whenAwake(() => this.#listener(call.operation, outcome));
  }

  abandon(operation: OperationId): void {
    const running = this.#running.get(operation);
    if (running === undefined) return;
    running.end.cancelled = true;
    this.#running.delete(operation);
  }

  onFinished(listener: (operation: OperationId, outcome: ResourceOutcome) => void): void {
    this.#listener = listener;
  }

  /** The daemon died and its runner with it: no script comes to its end. */
  endAll(): void {
    for (const operation of [...this.#running.keys()]) this.abandon(operation);
  }
}

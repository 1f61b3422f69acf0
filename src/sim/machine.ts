import type { Config } from "../config/config.js";
import { Incarnation } from "./incarnation.js";
import { Lan } from "./lan.js";
import type { Luck } from "./luck.js";
import { MachineClock } from "./pretend-clock.js";
import { PretendDeadMan } from "./pretend-dead-man.js";
import type { FencingTemper } from "./pretend-fencer.js";
import { PretendGuardian } from "./pretend-guardian.js";
import { PretendAddresses } from "./pretend-ports.js";
import { Services } from "./pretend-scripts.js";
import type { Appointment } from "./schedule.js";
import type { Datagram, Receiver } from "./wires.js";
import type { Sabotage, World } from "./world.js";

/** How the whole machine stands still (a paused virtual machine, a hung disk): what its clock and its network card do meanwhile. */
export interface Freeze {
  readonly clockStops: boolean;
  readonly dropsDatagrams: boolean;
}

/** From a reset to the start of heartbeat. */
const bootTime = 2_000;

/** One pretend computer: power, kernel, services, guardian, daemon. What the kernel answers for is the truth that the checkers judge. */
export class Machine implements Receiver {
  readonly name: string;
  readonly config: Config;
  readonly uuid: Uint8Array;
  readonly clock: MachineClock;
  readonly addresses: PretendAddresses;
  readonly services: Services;
  readonly luck: Luck;
  /** How the fencing devices behave that this machine uses against others. */
  fencing: FencingTemper = { does: "work", takes: 1_000 };
  /** Devices that behave in another way than the rest, by their number. */
  readonly fencingBy = new Map<number, FencingTemper>();
  powered = false;
  daemon: Incarnation | undefined;
  guardian: PretendGuardian | undefined;
  frozen: (Freeze & { readonly since: number }) | undefined;
  readonly #world: World;
  /** Since when the ping node has been out of reach; `undefined`: it answers. */
  pingLostSince: number | undefined;
  pingHealedAt = 0;
  readonly deadMan: PretendDeadMan;
  readonly lan: Lan;
  /** When each address was put on last, in the time of the world. */
  readonly addedAt = new Map<string, number>();
  /** The last time that everything of heartbeat stood still here, the clock with it or not; `until` is missing while it does. */
  stood: { readonly since: number; readonly until?: number; readonly clockStops: boolean } | undefined;
  /** Single ping nodes that are out of reach from here. */
  readonly pingsLost = new Set<string>();
  /** How much later than usual timers fire: the machine is busy with something else. Milliseconds. */
  lag = 0;
  /** When it was busy last, in the time of the world. */
  get laggedAt(): number {
    return this.lag > 0 ? this.#world.schedule.now : this.lagEndedAt;
  }
  lagEndedAt = Number.NEGATIVE_INFINITY;
  /** When its daemon was killed last, in the time of the world; the guardian needs a moment to withdraw. */
  daemonKilledAt = Number.NEGATIVE_INFINITY;
  /** How far the wall clock has been put wrong, in seconds. */
  wallOffset = 0;
  #generation = 0;
  #deferred: Appointment[] = [];
  #arrived: Datagram[] = [];
  #powerCycles = 0;
  #daemonStopped = false;
  readonly #suppliesOff = new Set<number>();
  /** It lost its power by `switchSupply`. */
  #isCut = false;

  constructor(world: World, { name, config, index }: { name: string; config: Config; index: number }) {
    this.#world = world;
    this.name = name;
    this.config = config;
    this.uuid = Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? index + 1 : 0));
    this.luck = world.luck.stream(name);
    const drift = world.parameters.drift;
    this.clock = new MachineClock(world.schedule, {
      offset: this.luck.between(1_000, 1_000_000),
      rate: 1 + this.luck.between(-drift, drift),
    });
    this.lan = new Lan(() => world.schedule.now, world.tally);
    this.deadMan = new PretendDeadMan(config, () => this.clock.now());
    if (drift !== 0) world.tally.note("clock drifted");
    this.addresses = new PretendAddresses(devicesOf(config), (change, address) =>
      world.onAddress(this, change, address),
    );
    this.addresses.isSticky = this.hasSabotage("addresses-stay");
    this.services = new Services((what) => {
      this.note(what);
      world.movedAt = world.schedule.now;
    }, world.tally);
    this.services.stopsLie = this.hasSabotage("stops-lie");
    this.services.onStart = (service) => world.safety.beforeServiceStart(this, service);
    world.wires.connect(name, this);
  }

  changePing(isCut: boolean): void {
    if (isCut) this.pingLostSince ??= this.#world.schedule.now;
    else if (this.pingLostSince !== undefined) {
      this.pingLostSince = undefined;
      this.pingHealedAt = this.#world.schedule.now;
    }
  }

  hasSabotage(sabotage: Sabotage): boolean {
    return this.#world.parameters.sabotage === sabotage;
  }

  note(text: string): void {
    this.#world.trace.note(this.name, text);
  }

  /** Makes an appointment that waits while the machine is frozen and is forgotten when the power goes. */
  later(delay: number, action: () => void): Appointment {
    const cycle = this.#powerCycles;
    const appointment = this.#world.schedule.in(delay, () => {
      if (cycle !== this.#powerCycles) return;
      if (this.frozen === undefined) action();
      else this.#deferred.push(appointment);
    });
    return appointment;
  }

  /** Power on, operating system up, heartbeat starts. */
  start(): void {
    if (this.frozen !== undefined) return void this.later(0, () => this.start());
    this.powered = true;
    if (this.guardian !== undefined) return;
    this.#moveOn();
    this.guardian = new PretendGuardian(this, this.config);
    this.guardian.begin();
  }

  spawn(): void {
    const { guardian } = this;
    if (guardian === undefined || this.daemon !== undefined) return;
    this.#generation++;
    this.#daemonStopped = false;
    this.services.begunBy(this.#generation);
    this.#world.noteDisturbance();
    this.note(`daemon starts (generation ${this.#generation})`);
    this.daemon = new Incarnation({
      world: this.#world,
      machine: this,
      config: this.#configOfDaemon(),
      guardian,
      generation: this.#generation,
      luck: this.luck.stream(`incarnation ${this.#generation}`),
      later: (delay, action) => this.later(delay, action),
    });
    this.daemon.begin();
    guardian.ready();
  }

  #configOfDaemon(): Config {
    const { config } = this;
    if (!this.hasSabotage("legacy-forgotten") || config.settings.autoFailback !== "legacy") return config;
    return { ...config, settings: { ...config.settings, autoFailback: "off" } };
  }

  /** SIGKILL for the daemon alone. */
  killDaemon(): void {
    const { daemon, guardian } = this;
    if (daemon === undefined) return;
    daemon.kill();
    this.daemon = undefined;
    this.daemonKilledAt = this.#world.schedule.now;
    this.note("daemon killed");
    this.#world.tally.note("daemon killed");
    this.#world.noteDisturbance();
    guardian?.onExit(undefined, "SIGKILL");
  }

  /** SIGKILL for everything of heartbeat at once: nobody is left to withdraw, to tell or to restart. */
  killAll(): void {
    this.daemon?.kill();
    this.daemon = undefined;
    this.guardian?.retire();
    this.guardian = undefined;
    this.#daemonStopped = false;
    this.services.orphan();
    this.#standStill();
    this.#world.tally.note("everything of heartbeat killed");
    this.note("everything of heartbeat killed");
    this.#world.noteDisturbance();
  }

  /** SIGSTOP for everything of heartbeat; the kernel and the services go on. */
  stopAll(): void {
    if (this.guardian === undefined) return;
    this.#world.tally.note("everything of heartbeat stopped");
    this.#standStill();
    this.guardian.sleep();
    this.stopDaemon();
  }

  continueAll(): void {
    if (this.frozen === undefined && this.guardian !== undefined) this.#moveOn();
    this.continueDaemon();
    this.guardian?.wake();
  }

  #standStill(clockStops = false): void {
    const { now } = this.#world.schedule;
    // What was refreshed before the clock stood is good until well after it: a second stop does not end that.
    const { deadtime } = this.config.settings.timing;
    const stoodJustNow = this.stood?.clockStops === true && now - (this.stood.until ?? now) < deadtime;
    if (this.stood === undefined || this.stood.until !== undefined)
      this.stood = { since: now, clockStops: clockStops || stoodJustNow };
    else if (clockStops) this.stood = { ...this.stood, clockStops };
  }

  #moveOn(): void {
    if (this.stood !== undefined && this.stood.until === undefined)
      this.stood = { ...this.stood, until: this.#world.schedule.now };
  }

  onDaemonEnded(daemon: Incarnation): void {
    if (this.daemon !== daemon) return;
    this.daemon = undefined;
    this.guardian?.onExit(0, undefined);
  }

  onGuardianEnded(): void {
    this.guardian = undefined;
    this.note("heartbeat has ended");
    this.#world.noteDisturbance();
  }

  /** The operator stops heartbeat here and starts it again. @param tend what he does in between. */
  restart(tend: () => void = () => {}): void {
    const stopped = this.guardian;
    stopped?.stop();
    const again = (): void => {
      if (this.guardian === stopped) return void this.#world.schedule.in(200, again);
      tend();
      this.start();
    };
    again();
  }

  losePower(): void {
    if (this.powered) this.#world.tally.note("power lost");
    this.stood = undefined;
    this.powered = false;
    this.#powerCycles++;
    this.#deferred = [];
    this.#arrived = [];
    this.frozen = undefined;
    this.daemon?.kill();
    this.daemon = undefined;
    this.guardian?.retire();
    this.guardian = undefined;
    this.addresses.present.clear();
    this.deadMan.powerLost();
    this.services.powerLost();
    this.note("power lost");
    this.#world.onTruthChanged();
  }

  /** Somebody else's fencing device, or its own watchdog, cuts the power and gives it back: the machine boots, and heartbeat starts. */
  reset(by: "a fencing device" | "the watchdog" = "a fencing device"): void {
    if (!this.powered) return this.note("reset, but there is no power");
    this.note("reset");
    this.#world.tally.note(`reset by ${by}`);
    this.#world.noteDisturbance();
    this.losePower();
    this.#world.schedule.in(bootTime, () => this.start());
  }

  /** A device of a level of several cuts one supply, or gives it back. Without any the machine has no power; with one again it boots. */
  switchSupply(device: number, to: "off" | "on"): void {
    const before = this.#suppliesOff.size;
    if (to === "off") this.#suppliesOff.add(device);
    else this.#suppliesOff.delete(device);
    this.note(`power supply ${device + 1} ${to}`);
    const { levels } = this.config.settings.fencing;
    const isCut = levels.some((level) => level.length > 1 && level.every((one) => this.#suppliesOff.has(one)));
    this.#world.noteDisturbance();
    if (isCut && this.powered) {
      this.#isCut = true;
      return this.losePower();
    }
    if (isCut || !this.#isCut || this.#suppliesOff.size >= before) return;
    this.#isCut = false;
    this.#world.schedule.in(bootTime, () => this.start());
  }

  stopDaemon(): void {
    this.#daemonStopped = true;
    if (this.daemon !== undefined) this.#world.tally.note("daemon hung");
    this.daemon?.stop();
  }

  continueDaemon(): void {
    this.#daemonStopped = false;
    if (this.frozen === undefined) this.daemon?.resume();
  }

  freeze(how: Freeze): void {
    if (!this.powered || this.frozen !== undefined) return;
    this.frozen = { ...how, since: this.#world.schedule.now };
    this.#world.tally.note(`machine frozen, its clock ${how.clockStops ? "standing" : "running"}`);
    this.daemon?.stop();
    this.#standStill(how.clockStops);
    this.#world.wires.noteFrozen(this.name);
    this.#world.onTruthChanged();
  }

  thaw(): void {
    const { frozen } = this;
    if (frozen === undefined) return;
    this.frozen = undefined;
    if (!this.#daemonStopped && this.guardian !== undefined) this.#moveOn();
    this.#world.wires.noteFrozen(this.name);
    if (frozen.clockStops) this.clock.loseTime(this.#world.schedule.now - frozen.since);
    for (const datagram of this.#arrived.splice(0)) this.daemon?.take(datagram);
    if (!this.#daemonStopped) this.daemon?.resume();
    for (const appointment of this.#deferred.splice(0)) {
      this.#world.schedule.in(this.luck.between(0, 1), () => {
        if (!appointment.cancelled) appointment.action();
      });
    }
    this.#world.onTruthChanged();
  }

  isReading(): boolean {
    return this.frozen === undefined && this.daemon?.isReading === true;
  }

  take(datagram: Datagram): void {
    if (!this.powered) return;
    if (this.frozen === undefined) return this.daemon?.take(datagram);
    if (!this.frozen.dropsDatagrams && this.#arrived.length < 256) this.#arrived.push(datagram);
  }

  /** The guardian speaks, three times because nobody asks again. */
  broadcast(bytes: Uint8Array): void {
    for (const delay of [0, 20, 100]) this.later(delay, () => this.#world.broadcast(this.name, bytes));
  }

  /** Whether this machine would answer for the address now. */
  answersFor(address: string): boolean {
    if (!this.powered || this.frozen !== undefined || !this.addresses.present.has(address)) return false;
    const isAsleep = this.hasSabotage("dead-man-asleep") || this.hasSabotage("guardian-asleep");
    return isAsleep || this.deadMan.letsAnswer();
  }
}

/** @returns the interfaces that addresses are put on. */
function devicesOf({ groups }: Config): readonly string[] {
  const resources = groups.flatMap((group) => group.resources);
  return resources.flatMap((resource) => (resource.kind === "address" ? (resource.address.device ?? []) : []));
}

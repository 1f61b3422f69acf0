import type { Machine } from "./machine.js";
import type { Blame } from "./wires.js";
import type { World } from "./world.js";

/**
 * What must never happen, judged by what the kernels answer for and not by what the daemons believe: two machines that answer for
 * one address; a service started while another machine may still run it. The only excuse (policy takeover-on-silence, design.md 3)
 * is that one of the two really could not hear the other for deadtime because of the network or because the whole machine stood
 * still; every use is counted under its name. Where fencing is configured and its devices tell the truth, there is no excuse.
 */
export type Excuse = Blame | "left-running-at-restart" | "guardian-still-stopping";

/** After the silence is over the two must have settled it within this time (plus stop scripts for services). */
const settleWithin = 2_500;

export class Safety {
  readonly excuses = new Map<string, number>();
  readonly #world: World;
  readonly #overlaps = new Map<string, { readonly since: number; excuse: Excuse }>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks at all addresses; called whenever a truth changed, and now and then while something lasts. */
  look(): void {
    for (const address of this.#world.addresses) this.#lookAt(address);
  }

  get overlaps(): number {
    return this.#overlaps.size;
  }

  #lookAt(address: string): void {
    const holders = this.#world.machines.filter((machine) => machine.answersFor(address));
    const pairs = new Set<string>();
    for (const one of holders) {
      for (const other of holders) {
        if (one.name >= other.name) continue;
        pairs.add(`${address} ${one.name} ${other.name}`);
        this.#judgePair(address, one, other);
      }
    }
    for (const key of this.#overlaps.keys())
      if (key.startsWith(`${address} `) && !pairs.has(key)) this.#overlaps.delete(key);
  }

  #judgePair(address: string, one: Machine, other: Machine): void {
    const key = `${address} ${one.name} ${other.name}`;
    const known = this.#overlaps.get(key);
    const excuse = this.#excuseFor(one, other, settleWithin);
    if (excuse === undefined) {
      const { schedule } = this.#world;
      const lasting =
        known === undefined
          ? ""
          : ` for ${Math.round(schedule.now - known.since)} ms (at first excused: ${known.excuse})`;
      this.#world.violation("two holders", `${address} is answered for by ${one.name} and ${other.name}${lasting}`);
      return;
    }
    if (known !== undefined) return;
    this.#overlaps.set(key, { since: this.#world.schedule.now, excuse });
    this.#count(`two holders: ${excuse}`);
  }

  /** A service is about to start on this machine. */
  beforeServiceStart(machine: Machine, service: string): void {
    for (const other of this.#world.machines) {
      if (other === machine || !other.powered || !other.services.active.has(service)) continue;
      const excuse = this.#excuseForService(machine, other, service);
      if (excuse === undefined) {
        const state = other.services.active.get(service);
        this.#world.violation(
          "service started twice",
          `${service} starts on ${machine.name}, but is ${state} on ${other.name}`,
        );
      } else this.#count(`service on two machines: ${excuse}`);
    }
  }

  #excuseForService(machine: Machine, other: Machine, service: string): Excuse | undefined {
    const excuse = this.#excuseFor(machine, other, settleWithin + this.#world.parameters.longestScripts);
    if (excuse !== undefined) return excuse;
    // Its stop failed, and the daemon that knew has gone since: nobody can tell the peers. That they start it is heartbeat's own rule.
    const troubledBy = other.services.troubled.get(service);
    const current = other.daemon?.number;
    if (troubledBy !== undefined && troubledBy !== current) return "left-running-at-restart";
    const silent = this.#world.schedule.now - this.#world.wires.silence(other.name, machine.name).heardAt;
    if (this.#world.parameters.isFenced === true) return undefined;
    return other.daemon === undefined && silent >= this.#longEnough() ? "guardian-still-stopping" : undefined;
  }

  #excuseFor(one: Machine, other: Machine, afterwards: number): Excuse | undefined {
    return this.#silenceExcuse(one, other, afterwards) ?? this.#silenceExcuse(other, one, afterwards);
  }

  #silenceExcuse(from: Machine, to: Machine, afterwards: number): Excuse | undefined {
    const { wires, schedule, parameters } = this.#world;
    if (parameters.isFenced === true) return undefined;
    const longEnough = this.#longEnough();
    const silence = wires.silence(from.name, to.name);
    const blame = silence.blame ?? (from.frozen === undefined ? undefined : "machine-frozen");
    if (blame !== undefined && schedule.now - silence.heardAt >= longEnough) return blame;
    const { past } = silence;
    if (past === undefined || past.length < longEnough) return undefined;
    const settling = schedule.now - past.endedAt <= afterwards + parameters.lossGrace;
    return settling || wires.isDeafNow(from.name, to.name) ? past.blame : undefined;
  }

  /** A silence as long as deadtime on the fastest clock; a late copy over another link was no sign of life and is allowed for. */
  #longEnough(): number {
    const { deadtime, drift } = this.#world.parameters;
    return deadtime * (1 - 2 * drift) - 20 - this.#world.wires.slowest;
  }

  #count(name: string): void {
    this.excuses.set(name, (this.excuses.get(name) ?? 0) + 1);
  }
}

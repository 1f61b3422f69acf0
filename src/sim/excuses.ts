import type { GroupSettings } from "../core/settings.js";
import type { Machine } from "./machine.js";
import { SplitWatch } from "./split-watch.js";
import type { Blame } from "./wires.js";
import type { World } from "./world.js";

/**
 * When two machines may have one address or one service all the same; every other time is a violation. What excuses depends on what the group's
 * takeover needs (docs/split-brain.md):
 * - a reset, an operator's word: nothing does but a device that lies;
 * - a lease: a clock that stood still, or a kernel without the dead-man's filter;
 * - silence: the same, and a silence that the network is to blame for, unless one of the two could know better: who reaches no ping node (where
 *   one is needed), and who asks a living service LAN for the address.
 */
export type Excuse =
  | Exclude<Blame, "machine-frozen">
  | "clock-stood-still"
  | "asked-at-the-same-time"
  | "no-dead-man-filter"
  | "host-stood-still"
  | "right-ended-before-the-service"
  | "left-running-at-restart"
  | "guardian-still-stopping"
  | "lying-device-believed";

/** After the silence is over the two must have settled it within this time (plus stop scripts for services). */
const settleWithin = 2_500;

/** A guardian has withdrawn what its daemon held this long after the daemon's death. */
const withdrawnWithin = 25;

interface Pair {
  readonly one: Machine;
  readonly other: Machine;
  readonly group: GroupSettings;
}

export class Excuses {
  readonly #world: World;
  readonly #splits: SplitWatch;

  constructor(world: World) {
    this.#world = world;
    this.#splits = new SplitWatch(world);
  }

  /** The wires have changed, or the ways to the ping node. */
  note(): void {
    this.#splits.note();
  }

  /** @returns why both may answer for an address of the group, as they have `since` then; `undefined`: there is no excuse. */
  forAddress({ one, other, group }: Pair, since = this.#world.schedule.now): Excuse | undefined {
    if (this.#isCertain(group)) return undefined;
    const still = this.#stoodStill(one) ?? this.#stoodStill(other);
    if (still !== undefined || (group.policy === "lease" && !this.#hasLiar())) return still;
    const silence = this.#silenceOf(one, other, settleWithin);
    if (silence !== undefined && this.#isOverdue({ one, other, group }, since)) return undefined;
    if (silence === undefined || group.policy !== "takeover-on-silence" || this.#hasLiar()) return silence?.blame;
    if (!this.#couldKnow({ one, other, group }, silence)) return silence.blame;
    return this.#askedTogether({ one, other, group }) ? "asked-at-the-same-time" : undefined;
  }

  /** @returns why a service of the group may start on `one` while `other` may still run it. */
  forService({ one, other, group }: Pair, service: string): Excuse | undefined {
    // Its stop failed, and the daemon that knew has gone since: nobody can tell the peers. That they start it is heartbeat's own rule.
    const troubledBy = other.services.troubled.get(service);
    const isForgotten = troubledBy !== undefined && troubledBy !== other.daemon?.number;
    const excuse = this.forAddress({ one, other, group });
    if (excuse !== undefined) return excuse;
    if (isForgotten) return "left-running-at-restart";
    // Its stop failed, the peer had the machine reset because of that, and the device lied (--plan short --seed 8007066).
    if (troubledBy !== undefined && this.#hasLiar()) return "lying-device-believed";
    return this.#isCertain(group) ? undefined : this.#outlived({ one, other, group });
  }

  /** A fencing device that lies is believed, whatever the policy (seeds 1001715, 1004941, 4001098). */
  #hasLiar(): boolean {
    return this.#world.machines.some(({ fencing }) => fencing.does === "lie");
  }

  /** Somebody who knows has said that the former holder is down. */
  #isCertain({ policy }: GroupSettings): boolean {
    if (this.#hasLiar()) return false;
    return policy === "manual" || (policy === "fence-first" && this.#world.parameters.isFenced === true);
  }

  /** The kernel ends addresses; services it does not. */
  #outlived({ one, other, group }: Pair): Excuse | undefined {
    const { schedule, wires, parameters } = this.#world;
    const { longestScripts } = parameters;
    const { stood } = other;
    const window = settleWithin + longestScripts + parameters.lossGrace;
    if (stood !== undefined && schedule.now - (stood.until ?? schedule.now) <= window) return "host-stood-still";
    const isLate = group.takeoverDelay < longestScripts + 1_000;
    const silence = this.#silenceOf(one, other, window);
    if (silence !== undefined && isLate) return "right-ended-before-the-service";
    const silent = schedule.now - wires.silence(other.name, one.name).heardAt;
    return other.daemon === undefined && silent >= this.#longEnough() ? "guardian-still-stopping" : undefined;
  }

  /** The whole host stood still, and what ends an address without help stood still too, or is not there. */
  #stoodStill({ stood, deadMan, config, frozen, laggedAt, daemonKilledAt }: Machine): Excuse | undefined {
    // A daemon that is late and whose kernel has no filter lets go late; so does the guardian of one that died as its right ended (seed 3801).
    const isLate = this.#world.schedule.now - Math.max(laggedAt + settleWithin, daemonKilledAt + withdrawnWithin) <= 0;
    if (isLate && deadMan.view.form !== "filter") return "no-dead-man-filter";
    if (stood === undefined) return undefined;
    const { now } = this.#world.schedule;
    const since = stood.until === undefined ? 0 : now - stood.until;
    const { deadtime } = config.settings.timing;
    const lease = config.settings.arbitration.leaseTime ?? 0;
    const isRecent = since <= settleWithin + this.#world.parameters.lossGrace + Math.max(deadtime, lease);
    if (!isRecent) return undefined;
    if (stood.clockStops && frozen === undefined) return "clock-stood-still";
    return deadMan.view.form === "filter" ? undefined : "no-dead-man-filter";
  }

  /** Whether one of the two had a means to notice that the other one is not dead. */
  #couldKnow({ one, other, group }: Pair, silence: Silent): boolean {
    const { arbitration } = one.config.settings;
    if (arbitration.pingQuorum && one.config.pings.length > 0 && !this.#splits.bothReached(one, other, silence.from))
      return true;
    const hasAddress = group.resources.some(({ kind }) => kind === "address");
    if (!arbitration.askAddress || !hasAddress) return false;
    return [one, other].every(({ lan }) => lan.isWhole && lan.healedAt < silence.from);
  }

  /** Both asked the LAN when nobody had the address, and took it within the time of one answer: neither question could find the other one. */
  #askedTogether({ one, other, group }: Pair): boolean {
    const { askAddress } = one.config.settings.arbitration;
    const { deadtime, longestScripts } = this.#world.parameters;
    // Scripts that stand before the address take their time after the question.
    const scripts = group.resources[0]?.kind === "address" ? 0 : longestScripts;
    return (
      askAddress &&
      addressesOf(group).some((address) => {
        const apart = Math.abs(
          (one.addedAt.get(address) ?? 0) - (other.addedAt.get(address) ?? Number.POSITIVE_INFINITY),
        );
        return apart <= deadtime / 16 + 5 + scripts;
      })
    );
  }

  /** Whichever of the two cannot hear the other one. */
  #silenceOf(one: Machine, other: Machine, afterwards: number): Silent | undefined {
    return this.#silence(one, other, afterwards) ?? this.#silence(other, one, afterwards);
  }

  #silence(from: Machine, to: Machine, afterwards: number): Silent | undefined {
    const { wires, schedule, parameters } = this.#world;
    const longEnough = this.#longEnough();
    const { blame, heardAt, past } = wires.silence(from.name, to.name);
    if (isNetwork(blame) && schedule.now - heardAt >= longEnough)
      return { blame, from: past !== undefined && this.#isOneWith(past, heardAt) ? past.beganAt : heardAt };
    if (past === undefined || past.length < longEnough || !isNetwork(past.blame)) return undefined;
    const settling = schedule.now - past.endedAt <= afterwards + parameters.lossGrace;
    if (!settling && !wires.isDeafNow(from.name, to.name)) return undefined;
    return { blame: past.blame, from: past.beganAt };
  }

  /** The wires were cut again before what the first silence had brought about could be settled; it ends when whoever knows of both gives way. */
  #isOneWith({ endedAt }: { readonly endedAt: number }, heardAt: number): boolean {
    const { schedule, parameters } = this.#world;
    return heardAt - endedAt <= settleWithin && schedule.now - heardAt <= parameters.deadtime + settleWithin;
  }

  /** Whoever hears all the time that another one holds what it holds itself must have let go, also when that one is deaf. */
  #isOverdue({ one, other }: Pair, since: number): boolean {
    const { wires, schedule, parameters } = this.#world;
    const { deadtime, drift, lossGrace } = parameters;
    const enough = deadtime * (1 + 2 * drift) + settleWithin + lossGrace;
    return [wires.hearingSince(one.name, other.name), wires.hearingSince(other.name, one.name)].some(
      (hearing) => hearing !== undefined && schedule.now - Math.max(hearing, since) > enough,
    );
  }

  /** A silence as long as deadtime on the fastest clock; a late copy over another link was no sign of life and is allowed for. */
  #longEnough(): number {
    const { deadtime, drift } = this.#world.parameters;
    return deadtime * (1 - 2 * drift) - 20 - this.#world.wires.slowest;
  }
}

const addressesOf = ({ resources }: GroupSettings): readonly string[] =>
  resources.flatMap(({ kind, text }) => (kind === "address" ? (/\d+\.\d+\.\d+\.\d+/.exec(text) ?? []) : []));

interface Silent {
  readonly blame: Exclude<Blame, "machine-frozen">;
  /** When it began, in the time of the world. */
  readonly from: number;
}

const isNetwork = (blame: Blame | undefined): blame is Silent["blame"] => blame === "all-links-cut" || blame === "loss";

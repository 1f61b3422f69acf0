import type { ResourceAction } from "../core/effect.js";
import type { Share } from "../core/event.js";
import { changeArbiter } from "./arbiter-command.js";
import { isHealthy } from "./health.js";
import type { Machine } from "./machine.js";
import type { FencingTemper } from "./pretend-fencer.js";
import type { WireChoice } from "./wires.js";
import type { World } from "./world.js";

/**
 * What can be done to a pretend cluster, one line each, the same words in stories and in drawn plans:
 *
 *     start N · stop N · kill N (SIGKILL for the daemon) · power-off N · sigstop N · sigcont N
 *     kill-all N · sigstop-all N · sigcont-all N                  daemon, guardian and all; the kernel goes on
 *     freeze N [clock-stops] [drops] · thaw N                     the whole machine
 *     cut WIRES · heal WIRES                                      A   A:link   A-B   A>B   A>B:link
 *     crash N CALLS                                               SIGKILL after so many calls to the outside
 *     lag N MILLISECONDS · wall-clock N SECONDS                   timers come late; the wall clock is put wrong
 *     stale 5% · damage 5%                                        old datagrams come again; a bit is turned over
 *     loss 30% · duplicate 10% · delay 0.2 40                     for all wires; milliseconds
 *     cut-ping N · heal-ping N · cut-ping everybody               the way from N to the ping node; everybody: the ping node is gone
 *     cut-lan N [both|in|out] · heal-lan N                        N on the service LAN: clients, neighbours, ping node
 *     arbiter down|up|restart · arbiter cut|deaf|reached N        the witness, and the way from N to it
 *     arbiter slow MILLISECONDS · arbiter fail|mend N             its answers come late; N's disk gives errors
 *     arbiter poison N · look-and-confirm N PEER                  N is to reset itself; confirm, if PEER is really off
 *     take-away N ADDRESS                                         somebody deletes it from its interface
 *     standby N SHARE · takeover N SHARE · confirm N PEER
 *     fencer N work|fail|hang|lie [MILLISECONDS [DEVICE]]         the devices that N uses against others; DEVICE: only that one, 1 is the first
 *     die N NAME [when-seen]                                      a service of N ends by itself; when-seen: if its status has said that it runs
 *     script N NAME start|stop|status work|fail|hang [MILLISECONDS]
 *     heal-everything
 */
export interface TimedCommand {
  /** Milliseconds since the world began. */
  readonly at: number;
  readonly text: string;
}

/** Does it now. @throws RangeError when the words make no sense. */
export function perform(world: World, text: string): void {
  world.trace.note("WORLD", text);
  world.noteDisturbance();
  act(world, text);
  world.safety.noteFault();
}

function act(world: World, text: string): void {
  const [verb = "", subject = "", ...rest] = text.trim().split(/\s+/);
  switch (verb) {
    case "cut":
      return world.wires.cut(wiresOf(subject));
    case "heal":
      return world.wires.heal(wiresOf(subject));
    case "loss":
      return world.wires.change({ loss: shareOf(subject) });
    case "duplicate":
      return world.wires.change({ duplication: shareOf(subject) });
    case "delay":
      return world.wires.change({ delay: [Number(subject), Number(rest[0])] });
    case "stale":
      return world.wires.change({ stale: shareOf(subject) });
    case "damage":
      return world.wires.change({ damage: shareOf(subject) });
    case "cut-ping":
    case "heal-ping":
      return cutPing(world, subject, verb === "cut-ping");
    case "arbiter":
      return changeArbiter(world, subject, rest[0] ?? "");
    case "heal-everything":
      return healEverything(world);
    default:
      return performOn(world.machine(subject), { world, verb, rest, text });
  }
}

interface Words {
  readonly world: World;
  readonly verb: string;
  readonly rest: readonly string[];
  readonly text: string;
}

function performOn(machine: Machine, { world, verb, rest, text }: Words): void {
  switch (verb) {
    case "start":
      return machine.start();
    case "stop":
      return stop(world, machine);
    case "kill":
      return machine.killDaemon();
    case "crash":
      return machine.daemon?.crashAfter(Number(rest[0] ?? 0));
    case "lag":
      return setLag(world, machine, Number(rest[0]));
    case "wall-clock":
      world.tally.note("wall clock jumped");
      machine.wallOffset += Number(rest[0]);
      return;
    case "power-off":
      return machine.losePower();
    case "sigstop":
      return machine.stopDaemon();
    case "sigcont":
      return machine.continueDaemon();
    case "kill-all":
      return machine.killAll();
    case "sigstop-all":
      return machine.stopAll();
    case "sigcont-all":
      return machine.continueAll();
    case "freeze":
      return machine.freeze({ clockStops: rest.includes("clock-stops"), dropsDatagrams: rest.includes("drops") });
    case "thaw":
      return machine.thaw();
    case "standby":
    case "takeover":
      return world.wish(machine, verb, (rest[0] ?? "all") as Share);
    case "cut-lan":
      return machine.lan.cut(rest[0] ?? "both");
    case "heal-lan":
      return machine.lan.heal();
    case "take-away":
      return takeAway(world, machine, rest[0] ?? "");
    case "confirm":
      return world.confirm(machine, rest[0] ?? "");
    case "look-and-confirm":
      if (!world.machine(rest[0] ?? "").powered) world.confirm(machine, rest[0] ?? "");
      return;
    case "fencer":
      return setFencer(machine, rest);
    case "script":
      return setTemper(machine, rest);
    case "die":
      return die(machine, rest);
    default:
      throw new RangeError(`nobody knows how to do: ${text}`);
  }
}

function stop(world: World, machine: Machine): void {
  if (machine.guardian !== undefined) world.tally.note("heartbeat stopped");
  machine.guardian?.stop();
}

function setLag(world: World, machine: Machine, lag: number): void {
  if (lag > 0) world.tally.note("daemon's timer late");
  if (lag === 0 && machine.lag > 0) machine.lagEndedAt = world.schedule.now;
  machine.lag = lag;
}

function takeAway(world: World, machine: Machine, address: string): void {
  if (machine.addresses.present.has(address)) world.tally.note("address taken away");
  machine.addresses.takeAway(address);
}

function die({ services }: Machine, [name = "", when]: readonly string[]): void {
  if (when !== "when-seen" || services.wasSeen(name)) services.die(name);
}

function setTemper(machine: Machine, [name = "", action = "", does = "", takes = "100"]: readonly string[]): void {
  if (does !== "work" && does !== "fail" && does !== "hang") throw new RangeError(`a script cannot ${does}`);
  machine.services.setTemper(name, action as ResourceAction, { does, takes: Number(takes) });
}

function cutPing(world: World, subject: string, isCut: boolean): void {
  const meant = subject === "everybody" ? world.machines : [world.machine(subject)];
  for (const machine of meant) machine.changePing(isCut);
  if (isCut) world.tally.note("ping node out of reach");
}

function setFencer(machine: Machine, [does = "", takes = "1000", device]: readonly string[]): void {
  if (does !== "work" && does !== "fail" && does !== "hang" && does !== "lie")
    throw new RangeError(`a fencing device cannot ${does}`);
  const temper: FencingTemper = { does, takes: Number(takes) };
  if (device === undefined) machine.fencing = temper;
  else machine.fencingBy.set(Number(device) - 1, temper);
}

const shareOf = (text: string): number => Number(text.replace("%", "")) / 100;

/** @returns the wires that the words mean: `A`, `A:ens33`, `A-B`, `A>B`, `A>B:ens33`; nothing means all. */
function wiresOf(text: string): WireChoice {
  const parts = /^([\w.]*)(?:([->])([\w.]+))?(?::([\w.]+))?$/.exec(text);
  if (parts === null) throw new RangeError(`these are no wires: ${text}`);
  return { from: parts[1] === "" ? undefined : parts[1], to: parts[3], link: parts[4], bothWays: parts[2] !== ">" };
}

/** The network is whole, scripts work, machines run; the operator has cleaned up what needs a person, and restarts heartbeat there. */
function healEverything(world: World): void {
  world.wires.healEverything();
  world.wires.change({ loss: 0, duplication: 0, stale: 0, damage: 0 });
  world.keepUp((machine) => tendStuck(world, machine));
  if (world.arbiter !== undefined) {
    world.arbiter.heal();
  }
  for (const machine of world.machines) {
    machine.services.makeAllWork();
    machine.changePing(false);
    machine.fencingBy.clear();
    machine.lan.heal();
    setLag(world, machine, 0);
    if (machine.fencing.does !== "lie") machine.fencing = { ...machine.fencing, does: "work" };
    machine.thaw();
    machine.continueAll();
    removeLeftovers(world, machine);
    if (machine.guardian === undefined) machine.start();
    // Its last stop may have left something running (--plan short --seed 5004268).
    else if (needsRestart(machine)) machine.restart(() => removeLeftovers(world, machine));
  }
}

/** What runs although no daemon holds it was left behind by a stop that failed. */
function removeLeftovers(world: World, machine: Machine): void {
  for (const [index, group] of world.groups.entries()) {
    const name = machine.config.settings.groups[index]?.name;
    const kind = name === undefined ? undefined : machine.daemon?.loop?.state.groups.get(name)?.holding.kind;
    if (kind === "acquiring" || kind === "held" || kind === "releasing" || kind === "doubted") continue;
    for (const resource of group.resources) machine.services.active.delete(resource.text);
  }
}

/** A script that hung before everything healed runs into its time limit only afterwards: the person who is asked for comes then. */
function tendStuck(world: World, machine: Machine): void {
  const state = machine.daemon?.loop?.state;
  if (machine.frozen !== undefined || state?.phase.kind !== "active") return;
  if (![...state.groups.values()].some((group) => group.holding.kind === "stuck")) return;
  machine.note("somebody cleans up and restarts heartbeat");
  removeLeftovers(world, machine);
  machine.restart();
}

function needsRestart(machine: Machine): boolean {
  if (machine.daemon?.loop?.state.phase.kind === "leaving") return true;
  if (!isHealthy(machine) || machine.daemon?.loop === undefined) return false;
  const groups = [...machine.daemon.loop.state.groups.values()];
  return groups.some((group) => group.holding.kind === "stuck" || group.failedHere !== undefined);
}

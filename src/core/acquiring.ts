import { announceSoon } from "./announcing.js";
import type { ResourceAction } from "./effect.js";
import type { ResourceOutcome } from "./event.js";
import type { Ground } from "./ground.js";
import type { Death, Failure, Group, Held, Holding } from "./group.js";
import { trusting, voiceOf } from "./monitor.js";
import type { Generation, GroupName, Term } from "./names.js";
import { bare, describe, type Finished, isHopeless, lineOf, operate } from "./operations.js";
import { stopFrom } from "./releasing.js";
import { after } from "./time.js";
import { changeGroup, log, moveGroup, type Turn } from "./turn.js";

/** A group's resources are started from left to right, each script asked for its status first. A start that fails gives the group up. */

type Acquiring = Extract<Holding, { kind: "acquiring" }>;

/** Begins to start the group. */
export function acquire(
  turn: Turn,
  name: GroupName,
  grant: { readonly term: Term; readonly because: Ground; readonly awayFrom: Generation | undefined },
): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  // What a starting node of the original answers itself when nobody stands in its way.
  if (!turn.state.initialAcquisitionDone && group.settings.owner === turn.state.settings.self)
    log(turn, "info", `received ip-request-resp ${name} OK yes`, "ip-request-resp");
  log(turn, "info", `Acquiring resource group: ${lineOf(group.settings)}`, "ResourceManager");
  changeGroup(turn, name, {
    highestTerm: grant.term > group.highestTerm ? grant.term : group.highestTerm,
    lastVerdict: "",
    lostAt: undefined,
    selfFenced: false,
    sighting: undefined,
  });
  startFrom(turn, name, { held: { ...grant, since: turn.at }, reach: 0 }, 0);
}

interface Begun {
  readonly held: Held;
  /** Highest index that may run already. */
  readonly reach: number;
  /** The resource that died here before. */
  readonly restarting?: Death | undefined;
}

/** Starts the resources from number `index` on; at the end of the list the group is held. */
function startFrom(turn: Turn, name: GroupName, { held, reach, restarting }: Begun, index: number): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  const resource = group.settings.resources[index];
  if (resource === undefined) {
    changeGroup(turn, name, { offers: 0, failedHere: undefined });
    moveGroup(turn, name, { ...bare(held), kind: "held", since: turn.at, rivalSince: undefined });
    if (restarting === undefined) noteTakeover(turn, held);
    return;
  }
  const work = operate(turn, name, index, resource.kind === "address" ? "start" : "status");
  moveGroup(turn, name, {
    ...bare(held),
    kind: "acquiring",
    index,
    reach: Math.max(reach, index),
    restarting,
    work,
    cancelled: undefined,
  });
}

/** A service of a held group has died: what depends on it is stopped from right to left, then all of that is started again. */
export function restartFrom(turn: Turn, name: GroupName, restarting: Death): void {
  const group = turn.state.groups.get(name);
  if (group?.holding.kind !== "held") return;
  const last = group.settings.resources.length - 1;
  stopAgain(turn, name, { held: group.holding, reach: last, restarting }, last);
}

function stopAgain(turn: Turn, name: GroupName, begun: Begun, index: number): void {
  const { held, reach, restarting } = begun;
  const work = operate(turn, name, index, "stop");
  moveGroup(turn, name, { ...bare(held), kind: "acquiring", index, reach, restarting, work, cancelled: undefined });
}

/** The words that log watchers wait for, once the last group of those that are gone runs here. */
function noteTakeover(turn: Turn, held: Held): void {
  if (!isTakeover(held.because)) return;
  for (const { holding } of turn.state.groups.values()) {
    if (holding.kind === "acquiring" && isTakeover(holding.because)) return;
  }
  for (const { name, liveness } of turn.state.peers.values()) {
    if (liveness.kind !== "dead" && liveness.kind !== "left") continue;
    log(turn, "info", `mach_down takeover complete for node ${name}.`, "mach_down");
  }
  log(turn, "info", "mach_down takeover complete.");
}

/** Whether a group was taken from a node that is gone. */
export function isTakeover(because: Ground): boolean {
  return because !== "nobody-holds-it" && because !== "holder-released";
}

export function whileAcquiring(turn: Turn, holding: Acquiring, { group, action, outcome }: Finished): void {
  const { name, resources } = group.settings;
  const resource = resources[holding.index];
  if (resource === undefined) return;
  if (holding.cancelled !== undefined) {
    const release = { ...holding.cancelled, dead: deadStill(holding, action) };
    return stopFrom(turn, name, { held: holding, release }, holding.reach);
  }
  const { reach, restarting } = holding;
  const next = (): void => startFrom(turn, name, { held: holding, reach, restarting }, holding.index + 1);
  if (action === "status") {
    if (outcome.kind === "running") {
      if (resource.monitor === undefined)
        changeGroup(turn, name, { monitor: trusting(group.monitor, voiceOf(resource)) });
      return next();
    }
    if (outcome.kind === "failed" && isHopeless(outcome.why)) return giveUp(turn, holding, group, outcome);
    return moveGroup(turn, name, { ...holding, work: operate(turn, name, holding.index, "start") });
  }
  // What has died already need not be able to stop.
  const isLast = action === "stop" && holding.index === restarting?.index;
  if (outcome.kind === "failed" && !(isLast && restarting?.isStopped)) return giveUp(turn, holding, group, outcome);
  if (isLast) return startFrom(turn, name, { held: holding, reach: restarting.index, restarting }, restarting.index);
  if (action === "stop") return stopAgain(turn, name, { held: holding, reach, restarting }, holding.index - 1);
  if (resource.kind === "address") announceSoon(turn, name);
  next();
}

/** @returns the number of the service that died and has not been started again yet. */
function deadStill({ restarting, index }: Acquiring, action: ResourceAction): number | undefined {
  if (restarting === undefined || !restarting.isStopped) return undefined;
  return action === "stop" || (action === "status" && index === restarting.index) ? restarting.index : undefined;
}

function giveUp(turn: Turn, holding: Acquiring, group: Group, outcome: ResourceOutcome & { kind: "failed" }): void {
  const { name, resources } = group.settings;
  const text = resources[holding.index]?.text ?? name;
  const action = holding.work.kind === "operation" && holding.work.action === "stop" ? "stop" : "start";
  log(turn, "ERROR", `${describe(outcome)} from ${text} ${action}`, "ResourceManager");
  // A missing script cannot be stopped either; everything to its left was started and is stopped.
  const last = isHopeless(outcome.why) && holding.reach === holding.index ? holding.index - 1 : holding.reach;
  // What has run here may run here again, when nobody else can run it.
  const how = holding.restarting !== undefined || group.failedHere?.how === "died" ? "died" : "start";
  failHere(turn, name, { held: holding, text, how, dead: deadStill(holding, action) }, last);
}

/** One of its services died too often: the group is for another node. */
export function giveUpDead(turn: Turn, name: GroupName, { index, isStopped }: Death): void {
  const group = turn.state.groups.get(name);
  if (group?.holding.kind !== "held") return;
  const { resources } = group.settings;
  const dead = isStopped ? index : undefined;
  const failed = { held: group.holding, text: resources[index]?.text ?? name, how: "died", dead } as const;
  failHere(turn, name, failed, resources.length - 1);
}

interface Failed {
  readonly held: Held;
  readonly text: string;
  readonly how: Failure["how"];
  readonly dead: number | undefined;
}

function failHere(turn: Turn, name: GroupName, { held, text, how, dead }: Failed, last: number): void {
  log(turn, "CRIT", `Giving up resources due to failure of ${text}`, "ResourceManager");
  const retryAt = how === "died" ? after(turn.at, turn.state.settings.monitoring.interval) : undefined;
  changeGroup(turn, name, { failedHere: { resource: text, since: turn.at, how, retryAt } });
  const why = how === "start" ? "start-failed" : "service-died";
  stopFrom(turn, name, { held, release: { why, to: undefined, dead } }, last);
}

/** After an address was withdrawn in doubt: start the group again under its old term; what runs is found running. */
export function reEarn(turn: Turn, name: GroupName): void {
  const group = turn.state.groups.get(name);
  if (group?.holding.kind !== "doubted") return;
  log(turn, "info", `Nobody was heard to have taken ${name} meanwhile: holding it again.`);
  startFrom(turn, name, { held: group.holding, reach: group.settings.resources.length - 1 }, 0);
}

/** A held group has got more resources: those that run are found running, the others are started. */
export function grow(turn: Turn, name: GroupName): void {
  const group = turn.state.groups.get(name);
  if (group?.holding.kind !== "held") return;
  startFrom(turn, name, { held: group.holding, reach: group.settings.resources.length - 1 }, 0);
}

import { announceSoon } from "./announcing.js";
import type { ResourceAction } from "./effect.js";
import type { Event, ResourceOutcome } from "./event.js";
import type { Ground } from "./ground.js";
import type { Death, Failure, Group, Held, Holding, Release, Work } from "./group.js";
import { trusting, voiceOf } from "./monitor.js";
import type { Generation, GroupName, OperationId, Term } from "./names.js";
import type { ResourceSettings, Timing } from "./settings.js";
import { after, type Duration, type Instant, milliseconds } from "./time.js";
import { changeGroup, emit, log, moveGroup, nextOperation, type Turn } from "./turn.js";

/**
 * A group's resources are started from left to right (each asked for its status first) and stopped from right to left. A start
 * that fails gives the group up; a stop that fails is tried again, and in the end leaves the group `stuck`: its addresses are
 * withdrawn and nobody else may start it, because its service may still be running here.
 */
type Acquiring = Extract<Holding, { kind: "acquiring" }>;
type Releasing = Extract<Holding, { kind: "releasing" }>;

/** The runner ends an overdue script by itself; if even the runner is silent for this long, the operation counts as failed. */
const runnerGrace = milliseconds(5_000);

/** Begins to start the group. */
export function acquire(
  turn: Turn,
  name: GroupName,
  grant: { readonly term: Term; readonly because: Ground; readonly awayFrom: Generation | undefined },
): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  const text = [group.settings.owner, ...group.settings.resources.map((resource) => resource.text)].join(" ");
  // What a starting node of the original answers itself when nobody stands in its way.
  if (!turn.state.initialAcquisitionDone && group.settings.owner === turn.state.settings.self)
    log(turn, "info", `received ip-request-resp ${name} OK yes`, "ip-request-resp");
  log(turn, "info", `Acquiring resource group: ${text}`, "ResourceManager");
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
    moveGroup(turn, name, { ...bare(held), kind: "held", since: turn.at, contested: false });
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

function bare(held: Held): Held {
  return { term: held.term, since: held.since, because: held.because, awayFrom: held.awayFrom };
}

function operate(turn: Turn, group: GroupName, index: number, action: ResourceAction): Work {
  return { kind: "operation", action, ...beginOperation(turn, { group, index, action }) };
}

/** Has something done to one resource. @returns the number of this piece of work, and when even the runner is overdue with it. */
export function beginOperation(
  turn: Turn,
  what: { readonly group: GroupName; readonly index: number; readonly action: ResourceAction },
): { readonly operation: OperationId; readonly deadline: Instant } {
  const operation = nextOperation(turn);
  const timeout = timeLimit(turn.state.settings.timing, what.action);
  emit(turn, { type: "operateResource", operation, ...what, timeout });
  return { operation, deadline: after(after(turn.at, timeout), runnerGrace) };
}

function timeLimit(timing: Timing, action: ResourceAction): Duration {
  if (action === "start") return timing.startTimeout;
  return action === "stop" ? timing.stopTimeout : timing.statusTimeout;
}

/** Lets go of a group that is here. One that is just being started goes as soon as the operation in hand has ended. */
export function release(turn: Turn, name: GroupName, wanted: Release): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  const { holding } = group;
  if (holding.kind === "acquiring") {
    if (isUrgent(wanted)) withdraw(turn, name);
    moveGroup(turn, name, { ...holding, cancelled: wanted });
  } else if (holding.kind === "held" || holding.kind === "doubted") {
    const text = [group.settings.owner, ...group.settings.resources.map((resource) => resource.text)].join(" ");
    log(turn, "info", `Releasing resource group: ${text}`, "ResourceManager");
    if (isUrgent(wanted)) withdraw(turn, name);
    stopFrom(turn, name, { held: bare(holding), release: wanted }, group.settings.resources.length - 1);
  }
}

/** Somebody else has it, or may have it in the next moment. */
const isUrgent = ({ why }: Release): boolean => urgent.has(why);
const urgent: ReadonlySet<Release["why"]> = new Set(["rival-has-larger-term", "rival-keeps-it", "right-lost"]);

/** The addresses go at once, before any script is asked. */
export function withdraw(turn: Turn, name: GroupName): void {
  changeGroup(turn, name, { announcing: undefined });
  emit(turn, { type: "withdrawAddresses", group: name });
}

function stopFrom(turn: Turn, name: GroupName, going: { held: Held; release: Release }, index: number): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  changeGroup(turn, name, { announcing: undefined });
  if (index < 0) return finishRelease(turn, name, going.held, going.release);
  const work = operate(turn, name, index, "stop");
  moveGroup(turn, name, { ...bare(going.held), kind: "releasing", index, attempt: 1, work, release: going.release });
}

/** Everything is stopped: pass the group on, or just be without it. */
function finishRelease(turn: Turn, name: GroupName, held: Held, wanted: Release): void {
  const target = wanted.to === undefined ? undefined : turn.state.peers.get(wanted.to);
  if (target === undefined) {
    moveGroup(turn, name, { kind: "idle", since: turn.at, why: wanted.why });
    return;
  }
  // After a partition others may have seen a larger term than the one that it was held with: to them that would be history.
  const highest = turn.state.groups.get(name)?.highestTerm ?? held.term;
  const granted = (Math.max(held.term, highest) + 1) as Term;
  changeGroup(turn, name, { highestTerm: granted });
  moveGroup(turn, name, {
    kind: "granted",
    term: granted,
    to: target.name,
    since: turn.at,
    toGeneration: target.generation,
  });
}

/** An operation ended; answers to operations that nobody waits for are dropped. */
export function onResourceFinished(turn: Turn, event: Event & { type: "resourceFinished" }): void {
  for (const group of turn.state.groups.values()) {
    const { holding } = group;
    if (holding.kind !== "acquiring" && holding.kind !== "releasing") continue;
    if (holding.work.kind !== "operation" || holding.work.operation !== event.operation) continue;
    const finished = { group, action: holding.work.action, outcome: event.outcome };
    return holding.kind === "acquiring"
      ? whileAcquiring(turn, holding, finished)
      : whileReleasing(turn, holding, finished);
  }
}

interface Finished {
  readonly group: Group;
  readonly action: ResourceAction;
  readonly outcome: ResourceOutcome;
}

function whileAcquiring(turn: Turn, holding: Acquiring, { group, action, outcome }: Finished): void {
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

/** No second call can help: the script is not there. */
export function isHopeless(why: string): boolean {
  return why === "not-found" || why === "not-executable";
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

/** @returns the outcome in words: `Return code 1`, `Failure (timed-out)`, `stopped`. */
export function describe(outcome: ResourceOutcome): string {
  if (outcome.kind !== "failed") return outcome.kind;
  return outcome.why === "exit-code" ? `Return code ${outcome.code ?? "unknown"}` : `Failure (${outcome.why})`;
}

function whileReleasing(turn: Turn, holding: Releasing, { group, action, outcome }: Finished): void {
  const { name, resources } = group.settings;
  const resource = resources[holding.index];
  if (resource === undefined) return;
  if (action === "monitor") return afterLastStop(turn, holding, group, outcome);
  if (outcome.kind !== "failed")
    return stopFrom(turn, name, { held: holding, release: holding.release }, holding.index - 1);
  log(turn, "ERROR", `${describe(outcome)} from ${resource.text} stop`, "ResourceManager");
  if (holding.index === holding.release.dead) return passOver(turn, holding, resource.text, name);
  const { stopAttempts, stopRetryPause } = turn.state.settings.timing;
  if (isHopeless(outcome.why) || holding.attempt >= stopAttempts) {
    // By its own command where it has one: many scripts whose stop fails have no status either.
    return moveGroup(turn, name, { ...holding, work: operate(turn, name, holding.index, "monitor") });
  }
  log(turn, "info", `Retrying failed stop operation [${resource.text}]`, "ResourceManager");
  moveGroup(turn, name, { ...holding, work: { kind: "pause", until: after(turn.at, stopRetryPause) } });
}

/** The stop failed for good. Does it run at all? If not, the script only lied; if so, nobody else may start it. */
function afterLastStop(turn: Turn, holding: Releasing, group: Group, outcome: ResourceOutcome): void {
  const { name, resources } = group.settings;
  const resource = resources[holding.index] as ResourceSettings;
  if (outcome.kind === "stopped" || (outcome.kind === "failed" && isHopeless(outcome.why))) {
    return passOver(turn, holding, resource.text, name);
  }
  log(
    turn,
    "CRIT",
    `Resource STOP failure: ${resource.text} may still be running here; its group is blocked.`,
    "ResourceManager",
  );
  withdraw(turn, name);
  moveGroup(turn, name, { kind: "stuck", term: holding.term, resource: resource.text, since: turn.at });
}

/** It says that it cannot stop what is stopped: the next one. */
function passOver(turn: Turn, holding: Releasing, text: string, name: GroupName): void {
  log(turn, "ERROR", `Resource script for ${text} probably not LSB-compliant.`, "ResourceManager");
  log(turn, "WARN", `it (${text}) MUST succeed on a stop when already stopped`, "ResourceManager");
  stopFrom(turn, name, { held: holding, release: holding.release }, holding.index - 1);
}

/** Overdue operations and pauses that are over. */
export function driveWork(turn: Turn): void {
  for (const group of turn.state.groups.values()) {
    const { holding } = group;
    if (holding.kind !== "acquiring" && holding.kind !== "releasing") continue;
    const { work } = holding;
    if (work.kind === "pause" && turn.at >= work.until && holding.kind === "releasing") {
      const again = operate(turn, group.settings.name, holding.index, "stop");
      moveGroup(turn, group.settings.name, { ...holding, attempt: holding.attempt + 1, work: again });
    } else if (work.kind === "operation" && turn.at >= work.deadline) {
      abandon(turn, work.operation);
    }
  }
}

function abandon(turn: Turn, operation: OperationId): void {
  emit(turn, { type: "abandonOperation", operation });
  const outcome = { kind: "failed", why: "no-answer" } as const;
  onResourceFinished(turn, { at: turn.at, wall: turn.wall, type: "resourceFinished", operation, outcome });
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

/** Withdraws everything that may have been lost while this node slept, and waits for news (design.md 3.2). */
export function doubtEverything(turn: Turn, wait: Duration): void {
  for (const group of turn.state.groups.values()) doubt(turn, group, wait);
}

/** Withdraws what is here of the group, and waits for news: somebody else may have it. */
export function doubt(turn: Turn, { holding, settings: { name } }: Group, wait: Duration): void {
  if (holding.kind === "acquiring" && holding.work.kind === "operation") {
    emit(turn, { type: "abandonOperation", operation: holding.work.operation });
  }
  if (holding.kind === "releasing") withdraw(turn, name);
  if (holding.kind !== "held" && holding.kind !== "acquiring") return;
  withdraw(turn, name);
  moveGroup(turn, name, { ...bare(holding), kind: "doubted", from: turn.at, until: after(turn.at, wait) });
}

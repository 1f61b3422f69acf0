import type { ResourceOutcome } from "./event.js";
import type { Group, Held, Holding, Release } from "./group.js";
import type { GroupName, NodeName, Term } from "./names.js";
import { bare, describe, type Finished, isHopeless, lineOf, operate } from "./operations.js";
import type { ResourceSettings } from "./settings.js";
import { after } from "./time.js";
import { changeGroup, emit, log, moveGroup, type Turn } from "./turn.js";

/**
 * A group's resources are stopped from right to left. A stop that fails is tried again, and in the end leaves the group `stuck`: its addresses are
 * withdrawn and nobody else may start it, because its service may still be running here.
 */

export type Releasing = Extract<Holding, { kind: "releasing" }>;

/** Lets go of a group that is here. One that is just being started goes as soon as the operation in hand has ended. */
export function release(turn: Turn, name: GroupName, wanted: Release): void {
  const group = turn.state.groups.get(name);
  if (group === undefined) return;
  const { holding } = group;
  if (holding.kind === "acquiring") {
    if (isUrgent(wanted)) withdraw(turn, name);
    moveGroup(turn, name, { ...holding, cancelled: wanted });
  } else if (holding.kind === "held" || holding.kind === "doubted") {
    log(turn, "info", `Releasing resource group: ${lineOf(group.settings)}`, "ResourceManager");
    if (isUrgent(wanted)) withdraw(turn, name);
    stopFrom(turn, name, { held: bare(holding), release: wanted }, group.settings.resources.length - 1);
  }
}

/** Another node goes on holding the group, whatever the claims: ours goes. @param words what of the keeper, for ha-log. */
export function yieldTo(turn: Turn, { settings: { name } }: Group, keeper: NodeName, words: string): void {
  log(turn, "CRIT", `Both machines own ${name}: ${keeper} ${words}: releasing ours.`);
  emit(turn, { type: "record", what: "split-brain", detail: { group: name, keeper } });
  release(turn, name, { why: "rival-keeps-it", to: undefined });
}

/** Somebody else has it, or may have it in the next moment. */
const isUrgent = ({ why }: Release): boolean => urgent.has(why);

const urgent: ReadonlySet<Release["why"]> = new Set(["rival-has-larger-term", "rival-keeps-it", "right-lost"]);

/** The addresses go at once, before any script is asked. */
export function withdraw(turn: Turn, name: GroupName): void {
  changeGroup(turn, name, { announcing: undefined });
  emit(turn, { type: "withdrawAddresses", group: name });
}

export function stopFrom(turn: Turn, name: GroupName, going: { held: Held; release: Release }, index: number): void {
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

export function whileReleasing(turn: Turn, holding: Releasing, { group, action, outcome }: Finished): void {
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

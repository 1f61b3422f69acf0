import { giveUpDead, restartFrom } from "./acquiring.js";
import type { Event, ResourceOutcome } from "./event.js";
import type { Death, Group } from "./group.js";
import { type Monitor, type Question, recentFailures, trusting, voiceOf } from "./monitor.js";
import type { GroupName } from "./names.js";
import { abandon, beginOperation, describe, isHopeless } from "./operations.js";
import { canPassOn } from "./passing-on.js";
import type { ResourceSettings } from "./settings.js";
import { after, type Duration, type Instant, seconds } from "./time.js";
import { changeGroup, emit, log, type Turn } from "./turn.js";

/**
 * A service that dies (weaknesses.md B2). The scripts of a held group are asked for their status, one after the other, every `monitor_interval`.
 * Many init scripts answer `status` with words that mean nothing, and some (MailTo, Delay) never run at all; so "not running" is believed of
 * those only that have said once that they run. What has died is started again here, together with what stands to the right of it; at the
 * `migration_threshold` the group is given up, as if it had failed to start, and goes to whoever else can run it. When nobody can, it is started
 * here again and again: a service that comes and goes is better than none.
 */

/** A script that fails, or says nothing in time, is asked once more: a machine under load is not a dead service. */
const mostUnanswered = 2;
const longestPause = seconds(1);

/** Asks where it is time to ask; a question about a group that is not held any more is withdrawn. */
export function driveMonitoring(turn: Turn): void {
  for (const group of turn.state.groups.values()) {
    const { asking, next } = group.monitor;
    forgetRetry(turn, group);
    if (!isMonitored(turn, group)) forget(turn, group);
    else if (asking !== undefined && turn.at < asking.deadline) continue;
    else if (asking !== undefined) onMonitored(turn, abandon(turn, asking.operation));
    else if (next === undefined) begin(turn, group);
    else if (turn.at >= next.at) ask(turn, group, next);
  }
}

/** What has only just started is asked at once, so that its voice is known before it dies; what has died before must not be started over and over. */
function begin(turn: Turn, group: Group): void {
  change(turn, group.settings.name, { since: new Map() });
  if (group.monitor.failures.length > 0) endRound(turn, group);
  else ask(turn, group, { index: 0, unanswered: 0 });
}

/** @returns when something is due there by itself. */
export function monitoringDeadline({ monitor, failedHere }: Group): Instant | undefined {
  return monitor.asking?.deadline ?? monitor.next?.at ?? failedHere?.retryAt;
}

function isMonitored({ state }: Turn, { holding }: Group): boolean {
  return holding.kind === "held" && state.settings.monitoring.interval > 0;
}

/** From then on nothing stands in the way of another start but a node that can run it. */
function forgetRetry(turn: Turn, { settings: { name }, failedHere }: Group): void {
  if (failedHere?.retryAt === undefined || turn.at < failedHere.retryAt) return;
  changeGroup(turn, name, { failedHere: { ...failedHere, retryAt: undefined } });
}

function forget(turn: Turn, { settings, monitor: { asking, next } }: Group): void {
  if (asking === undefined && next === undefined) return;
  if (asking !== undefined) emit(turn, { type: "abandonOperation", operation: asking.operation });
  change(turn, settings.name, { asking: undefined, next: undefined });
}

/** Asks the first script at this place or to the right of it; there may be none. */
function ask(turn: Turn, group: Group, { index, unanswered }: Pick<Question, "index" | "unanswered">): void {
  const { name, resources } = group.settings;
  const found = resources.findIndex(({ kind }, i) => i >= index && kind === "script");
  if (found < 0) return endRound(turn, group);
  const { operation, deadline } = beginOperation(turn, { group: name, index: found, action: "monitor" });
  change(turn, name, { next: undefined, asking: { operation, deadline, index: found, unanswered } });
}

function endRound(turn: Turn, { settings: { name } }: Group): void {
  const { interval } = turn.state.settings.monitoring;
  change(turn, name, { asking: undefined, next: { at: after(turn.at, interval), index: 0, unanswered: 0 } });
}

/** @returns whether it was the answer to a question of ours. */
export function onMonitored(turn: Turn, { operation, outcome }: Event & { type: "resourceFinished" }): boolean {
  for (const group of turn.state.groups.values()) {
    const { asking } = group.monitor;
    if (asking?.operation !== operation) continue;
    judge(turn, group, { asking, outcome });
    return true;
  }
  return false;
}

interface Answer {
  readonly asking: Question;
  readonly outcome: ResourceOutcome;
}

function judge(turn: Turn, group: Group, { asking, outcome }: Answer): void {
  const { settings, monitor } = group;
  const resource = settings.resources[asking.index];
  if (resource === undefined) return endRound(turn, group);
  const voice = voiceOf(resource);
  const isTrusted = monitor.voices.get(voice) === "trusted" && !isInconclusive(outcome);
  if (outcome.kind === "running") changeGroup(turn, settings.name, { monitor: trusting(monitor, voice) });
  else if (!isTrusted) noteMute(turn, group, { resource, outcome });
  else if (outcome.kind === "failed" && asking.unanswered + 1 < mostUnanswered) return askAgain(turn, group, asking);
  else if (monitor.since.get(voice) === undefined)
    change(turn, settings.name, { since: new Map(monitor.since).set(voice, "not-yet") });
  else return onDeath(turn, group, { asking, outcome });
  ask(turn, group, { index: asking.index + 1, unanswered: 0 });
}

/** A script that is gone (its package is being upgraded) says nothing about the service. */
function isInconclusive(outcome: ResourceOutcome): boolean {
  if (outcome.kind !== "failed") return outcome.kind === "unknown";
  return isHopeless(outcome.why) || outcome.why === "refused";
}

/** Of whom it was asked, and what came of it. */
interface Word {
  readonly resource: ResourceSettings;
  readonly outcome: ResourceOutcome;
}

/** Some services need a moment until they run; of what is still silent in the next round it is said. */
function noteMute(turn: Turn, group: Group, { resource, outcome }: Word): void {
  const { settings, monitor } = group;
  const voice = voiceOf(resource);
  const before = monitor.voices.get(voice);
  if (before === "mute") return;
  if (before === "trusted") return noteUnclear(turn, group, { resource, outcome });
  change(turn, settings.name, { voices: new Map(monitor.voices).set(voice, before === "silent" ? "mute" : "silent") });
  if (before === undefined) return;
  const who = resource.monitor === undefined ? "its status" : resource.monitor;
  const news = `${resource.text} was started here, but ${who} has not said once that it runs (${describe(outcome)})`;
  log(turn, "WARN", `${news}: its death would not be noticed.`);
}

/** Said once: a script that is gone, or does not understand the question any more. */
function noteUnclear(turn: Turn, { settings, monitor }: Group, { resource, outcome }: Word): void {
  const voice = voiceOf(resource);
  if (monitor.since.get(voice) === "unclear") return;
  change(turn, settings.name, { since: new Map(monitor.since).set(voice, "unclear") });
  log(turn, "WARN", `Whether ${resource.text} runs cannot be told any more (${describe(outcome)}).`);
}

function askAgain(turn: Turn, { settings: { name } }: Group, { index, unanswered }: Question): void {
  const pause = Math.min(turn.state.settings.monitoring.interval, longestPause) as Duration;
  change(turn, name, {
    asking: undefined,
    next: { at: after(turn.at, pause), index, unanswered: unanswered + 1 },
  });
}

function onDeath(turn: Turn, group: Group, { asking: { index }, outcome }: Answer): void {
  const { name, resources } = group.settings;
  const { threshold, failureTimeout } = turn.state.settings.monitoring;
  const failures = [...recentFailures(group.monitor, failureTimeout, turn.at), turn.at].slice(-threshold);
  const text = resources[index]?.text ?? name;
  const death: Death = { index, isStopped: outcome.kind === "stopped" };
  change(turn, name, { asking: undefined, next: undefined, failures });
  emit(turn, {
    type: "record",
    what: "service-died",
    detail: { group: name, resource: text, failures: failures.length },
  });
  const said = `${text} does not run any more (${describe(outcome)} from ${text} monitor)`;
  log(turn, "ERROR", `${said}: failure ${failures.length} of ${threshold}`, "ResourceManager");
  const isOver = failures.length >= threshold;
  if (isOver && canPassOn(turn.state, group)) return giveUpDead(turn, name, death);
  const alone = isOver ? ": no other node can run it now" : "";
  log(turn, "WARN", `Starting ${text} again here${alone}`, "ResourceManager");
  restartFrom(turn, name, death);
}

function change(turn: Turn, name: GroupName, patch: Partial<Monitor>): void {
  const group = turn.state.groups.get(name);
  if (group !== undefined) changeGroup(turn, name, { monitor: { ...group.monitor, ...patch } });
}

import { arbiterText } from "../config/arbiter-text.js";
import type { Config } from "../config/config.js";
import type { GroupSnapshot, NodeSnapshot, Phase, Snapshot } from "../control/snapshot.js";
import { holderOf } from "../core/clearance.js";
import { unfinished } from "../core/departure.js";
import { isContested } from "../core/giving-way.js";
import { type Group, isMoving } from "../core/group.js";
import { runsIpfail } from "../core/ipfail.js";
import { isAlive, type Liveness } from "../core/liveness.js";
import { recentFailures } from "../core/monitor.js";
import { linkName } from "../core/names.js";
import type { NodeState } from "../core/node-state.js";
import { sharesOf } from "../core/original.js";
import type { Peer, Program } from "../core/peer.js";
import { failureWords } from "../core/report.js";
import { between, type Instant } from "../core/time.js";
import type { DeadManView } from "../ports/dead-man.js";
import { fencingAlerts, fencingView } from "./fencing-view.js";

/** What only the process knows. */
export interface ProcessFacts {
  readonly program: string;
  readonly processId: number;
  readonly now: Instant;
  /** Refusals at the door (`daemon/counters.ts`). */
  readonly refused: ReadonlyMap<string, number>;
  /** What the kernel does when nobody of ours lives. */
  readonly deadMan?: DeadManView;
  /** Names of the clients that are signed on here. */
  readonly clients?: readonly string[];
}

/** @returns what the daemon shows of itself at this instant. */
export function snapshotOf(state: NodeState, config: Config, facts: ProcessFacts): Snapshot {
  const { settings } = state;
  const { keepalive, warntime, deadtime, initdead } = settings.timing;
  const fencing = fencingView(state, facts.now);
  const [phase, phaseReason] = phaseOf(state);
  return {
    version: 1,
    node: settings.self,
    program: facts.program,
    processId: facts.processId,
    uptime: between(state.startedAt, facts.now),
    generation: state.identity.generation,
    phase,
    phaseReason,
    ...phaseRemaining(state, facts.now),
    nodes: nodesOf(state, config, facts),
    groups: [...state.groups.values()].map((group) => groupOf(state, group, facts.now)),
    holds: phase === "active" ? sharesShown(state) : "transition",
    counters: Object.fromEntries([...state.counters, ...facts.refused]),
    fencing,
    ...deadManOf(facts),
    ...arbiterOf(state, config, facts.now),
    alerts: [...fencingAlerts(fencing), ...alertsOf(state, facts.now)],
    parameters: Object.fromEntries(config.parameters),
    timing: { keepalive, warntime, deadtime, initdead },
  };
}

function arbiterOf({ leasing }: NodeState, { arbiter, settings }: Config, now: Instant): Pick<Snapshot, "arbiter"> {
  const { leaseTime } = settings.arbitration;
  if (arbiter === undefined || leaseTime === undefined) return {};
  const { silentSince } = leasing;
  const silentFor = silentSince === undefined ? null : between(silentSince, now);
  return { arbiter: { text: arbiterText(arbiter), leaseTime, silentFor } };
}

function leaseOf({ leases }: NodeState, { id }: Group, now: Instant): Pick<GroupSnapshot, "lease"> {
  const lease = leases.get(id);
  if (lease === undefined) return {};
  if (lease.until > now) return { lease: { remaining: between(now, lease.until), by: null } };
  return lease.by === undefined ? {} : { lease: { remaining: null, by: lease.by } };
}

function deadManOf({ deadMan }: ProcessFacts): Pick<Snapshot, "deadMan"> {
  if (deadMan === undefined) return {};
  const { form, limit, lacking } = deadMan;
  return { deadMan: { form, limit: limit ?? null, lacking: lacking ?? null } };
}

/**
 * The original's word, as tools that were made for it expect it. In legacy mode it always says `none`. A share without groups is held as well
 * as any other: by its owner while he lives, else by the survivor; so a survivor of two always says `all`.
 */
function sharesShown(state: NodeState): Snapshot["holds"] {
  const { self, autoFailback } = state.settings;
  if (autoFailback === "legacy") return "none";
  const held = sharesOf(state);
  const owners = [...state.groups.values()].map((group) => group.settings.owner);
  const alone = ![...state.peers.values()].some(({ liveness }) => isAlive(liveness));
  const local = held === "local" || held === "all" || !owners.includes(self);
  const foreign = held === "foreign" || held === "all" || (alone && owners.every((owner) => owner === self));
  if (local && foreign) return "all";
  if (local) return "local";
  return foreign ? "foreign" : "none";
}

function phaseOf(state: NodeState): readonly [Phase, string] {
  if (state.phase.kind === "leaving") return ["stopping", unfinished(state).join("; ") || "handing everything over"];
  if (state.phase.kind === "up") return ["starting", waitingFor(state)];
  const moving = [...state.groups.values()]
    .filter(isMoving)
    .map((group) => `${group.settings.name} ${group.holding.kind}`);
  if (state.exchange.kind !== "none") moving.unshift(`hand-over with ${state.exchange.peer}: ${state.exchange.kind}`);
  if (state.transition.kind !== "stable") moving.unshift("waiting for an original heartbeat to settle (at most 10 s)");
  return moving.length === 0 ? ["active", ""] : ["moving", moving.join("; ")];
}

/** Only the wait for peers that were never heard has an end of its own. */
function phaseRemaining(state: NodeState, now: Instant): { readonly phaseRemaining?: number } {
  if (state.phase.kind !== "up") return {};
  const waits = [...state.peers.values()].flatMap(({ liveness }) =>
    liveness.kind === "unseen" ? [liveness.deadAt] : [],
  );
  return waits.length === 0 ? {} : { phaseRemaining: Math.max(0, between(now, Math.max(...waits) as Instant)) };
}

function waitingFor(state: NodeState): string {
  const waits: string[] = [];
  for (const { name, liveness } of state.peers.values()) {
    if (liveness.kind !== "unseen") continue;
    waits.push(`waiting for the first heartbeat of ${name} (until initdead)`);
  }
  return waits.join("; ");
}

function nodesOf(state: NodeState, config: Config, facts: ProcessFacts): readonly NodeSnapshot[] {
  const { now } = facts;
  return [
    ...state.settings.nodes.map((name) => {
      const peer = state.peers.get(name);
      return peer === undefined ? ourselves(state, config, facts) : peerSnapshot(peer, state.settings.digest, now);
    }),
    ...[...state.pings].map(([name, liveness]) => pingSnapshot(name, liveness, now)),
  ];
}

/** Nobody hears himself over unicast, so the original calls the own links dead; their names are what matters. */
function ourselves(state: NodeState, config: Config, { program, clients = [] }: ProcessFacts): NodeSnapshot {
  const status = state.phase.kind === "up" ? "up" : "active";
  const devices = [...new Set(config.media.map((medium) => medium.device))];
  const links = devices.map((device) => ({ name: linkName(device), up: false, silence: null }));
  return {
    name: state.settings.self,
    type: "normal",
    status,
    self: true,
    liveness: "up",
    silence: null,
    program,
    clients: runsIpfail(state) ? [...clients, "ipfail"] : clients,
    links,
  };
}

function peerSnapshot(peer: Peer, digest: string, now: Instant): NodeSnapshot {
  const dead = peer.liveness.kind === "dead" || peer.liveness.kind === "left";
  return {
    name: peer.name,
    type: "normal",
    status: dead ? "dead" : (peer.status ?? "init"),
    self: false,
    liveness: peer.liveness.kind,
    silence: silenceOf(peer.liveness, now),
    program: programName(peer.program),
    ...(peer.clockAhead === undefined ? {} : { clockAhead: peer.clockAhead }),
    ...configuredDeadtime(peer),
    ...(peer.digest === undefined ? {} : { differentGroups: peer.digest !== digest }),
    links: [...peer.links].map(([name, link]) => ({
      name,
      up: isAlive(link.liveness),
      silence: silenceOf(link.liveness, now),
    })),
  };
}

/** What is announced for a moment only, at a start or before a quick restart, is not what the peer is configured with. */
function configuredDeadtime({ announcedDeadtime, announcedSince }: Peer): { readonly announcedDeadtime?: number } {
  return announcedDeadtime === undefined || announcedSince !== undefined ? {} : { announcedDeadtime };
}

function pingSnapshot(name: NodeSnapshot["name"], liveness: Liveness, now: Instant): NodeSnapshot {
  const up = isAlive(liveness);
  const silence = silenceOf(liveness, now);
  const links = [{ name: linkName(name), up, silence }];
  const status = up ? "ping" : "dead";
  return { name, type: "ping", status, self: false, liveness: liveness.kind, silence, program: "", links };
}

function silenceOf(liveness: Liveness, now: Instant): number | null {
  return "heardAt" in liveness ? Math.max(0, between(liveness.heardAt, now)) : null;
}

function programName(program: Program): string {
  if (program.kind === "ours") return `heartbeat (extension ${program.version})`;
  return program.kind === "original" ? "heartbeat 3.0.6" : "unknown";
}

function groupOf(state: NodeState, group: Group, now: Instant): GroupSnapshot {
  const { holding, settings } = group;
  return {
    name: settings.name,
    owner: settings.owner,
    resources: settings.resources.map((resource) => resource.text),
    state: group.failedHere === undefined || holding.kind !== "idle" ? holding.kind : "failed",
    term: "term" in holding ? holding.term : group.highestTerm,
    holder: holderOf(state, group) ?? null,
    because: reasonOf(group),
    since: Math.max(0, between(holding.since, now)),
    policy: settings.policy,
    ...leaseOf(state, group, now),
  };
}

function reasonOf(group: Group): string {
  const { holding } = group;
  switch (holding.kind) {
    case "idle":
      if (group.failedHere !== undefined)
        return `${group.failedHere.resource} ${failureWords[group.failedHere.how]} here`;
      return group.lastVerdict === "" ? holding.why : group.lastVerdict;
    case "granted":
      return `passed on to ${holding.to}`;
    case "stuck":
      return `${holding.resource} could not be stopped and may still be running here`;
    case "releasing":
      return holding.release.why;
    case "doubted":
      return "overslept: waiting to hear that nobody else took it";
    default:
      return holding.because;
  }
}

/** A service that was started again where it died, and may move at the next failure. */
function deathsOf(
  { settings: { monitoring } }: NodeState,
  { settings: { name }, holding, monitor }: Group,
  now: Instant,
) {
  const { length } = recentFailures(monitor, monitoring.failureTimeout, now);
  if (length === 0 || (holding.kind !== "held" && holding.kind !== "acquiring")) return [];
  const times = length === 1 ? "once" : `${length} times`;
  return [`${name}: a service of it died ${times} and was started again here (ha-log)`];
}

const hints = {
  "lease-unavailable": "the arbiter grants no lease; when the other node is off, type heartbeat confirm <node> dead",
  "no-quorum": "no ping node answers; this node may be the one that is cut off",
  "quorum-regained": "the ping nodes answer again only now; a node that is alive has one deadtime to be heard",
} as const;

function alertsOf(state: NodeState, now: Instant): readonly string[] {
  const alerts: string[] = [];
  for (const group of state.groups.values()) {
    alerts.push(...deathsOf(state, group, now));
    const { name } = group.settings;
    if (group.holding.kind === "stuck")
      alerts.push(
        `${name}: ${group.holding.resource} could not be stopped; the group is blocked until this node is restarted`,
      );
    if (group.holding.kind === "idle" && group.lastVerdict.startsWith("release-failed"))
      alerts.push(
        `${name}: nobody may start it, ${group.lastVerdict}: a service that could not be stopped may still run there; stop it, then restart heartbeat there`,
      );
    if (group.failedHere !== undefined)
      alerts.push(
        `${name}: ${group.failedHere.resource} ${failureWords[group.failedHere.how]} on this node; see ha-log and ha-debug, then: heartbeat takeover`,
      );
    const refusal = group.holding.kind === "idle" ? group.lastVerdict.split(" ")[0] : undefined;
    if (refusal === "address-answers")
      alerts.push(
        `${name}: its holder is silent but answers at ${group.sighting?.by ?? "its address"}: a heartbeat link is cut; mend it`,
      );
    if (refusal === "awaiting-operator")
      alerts.push(
        `${name}: not taken over, ${group.lastVerdict}: when that node is off, type heartbeat confirm <node> dead`,
      );
    if (refusal === "lease-unavailable" || refusal === "no-quorum" || refusal === "quorum-regained")
      alerts.push(`${name}: nobody serves it, ${refusal}: ${hints[refusal]}`);
    if (group.holding.kind === "held" && group.holding.rivalSince !== undefined)
      alerts.push(`${name}: another node holds it too`);
    if (isContested(state, group)) alerts.push(`${name}: a node of heartbeat 3.0.6 says that it holds it too (ha-log)`);
  }
  for (const peer of state.peers.values()) {
    if (peer.digest !== undefined && peer.digest !== state.settings.digest)
      alerts.push(`haresources of ${peer.name} differs from ours`);
    if (peer.liveness.kind === "dead" && peer.generation === 0)
      alerts.push(`${peer.name} was never heard on any link: check cables, firewall (udp port) and ucast lines`);
  }
  if (state.leasing.silentSince !== undefined)
    alerts.push("the arbiter does not answer: one more failure and groups are given up; mend it");
  return alerts;
}

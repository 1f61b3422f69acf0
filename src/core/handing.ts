import type { Share } from "./event.js";
import {
  answer,
  answerLimit,
  ask,
  cancel,
  canTake,
  groupsOf,
  isPresent,
  obstacleTo,
  putOffFailback,
  record,
  refuse,
} from "./exchange-steps.js";
import type { Group } from "./group.js";
import type { GroupName, NodeName } from "./names.js";
import type { NodeState, Reason, Requested } from "./node-state.js";
import { tellShares } from "./original.js";
import type { Peer } from "./peer.js";
import { release } from "./releasing.js";
import { after, seconds } from "./time.js";
import { change, changePeer, count, log, type Turn } from "./turn.js";

/** The side that gives up (R). */

/** The original waits an hour for the other side's `done`; one of ours is asked by its reports and needs no limit. */
const completionLimit = seconds(3_600);

/** What somebody wants moved. */
export interface Wanted {
  readonly share: Share;
  readonly reason: Reason;
  /** The operator's request to answer; `undefined` when nobody waits. */
  readonly request: number | undefined;
  /** Who shall take it; `undefined`: whoever can. */
  readonly to?: NodeName;
  /** Which groups; absent: those that the share means. */
  readonly groups?: readonly GroupName[];
}

/** R begins: asks the peer whether it can take the groups. */
export function requestStandby(turn: Turn, wanted: Wanted): void {
  const share = wanted.share === "failback" ? "foreign" : wanted.share;
  sayIfLegacy(turn);
  const obstacle = obstacleTo(turn.state);
  if (obstacle !== undefined) return refuse(turn, wanted.request, obstacle);
  const { self } = turn.state.settings;
  const peer = takerFor(turn.state, share, wanted.to);
  if (peer === undefined) return refuse(turn, wanted.request, "no other node is up and able to take resources");
  if (peer.standing.kind === "better" && wanted.reason !== "start-failed")
    return refuse(turn, wanted.request, `${peer.name} reaches fewer ping nodes than this node`);
  const groups = wanted.groups ?? groupsOf(turn.state, share, peer).map((group) => group.settings.name);
  if (groups.length === 0 && peer.program.kind === "ours")
    return answer(turn, wanted.request, "completed", `${self} holds no ${share} resources: nothing to move`);
  const id = turn.state.nextOperation;
  const { reason, request } = wanted;
  const requested: Requested = { id, peer: peer.name, generation: peer.generation, share, reason, groups, request };
  change(turn, {
    nextOperation: id + 1,
    exchange: { ...requested, kind: "asking", deadline: after(turn.at, answerLimit) },
  });
  log(turn, "info", `${self} wants to go standby [${share}]`);
  record(turn, "asking", requested);
  ask(turn, requested, "me");
}

/** The original's words, on both sides. */
export function sayIfLegacy(turn: Turn): void {
  if (turn.state.settings.autoFailback === "legacy")
    log(turn, "info", "Standby mode only implemented when nice_failback on");
}

/** @returns the living node that would take this share; for `foreign` the owner of what we hold for others. */
function takerFor(state: NodeState, share: Share, to: NodeName | undefined): Peer | undefined {
  const able = [...state.peers.values()].filter((peer) => canTake(peer) && (to === undefined || peer.name === to));
  if (share !== "foreign") return able[0];
  const owners = [...state.groups.values()]
    .filter((group) => group.holding.kind === "held")
    .map((group) => group.settings.owner);
  return able.find((peer) => owners.includes(peer.name)) ?? able[0];
}

/** P is ready: let go. */
export function onAnswered(turn: Turn, from: NodeName, id: number | undefined): void {
  const { exchange } = turn.state;
  if (exchange.kind !== "asking" || exchange.peer !== from || (id !== undefined && id !== exchange.id)) {
    return count(turn, "stray-standby-message");
  }
  const { share } = exchange;
  log(turn, "info", `standby: ${from} can take our ${share} resources`);
  answer(turn, exchange.request, "running", `${from} can take ${share} resources`);
  change(turn, { exchange: { ...requestedOf(exchange), kind: "handing" } });
  tellShares(turn, { without: exchange.groups, info: "standby", stable: false });
  log(turn, "info", `give up ${share} HA resources (standby).`);
  for (const name of exchange.groups) release(turn, name, { why: "hand-over", to: from });
}

function requestedOf(exchange: Requested): Requested {
  const { id, peer, generation, share, reason, groups, request } = exchange;
  return { id, peer, generation, share, reason, groups, request };
}

/** Waits for P's answer. */
export function driveAsking(turn: Turn, exchange: Requested & { readonly deadline: number }): void {
  if (!isPresent(turn.state, exchange)) return cancel(turn, `${exchange.peer} died`);
  if (turn.at < exchange.deadline) return;
  log(turn, "WARN", "No reply to standby request.  Standby request cancelled.");
  cancel(turn, "no reply from the other node");
}

/** Waits until everything is stopped here. */
export function driveHanding(turn: Turn, exchange: Requested): void {
  if (!isPresent(turn.state, exchange)) return cancel(turn, `${exchange.peer} died`);
  const groups = groupsIn(turn.state, exchange);
  if (groups.some(isLetGo)) return;
  // Ours sees which group is stuck; an original would start them all, and that one runs here still (weaknesses.md A7).
  const blocked = groups.filter((group) => group.holding.kind === "stuck");
  const isOriginal = turn.state.peers.get(exchange.peer)?.program.kind === "original";
  if (blocked.length > 0 && (isOriginal || blocked.length === groups.length)) return cancel(turn, blockedText(blocked));
  log(turn, "info", `${exchange.share} HA resource release completed (standby).`);
  log(turn, "info", `Local standby process completed [${exchange.share}].`);
  change(turn, { exchange: { ...requestedOf(exchange), kind: "handed", deadline: after(turn.at, completionLimit) } });
  ask(turn, exchange, "done");
}

function blockedText(blocked: readonly Group[]): string {
  return `${blocked.map((group) => group.settings.name).join(", ")} could not be stopped here; see ha-log`;
}

function groupsIn(state: NodeState, exchange: Requested): readonly Group[] {
  return exchange.groups.flatMap((name) => state.groups.get(name) ?? []);
}

function isLetGo({ holding }: Group): boolean {
  return holding.kind === "releasing" || (holding.kind === "acquiring" && holding.cancelled !== undefined);
}

/** Waits until P has taken or declined each group: its reports tell, whatever became of its `done`. */
export function driveHanded(turn: Turn, exchange: Requested & { readonly deadline: number }): void {
  if (!isPresent(turn.state, exchange)) return cancel(turn, `${exchange.peer} died`);
  const peer = turn.state.peers.get(exchange.peer);
  if (turn.at >= exchange.deadline) return cancel(turn, `${exchange.peer} did not finish`);
  if (peer?.program.kind !== "ours") return;
  const open = groupsIn(turn.state, exchange).some(
    (group) => group.holding.kind === "granted" || peer.report?.get(group.id)?.state === "acquiring",
  );
  if (!open) finishHanding(turn, exchange);
}

/** P has finished. What it could not start comes back by its grant. */
export function finishHanding(turn: Turn, exchange: Requested): void {
  log(turn, "info", `Other node completed standby takeover of ${exchange.share} resources.`);
  noteTaken(turn, exchange);
  const lost = groupsIn(turn.state, exchange).filter((group) => !hasTaken(turn.state, exchange, group));
  change(turn, { exchange: { kind: "none" } });
  record(turn, "handed-over", exchange);
  tellShares(turn, { stable: true });
  turn.beatDue = true;
  if (lost.length === 0)
    return answer(turn, exchange.request, "completed", `${exchange.peer} has taken over ${exchange.share} resources`);
  if (exchange.reason !== "operator") putOffFailback(turn);
  const blocked = lost.filter((group) => group.holding.kind === "stuck");
  if (blocked.length > 0) return answer(turn, exchange.request, "failed", blockedText(blocked));
  const names = lost.map((group) => group.settings.name).join(", ");
  answer(turn, exchange.request, "failed", `${exchange.peer} did not take over ${names}; see its ha-log`);
}

/** An original's `done` may overtake its word about what it holds now; without that the groups would seem to be nobody's. */
function noteTaken(turn: Turn, { peer: name, share }: Requested): void {
  const peer = turn.state.peers.get(name);
  if (peer?.program.kind !== "original") return;
  const { local, foreign } = peer.shares;
  changePeer(turn, name, {
    shares: { ...peer.shares, local: local || share !== "local", foreign: foreign || share !== "foreign" },
  });
}

/** An original tells nothing about single groups; its word counts for all. */
function hasTaken(state: NodeState, exchange: Requested, group: Group): boolean {
  const peer = state.peers.get(exchange.peer);
  if (peer?.program.kind !== "ours") return true;
  const theirs = peer.report?.get(group.id);
  return theirs?.state === "held" || theirs?.state === "acquiring";
}

import { peerHolds } from "./clearance.js";
import { type Group, isHere } from "./group.js";
import { isAlive } from "./liveness.js";
import { type Message, textOf } from "./message.js";
import { groupName, type NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { send } from "./outbox.js";
import { nothingShared, type Peer } from "./peer.js";
import { release } from "./releasing.js";
import { after, times } from "./time.js";
import { changeGroup, changePeer, count, log, type Turn } from "./turn.js";

/**
 * `auto_failback legacy`: nobody says what he holds. An owner that comes up asks for its groups, one by one; whoever has one releases it and
 * says so; then the owner starts it (transitions.md 9):
 *
 *     owner: ip-request K  -->  holder releases K  -->  holder: ip-request-resp K weown=yes  -->  owner starts K
 *
 * Between ours the grant in the heartbeat is what counts, and the answer is only said. An original's answer is all there is; `weown=no`
 * means that it had nothing to release. An original that was active when it was first heard may hold what is ours, and so may one that may
 * have taken us for dead; one that came up beside us holds nothing of ours. Its first word is often no status but an answer to ours:
 * until it has told its status it may hold anything.
 */
export const isLegacy = ({ settings }: Pick<NodeState, "settings">): boolean => settings.autoFailback === "legacy";

/**
 * Asked again when no answer has come for so many keepalives, then for twice as many, and so on to the longest. An original runs a script
 * per question, one after the other, and is not stable before the last: on a busy machine, where each takes half a minute, it had ten
 * of ours to work off after its first yes. Nothing is lost by patience there: a lost question is sent again as every numbered message is.
 */
const patience = 5;
const longestPatience = { ours: 40, original: 640 };

/** Asks for what is ours, and answers for what was released. */
export function driveLegacy(turn: Turn): void {
  if (!isLegacy(turn.state) || turn.state.phase.kind === "up") return;
  for (const group of turn.state.groups.values()) {
    answerRequest(turn, group);
    if (turn.state.phase.kind === "active" && isElsewhere(turn.state, group)) request(turn, group);
  }
}

function isElsewhere(state: NodeState, group: Group): boolean {
  const { holding, settings, failedHere } = group;
  if (settings.owner !== state.settings.self || failedHere !== undefined) return false;
  // What is held here is asked for, too, when an original may have taken it while it stood still: it releases what it has.
  if (holding.kind !== "idle" && holding.kind !== "doubted" && holding.kind !== "held") return false;
  return [...state.peers.values()].some(
    (peer) =>
      isAlive(peer.liveness) &&
      peer.status !== undefined &&
      (isUndecided(peer, group) || (holding.kind === "idle" && peerHolds(peer, group))),
  );
}

/** @returns whether this original may hold our group, and has not said otherwise. */
export function isUndecided({ program, status, legacy }: Peer, { settings }: Group): boolean {
  const mayHold = status === undefined || legacy.mayHoldOurs;
  return program.kind === "original" && mayHold && !legacy.released.has(settings.name);
}

function request(turn: Turn, { settings, request: before }: Group): void {
  const isOriginal = [...turn.state.peers.values()].some(({ program }) => program.kind === "original");
  const longest = longestPatience[isOriginal ? "original" : "ours"];
  const keepalives = Math.min(patience * 2 ** Math.max(0, before.unanswered - 1), longest);
  const pause = times(turn.state.settings.timing.keepalive, keepalives);
  if (before.sentAt !== undefined && turn.at < after(before.sentAt, pause)) return;
  const unanswered = before.unanswered + 1;
  changeGroup(turn, settings.name, { request: { ...before, sentAt: turn.at, unanswered } });
  send(turn, { t: "ip-request", ipaddr: settings.name });
}

/** The owner is back and wants its group. */
export function onIpRequest(turn: Turn, from: NodeName, heard: Message): void {
  const name = groupName(textOf(heard, "ipaddr") ?? "");
  const group = turn.state.groups.get(name);
  if (!isLegacy(turn.state) || group === undefined || group.settings.owner !== from)
    return count(turn, "bad-ip-request");
  changeGroup(turn, name, { request: { ...group.request, by: from, held: isHere(group) } });
  if (group.holding.kind === "acquiring" && group.holding.cancelled !== undefined) return;
  release(turn, name, { why: "hand-over", to: from });
}

/** What cannot be stopped here is not given: the other side would start it a second time (weaknesses.md A7). */
function answerRequest(turn: Turn, { holding, settings, request: { by, held }, request: before }: Group): void {
  if (by === undefined) return;
  const gone = holding.kind === "idle" || holding.kind === "granted";
  if (!gone && holding.kind !== "stuck") return;
  changeGroup(turn, settings.name, { request: { ...before, by: undefined } });
  if (gone) send(turn, { t: "ip-request-resp", dest: by, ipaddr: settings.name, weown: held ? "yes" : "no", ok: "OK" });
}

/** What we asked for is free. */
export function onIpRequestAnswer(turn: Turn, from: NodeName, heard: Message): void {
  const name = groupName(textOf(heard, "ipaddr") ?? "");
  const peer = turn.state.peers.get(from);
  const isOurs = turn.state.groups.get(name)?.settings.owner === turn.state.settings.self;
  if (!isLegacy(turn.state) || peer === undefined || !isOurs || textOf(heard, "ok") !== "OK")
    return count(turn, "bad-ip-request-resp");
  const text = `received ip-request-resp ${name} OK ${textOf(heard, "weown") === "no" ? "no" : "yes"}`;
  log(turn, "info", text, "ip-request-resp");
  changePeer(turn, from, { legacy: { ...peer.legacy, released: new Set(peer.legacy.released).add(name) } });
  // Ours answer at once, however often they are asked; only an original is worth hurrying for.
  if (peer.program.kind === "original") forgetQuestions(turn);
  turn.beatDue = true;
}

/** The next question is put at once, and repeated soon. */
function forgetQuestions(turn: Turn): void {
  for (const [name, { request }] of turn.state.groups)
    if (request.unanswered > 0) changeGroup(turn, name, { request: { ...request, sentAt: undefined, unanswered: 0 } });
}

/** The original tells its status: from the first one follows what it may hold. An active one has its own groups. */
export function noteLegacyStatus(turn: Turn, before: Peer, status: string): void {
  const peer = turn.state.peers.get(before.name);
  if (!isLegacy(turn.state) || peer?.program.kind !== "original") return;
  const mayHoldOurs = peer.legacy.mayHoldOurs || (before.status === undefined && status === "active");
  if (before.status === undefined) forgetQuestions(turn);
  const shares = { ...nothingShared, local: status === "active", stable: true };
  changePeer(turn, before.name, { shares, legacy: { ...peer.legacy, mayHoldOurs } });
}

/** It may have taken us for dead: whatever is ours has to be asked for. */
export function distrustLegacy(turn: Turn, name: NodeName): void {
  if (isLegacy(turn.state)) changePeer(turn, name, { legacy: { mayHoldOurs: true, released: new Set() } });
}

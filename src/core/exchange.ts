import { clearance } from "./clearance.js";
import type { Share } from "./event.js";
import {
  answer,
  answerLimit,
  ask,
  cancel,
  forgetFailures,
  groupsOf,
  isPresent,
  obstacleTo,
  refuse,
} from "./exchange-steps.js";
import { isHere } from "./group.js";
import { driveAsking, driveHanded, driveHanding, finishHanding, onAnswered, requestStandby } from "./handing.js";
import { isAlive } from "./liveness.js";
import { decimalOf, type Message, textOf } from "./message.js";
import type { NodeName } from "./names.js";
import type { NodeState, Reason } from "./node-state.js";
import { send } from "./outbox.js";
import { driveOffer, driveTaking, mirrored, onAsked, onReleased } from "./taking.js";
import { after, type Instant } from "./time.js";
import { change, changeGroup, count, type Turn } from "./turn.js";
import { isFinished } from "./unfinished.js";

/**
 * Moving groups between two living nodes, in the original's words (transitions.md 5.1). R gives up, P takes:
 *
 *     R: ask_resources X me  -->  P: other  -->  R releases, each group granted to P as it stops  -->  R: done  -->  P: done
 *
 * Between our nodes the right to a group passes with the grant in R's heartbeat, so nothing hangs on a lost message; the request
 * carries a number (`hbo`) and is forgotten by both when it is cancelled (weaknesses.md B9).
 */

/** The four steps, told apart by `info`. */
export function onAskResources(turn: Turn, from: NodeName, heard: Message): void {
  const share = shareOf(textOf(heard, "rsc_hold"));
  const id = decimalOf(heard, "hbi");
  const reason = reasonOf(heard);
  if (share === undefined) return count(turn, "bad-standby-message");
  switch (textOf(heard, "info")?.toLowerCase()) {
    case "me":
      return onAsked(turn, { id, peer: from, share, reason });
    case "other":
      return onAnswered(turn, from, id);
    case "done":
      return onDone(turn, from, id);
    case "refused":
      return onRefused(turn, from, id, textOf(heard, "hbr") ?? "refused");
    default:
      return count(turn, "bad-standby-message");
  }
}

/** Ours say why; of an original only its ipfail can be told from an operator. */
function reasonOf(heard: Message): Reason {
  const said = textOf(heard, "hbw");
  if (said === "failback" || said === "connectivity" || said === "start-failed") return said;
  return said === undefined && textOf(heard, "from_id") === "ipfail" ? "connectivity" : "operator";
}

function shareOf(text: string | undefined): Share | undefined {
  return text === "all" || text === "local" || text === "foreign" ? text : undefined;
}

function onDone(turn: Turn, from: NodeName, id: number | undefined): void {
  const { exchange } = turn.state;
  if (exchange.kind === "none" || exchange.peer !== from || (id !== undefined && id !== exchange.id)) {
    return count(turn, "stray-standby-message");
  }
  if (exchange.kind === "offered") return onReleased(turn, exchange);
  if (exchange.kind === "handed" || exchange.kind === "handing") return finishHanding(turn, exchange);
}

function onRefused(turn: Turn, from: NodeName, id: number | undefined, why: string): void {
  const { exchange, wish } = turn.state;
  if (exchange.kind === "asking" && exchange.peer === from && exchange.id === id)
    return cancel(turn, `${from} refused: ${why}`, "refused");
  if (wish === undefined || id !== undefined) return count(turn, "stray-standby-message");
  change(turn, { wish: undefined });
  answer(turn, wish.request, "refused", `${from} refused: ${why}`);
}

/** An operator at this node wants what the other one has: the other one must go standby. */
export function requestTakeover(turn: Turn, share: Share, request: number | undefined): void {
  forgetFailures(turn, share === "failback" ? "local" : share);
  for (const name of turn.state.groups.keys()) changeGroup(turn, name, { offers: 0 });
  const obstacle =
    obstacleTo(turn.state) ?? (turn.state.wish === undefined ? undefined : "another takeover is in progress");
  if (obstacle !== undefined) return refuse(turn, request, obstacle);
  const peers = [...turn.state.peers.values()].filter((peer) => isAlive(peer.liveness));
  if (peers.length === 0) return takeAlone(turn, request);
  change(turn, { wish: { request, share, deadline: after(turn.at, answerLimit) } });
  send(turn, { t: "hb_takeover", rsc_hold: share });
}

/** Nobody is there to ask: what may be taken is taken anyway. What may not, and how that is changed, the operator must hear now. */
function takeAlone(turn: Turn, request: number | undefined): void {
  for (const group of turn.state.groups.values()) {
    if (isHere(group)) continue;
    const verdict = clearance(turn.state, group, turn.at);
    if (verdict.granted || verdict.because !== "release-failed") continue;
    const cure = `make sure that it does not, then restart heartbeat on ${verdict.about}, or here if that node is gone`;
    const why = `a stop failed on ${verdict.about}, so its service may still run there; ${cure}`;
    return refuse(turn, request, `${group.settings.name} stays blocked: ${why}`);
  }
  const text = "no other node is up: this node takes what it may take by itself (see heartbeat status)";
  answer(turn, request, "completed", text);
}

/** The node that asked wants our groups: what is local there is foreign here. */
export function onTakeoverMessage(turn: Turn, from: NodeName, heard: Message): void {
  const mirrored: Readonly<Record<string, Share>> = { all: "all", local: "foreign", foreign: "local", failback: "all" };
  const asked = textOf(heard, "rsc_hold") ?? "";
  const share = mirrored[asked];
  if (share === undefined) return count(turn, "bad-takeover-message");
  const peer = turn.state.peers.get(from);
  const mine = peer === undefined ? [] : groupsOf(turn.state, share, peer);
  const obstacle = obstacleTo(turn.state) ?? (mine.length === 0 ? nothingFor(from, asked) : undefined);
  if (obstacle !== undefined && peer?.program.kind === "ours") {
    const refusal = { id: undefined, peer: from, generation: peer.generation, since: turn.at, share } as const;
    return ask(turn, { ...refusal, reason: "operator" }, "refused", obstacle);
  }
  requestStandby(turn, { share, reason: "operator", request: undefined, to: from });
}

/** Said to the node that asked, in its own words: what is foreign here is local there. */
function nothingFor(asker: NodeName, asked: string): string {
  if (asked === "local") return `it holds no local resources of ${asker}`;
  return asked === "foreign" ? "it holds none of its own resources" : "it holds no resources";
}

/** Moves the exchange on when what it waits for has come, or when it has waited too long. */
export function driveExchange(turn: Turn): void {
  const { exchange } = turn.state;
  switch (exchange.kind) {
    case "none":
      drivePutOff(turn);
      return driveWish(turn);
    case "asking":
      return driveAsking(turn, exchange);
    case "handing":
      return driveHanding(turn, exchange);
    case "handed":
      return driveHanded(turn, exchange);
    case "offered":
      return driveOffer(turn, exchange);
    case "taking":
      return driveTaking(turn, exchange);
  }
}

function driveWish(turn: Turn): void {
  const { wish } = turn.state;
  if (wish === undefined || turn.at < wish.deadline) return;
  change(turn, { wish: undefined });
  answer(turn, wish.request, "refused", "the other node did not begin to give up its resources");
}

/** What an original offered too early can be had now. */
function drivePutOff(turn: Turn): void {
  const { putOff, phase } = turn.state;
  if (putOff === undefined) return;
  const isOver = phase.kind === "leaving" || !isPresent(turn.state, putOff);
  if (!isOver && (!isFinished(turn.state, putOff, turn.at) || obstacleTo(turn.state) !== undefined)) return;
  change(turn, { putOff: undefined });
  if (!isOver) requestTakeover(turn, mirrored[putOff.share], undefined);
}

/** This node is leaving: whoever waits for a hand-over hears that it comes to nothing. */
export function abandonExchange(turn: Turn, why: string): void {
  const { exchange, wish } = turn.state;
  if (exchange.kind !== "none" && "groups" in exchange) answer(turn, exchange.request, "failed", why);
  answer(turn, wish?.request, "failed", why);
  change(turn, { exchange: { kind: "none" }, wish: undefined });
}

/** @returns when the exchange gives up waiting. */
export function exchangeDeadline(state: NodeState): Instant | undefined {
  const { exchange, wish } = state;
  if ("deadline" in exchange) return exchange.deadline;
  return exchange.kind === "none" ? wish?.deadline : undefined;
}

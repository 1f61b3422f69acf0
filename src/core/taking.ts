import { couldRun, isGrantedToUs } from "./clearance.js";
import type { Share } from "./event.js";
import {
  answer,
  answerLimit,
  ask,
  cancel,
  fluxIn,
  forgetFailures,
  isPresent,
  obstacleOutsideGroups,
  record,
} from "./exchange-steps.js";
import { type Group, isHere, isMoving } from "./group.js";
import { sayIfLegacy } from "./handing.js";
import { isAlive } from "./liveness.js";
import type { NodeName } from "./names.js";
import type { NodeState, Offered, Reason } from "./node-state.js";
import { tellShares } from "./original.js";
import { passedOn } from "./passing-on.js";
import type { Peer } from "./peer.js";
import { failureWords } from "./report.js";
import { after, type Instant, seconds } from "./time.js";
import { change, changePeer, log, type Turn } from "./turn.js";
import { answerTime, isFinished } from "./unfinished.js";

/** The side that takes (P). */
type Offer = NodeState["exchange"] & { readonly kind: "offered" };

/** What R's first message says. */
export interface Question {
  readonly id: number | undefined;
  readonly peer: NodeName;
  readonly share: Share;
  readonly reason: Reason;
}

/** May the other node go standby? */
export function onAsked(turn: Turn, question: Question): void {
  if (turn.state.phase.kind === "leaving") return;
  const peer = turn.state.peers.get(question.peer);
  if (peer === undefined) return;
  sayIfLegacy(turn);
  const offered: Offered = { ...question, generation: peer.generation, since: turn.at };
  giveWay(turn, offered);
  const obstacle = isAlive(peer.liveness)
    ? obstacleToTaking(turn.state, offered)
    : `${peer.name} is taken for dead here`;
  if (obstacle !== undefined) return decline(turn, offered, obstacle);
  log(turn, "info", `${offered.peer} wants to go standby [${offered.share}]`);
  answer(turn, turn.state.wish?.request, "running", `${offered.peer} gives up ${offered.share} resources`);
  if (offered.reason === "operator") forgetFailures(turn, mirrored[offered.share]);
  const answerBy = after(turn.at, answerTime);
  const deadline = fluxIn(turn.state) === undefined ? answerBy : after(turn.at, longestFlux);
  change(turn, { exchange: { ...offered, kind: "offered", begun: false, answerBy, deadline }, putOff: undefined });
  record(turn, "offered", offered);
}

function decline(turn: Turn, offered: Offered, obstacle: string): void {
  log(turn, "WARN", `standby message [me] from ${offered.peer} ignored: ${obstacle}.`);
  if (offered.id !== undefined) ask(turn, offered, "refused", obstacle);
}

/**
 * A node that proves again what it holds, or starts it, is able to take more in a moment: a wish that reaches it then is not to be lost. Longer than
 * this, and whoever asks hears why; it waits ten seconds for the answer.
 */
const longestFlux = seconds(3);

/** Says that we are ready, once what is offered is there to be taken. */
function answerOffer(turn: Turn, exchange: Offer, answerBy: Instant): void {
  const flux = fluxIn(turn.state);
  if (flux !== undefined) return turn.at < exchange.deadline ? undefined : refuseInFlux(turn, exchange, flux);
  if (isFinished(turn.state, exchange, turn.at)) {
    change(turn, { exchange: { ...exchange, answerBy: undefined, deadline: after(turn.at, answerLimit) } });
    return ask(turn, exchange, "other");
  }
  if (turn.at < answerBy) {
    if (exchange.deadline < answerBy) change(turn, { exchange: { ...exchange, deadline: answerBy } });
    return;
  }
  postpone(turn, exchange);
}

/**
 * R says that it is done. An original that still takes over may say so before we have answered: it takes the end of what its scripts did before for
 * that of this hand-over, while others of them still start the groups.
 */
export function onReleased(turn: Turn, exchange: Offer): void {
  const shares = turn.state.peers.get(exchange.peer)?.shares;
  const isClaimed = exchange.share !== "local" && shares?.foreign === true;
  if (exchange.answerBy !== undefined && exchange.id === undefined && isClaimed) return postpone(turn, exchange);
  beginTaking(turn, exchange);
}

/** Nothing is taken now. */
function postpone(turn: Turn, exchange: Offer): void {
  cancel(turn, `${exchange.peer} is still taking over what it offers; it is asked for it when that is done`);
  const { id, peer, generation, since, share, reason } = exchange;
  change(turn, { putOff: { id, peer, generation, since, share, reason } });
}

function refuseInFlux(turn: Turn, exchange: Offer, flux: string): void {
  decline(turn, exchange, flux);
  cancel(turn, flux);
}

/** An original's automatic failback would bring back what it has because it failed here, again and again. */
function obstacleToTaking(state: NodeState, { id, share }: Offered): string | undefined {
  const failed = id === undefined && share === "foreign" ? passedOn(state) : undefined;
  if (failed === undefined) return obstacleOutsideGroups(state);
  const words = failureWords[failed.failedHere?.how ?? "start"];
  return `${failed.settings.name} ${words} here; when that is mended: heartbeat takeover local`;
}

/** What is local there is foreign here. */
export const mirrored: Readonly<Record<Share, Share>> = {
  all: "all",
  local: "foreign",
  foreign: "local",
  failback: "local",
};

/** Two that ask each other at the same moment would refuse each other for ever: the first one in ha.cf has its way. */
function giveWay(turn: Turn, offered: Offered): void {
  const { exchange, settings } = turn.state;
  if (exchange.kind !== "asking" || exchange.peer !== offered.peer) return;
  if (settings.nodes.indexOf(offered.peer) > settings.nodes.indexOf(settings.self)) return;
  cancel(turn, `${offered.peer} asked at the same moment`);
  change(turn, { failbackFrom: turn.at });
}

/** R has released everything. From an original that is the only grant there is. */
function beginTaking(turn: Turn, offered: Offered): void {
  log(turn, "info", `standby: acquire [${offered.share}] resources from ${offered.peer}`);
  log(turn, "info", `acquire ${mirrored[offered.share]} HA resources (standby).`);
  const { id, peer: name, generation, since, share, reason } = offered;
  change(turn, { exchange: { id, peer: name, generation, since, share, reason, kind: "taking" } });
  const peer = turn.state.peers.get(name);
  if (peer?.program.kind === "original") clearShares(turn, peer, share);
}

function clearShares(turn: Turn, peer: Peer, share: Share): void {
  const local = share === "foreign" ? peer.shares.local : false;
  const foreign = share === "local" ? peer.shares.foreign : false;
  changePeer(turn, peer.name, { shares: { ...peer.shares, local, foreign, releasing: false } });
}

/** Follows R by what its heartbeats say; its `done` may be late, and what it cancelled is forgotten here too. */
export function driveOffer(turn: Turn, exchange: Offer): void {
  const peer = turn.state.peers.get(exchange.peer);
  if (peer === undefined || !isPresent(turn.state, exchange)) return cancel(turn, `${exchange.peer} died`);
  if (exchange.answerBy !== undefined) return answerOffer(turn, exchange, exchange.answerBy);
  const busy = exchange.id !== undefined && peer.exchange === exchange.id;
  if (busy && !exchange.begun) return change(turn, { exchange: { ...exchange, begun: true } });
  if (exchange.begun && !busy) return endOffer(turn, exchange);
  if (turn.at < exchange.deadline) return;
  const releasing = busy || (exchange.id === undefined && peer.shares.stable === false);
  if (!releasing) return cancel(turn, `${exchange.peer} did not go on`);
  change(turn, { exchange: { ...exchange, deadline: after(turn.at, answerLimit) } });
}

/** R is done without our having heard so: either everything is here already, or it thought better of it. */
function endOffer(turn: Turn, exchange: Offer): void {
  const took = [...turn.state.groups.values()].some((group) => cameWith(group, exchange));
  if (took) beginTaking(turn, exchange);
  else cancel(turn, `${exchange.peer} has ended it`);
}

function cameWith(group: Group, exchange: Offered): boolean {
  const { holding } = group;
  return (
    isHere(group) && "because" in holding && holding.because === "holder-released" && holding.since >= exchange.since
  );
}

/** Waits until everything that R granted is started here, or has failed. */
export function driveTaking(turn: Turn, exchange: Offered): void {
  for (const group of turn.state.groups.values())
    if (isMoving(group) || isStillComing(turn.state, group, exchange)) return;
  log(turn, "info", `${mirrored[exchange.share]} HA resource acquisition completed (standby).`);
  log(turn, "info", `Standby resource acquisition done [${exchange.share}].`);
  change(turn, { exchange: { kind: "none" } });
  tellShares(turn, { stable: true });
  ask(turn, exchange, "done");
  record(turn, "taken-over", exchange);
  answerWish(turn, exchange);
}

function answerWish(turn: Turn, exchange: Offered): void {
  const { wish } = turn.state;
  if (wish === undefined) return;
  change(turn, { wish: undefined });
  const failed = [...turn.state.groups.values()].filter((group) => group.failedHere !== undefined);
  if (failed.length === 0)
    return answer(turn, wish.request, "completed", `took over ${wish.share} resources from ${exchange.peer}`);
  const names = failed.map((group) => group.settings.name).join(", ");
  answer(turn, wish.request, "failed", `could not start ${names}; see ha-log`);
}

/** A grant of R that we have not used yet. */
function isStillComing(state: NodeState, group: Group, exchange: Offered): boolean {
  const theirs = state.peers.get(exchange.peer)?.report?.get(group.id);
  if (theirs === undefined || !isGrantedToUs(state, theirs)) return false;
  return theirs.term > group.highestTerm && isPresent(state, exchange) && couldRun(state, state.settings.self, group);
}

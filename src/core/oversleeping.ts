import { postponeFencing } from "./fencing.js";
import { noteLapse } from "./giving-way.js";
import { isHere } from "./group.js";
import { forgive, isAlive, lastHeard } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import { drawNonce } from "./nonce.js";
import type { Peer } from "./peer.js";
import { doubtEverything } from "./resource-work.js";
import { isAskedFor } from "./sighting.js";
import { after, between, type Duration, milliseconds, times } from "./time.js";
import { change, changeGroup, changePeer, emit, log, type Turn } from "./turn.js";

/** A silence that is forgiven altogether. */
const allOfIt = milliseconds(Number.POSITIVE_INFINITY);

/** This node did not run for `late` longer than it wished. Nobody else is to blame for that silence. */
export function onOverslept(turn: Turn, late: Duration): void {
  emit(turn, { type: "record", what: "overslept", detail: { milliseconds: Math.round(late) } });
  const mayBeLost = isTakenForDead(turn.state, late) || mayBeMissed(turn);
  const wait = waitFor(turn);
  // With a new nonce whatever was sent meanwhile counts for nothing; so everybody's silence begins anew.
  const pause = mayBeLost ? allOfIt : late;
  forgiveEverybody(turn, pause, mayBeLost);
  postponeFencing(turn);
  if (!mayBeLost) return;
  log(
    turn,
    "WARN",
    `This node was not scheduled for ${Math.round(late)} ms: it judges nobody and proves again what it holds.`,
  );
  // What was sent to us while we slept does not repeat the new nonce and proves nothing about now.
  drawNonce(turn);
  change(turn, { quorumSince: undefined, wokeAt: turn.at });
  if ([...turn.state.peers.values()].some((peer) => isAlive(peer.liveness) || peer.generation !== 0))
    doubtEverything(turn, wait);
}

function forgiveEverybody(turn: Turn, pause: Duration, mayBeLost: boolean): void {
  for (const peer of turn.state.peers.values()) {
    if (mayBeLost) noteLapse(turn, peer);
    const links = new Map(
      [...peer.links].map(([name, link]) => [name, { ...link, liveness: forgive(link.liveness, pause, turn.at) }]),
    );
    changePeer(turn, peer.name, { links, liveness: forgive(peer.liveness, pause, turn.at) });
  }
  const pings = new Map([...turn.state.pings].map(([name, liveness]) => [name, forgive(liveness, pause, turn.at)]));
  change(turn, { pings, nextBeat: turn.at });
}

/** Deadtimes after the waking in which old words put anything off: a recording must not do so for ever. */
const longestBacklog = 3;

/**
 * What came while this node stood still is read first, and proves nothing; on a busy machine that takes as long as a short deadtime, and what the
 * peers say now stands behind it. So until it is through, the silence of whoever speaks there does not count, and nothing doubted is held
 * again (chaos, ping-quorum, seed 1201, round 86).
 */
export function noteBacklog(turn: Turn, { name, liveness }: Peer): void {
  const { wokeAt } = turn.state;
  const { deadtime } = turn.state.settings.timing;
  if (wokeAt === undefined || turn.at >= after(wokeAt, times(deadtime, longestBacklog))) return;
  changePeer(turn, name, { liveness: forgive(liveness, allOfIt, turn.at) });
  const until = after(turn.at, deadtime);
  for (const { holding, settings } of turn.state.groups.values())
    if (holding.kind === "doubted" && holding.until < until)
      changeGroup(turn, settings.name, { holding: { ...holding, until } });
}

/** The peers count from our last heartbeat, up to a keepalive before the wake-up that we missed. */
function isTakenForDead({ settings }: NodeState, late: Duration): boolean {
  const { keepalive, deadtime } = settings.timing;
  return late + 2 * keepalive >= deadtime;
}

/** Of deadtime: who stands still for less has been found by one of the questions at least (`asking.ts`), whatever its timers did. */
const findable = 0.42;
/** Who cannot hear us asks the service LAN for what is here; perhaps it did so just while nothing here could answer. */
function mayBeMissed({ state, at }: Turn): boolean {
  const { deadtime } = state.settings.timing;
  const isAsked = [...state.groups.values()].some((group) => isHere(group) && isAskedFor(state, group.settings));
  return isAsked && between(state.ranAt, at) >= deadtime * findable && isAnybodySilent({ state, at });
}

/** Of deadtime: the last question comes a sixteenth before its end. */
const lastQuestion = 15 / 16;

/** @returns whether a peer may have asked the service LAN by now. It heard us last up to a keepalive before we heard it last. */
export function isAnybodySilent({ state, at }: Pick<Turn, "state" | "at">): boolean {
  const { keepalive, deadtime } = state.settings.timing;
  const since = after(at, milliseconds(keepalive - deadtime * lastQuestion));
  return [...state.peers.values()].some(({ liveness }) => {
    const last = lastHeard(liveness);
    return last !== undefined && last <= since;
  });
}

/**
 * @returns how long we wait until nobody can have what was ours without answering for it: a deadtime. Who has long been dead, or cut off, asks all
 * the time and has taken it half a deadtime after our waking at the latest.
 */
export function waitFor({ state }: Turn): Duration {
  const { keepalive, deadtime } = state.settings.timing;
  const before = after(state.ranAt, times(keepalive, -1));
  const isLongAgo = [...state.peers.values()].every(
    ({ liveness }) => liveness.kind === "left" || (liveness.kind === "dead" && liveness.since < before),
  );
  return isLongAgo ? times(deadtime, 1 / 2) : deadtime;
}

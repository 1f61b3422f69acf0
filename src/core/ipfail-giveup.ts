import { canTake, isInFlux, obstacleTo } from "./exchange-steps.js";
import { requestStandby } from "./handing.js";
import type { GroupName, NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import type { GiveUp } from "./reach.js";
import { reached } from "./standing.js";
import { after, type Duration, times } from "./time.js";
import { change, emit, log, type Turn } from "./turn.js";

/** Both ask each ping node once a keepalive: what both lose they lose within one keepalive, and the news takes a little. */
const settling = 1.25;
/** The original's pause (ipfail.md 1). */
const originalPause = 2;

/** Begins the pause for a peer of ours that reaches more than we, or ends one that has lost its reason. */
export function planGiveUp(turn: Turn): void {
  const { ipfail, settings } = turn.state;
  const peer = betterOff(turn.state);
  if (ipfail.giveUp !== undefined) {
    if (ipfail.giveUp.by === "heartbeat" && ipfail.giveUp.to !== peer?.name) cancelGiveUp(turn, ipfail.giveUp.to);
    return;
  }
  if (turn.state.exchange.kind !== "none") return;
  if (peer === undefined || movable(turn.state, peer).length === 0) return;
  log(turn, "info", "Giving up because we have less visible ping nodes.", "ipfail");
  const pause = times(settings.timing.keepalive, settling);
  const due = after(peer.standing.since, pause);
  delay(turn, { to: peer.name, by: "heartbeat", at: due > turn.at ? due : turn.at }, pause);
}

/** An original's ipfail made us: its pause, its words. A second request begins the pause anew, as there. */
export function giveUpFor(turn: Turn, to: NodeName, why: string): void {
  if (turn.state.phase.kind !== "active") return;
  log(turn, "info", why, "ipfail");
  const pause = times(turn.state.settings.timing.keepalive, originalPause);
  delay(turn, { to, by: "ipfail", at: after(turn.at, pause) }, pause);
}

function delay(turn: Turn, giveUp: GiveUp, pause: Duration): void {
  log(turn, "info", `Delayed giveup in ${Math.max(1, Math.floor(pause / 1_000))} seconds.`, "ipfail");
  const { ipfail } = turn.state;
  change(turn, { ipfail: { ...ipfail, giveUp, giveUps: ipfail.giveUps + 1 } });
}

/** @returns whether there was one. */
export function cancelGiveUp(turn: Turn, to: NodeName): boolean {
  const { ipfail } = turn.state;
  if (ipfail.giveUp?.to !== to) return false;
  log(turn, "info", `Aborted delayed giveup (${ipfail.giveUps})`, "ipfail");
  change(turn, { ipfail: { ...ipfail, giveUp: undefined } });
  return true;
}

/** The living peers of ours that reach most, if that is more than we do. */
function bestOff(state: NodeState): readonly Peer[] {
  const count = ({ reach }: Peer): number => (reach.kind === "counted" && reach.by === "heartbeat" ? reach.count : -1);
  const better = [...state.peers.values()].filter(
    (peer) => peer.standing.kind === "worse" && peer.liveness.kind === "up" && count(peer) >= 0 && !peer.leaving,
  );
  const most = Math.max(...better.map(count));
  return better.filter((peer) => count(peer) === most);
}

/** The first of them that is to have something of ours. */
function betterOff(state: NodeState): Peer | undefined {
  const best = bestOff(state);
  return best.find((peer) => movable(state, peer).length > 0) ?? best[0];
}

/** @returns the groups held here that go to the peer: its own, and those whose owner is not among the best. Nothing has to move twice. */
function movable(state: NodeState, peer: Peer): readonly GroupName[] {
  const best = bestOff(state);
  return [...state.groups.values()].flatMap(({ id, holding, settings }) => {
    if (holding.kind !== "held" || holding.rivalSince !== undefined || peer.report?.get(id)?.failed !== undefined)
      return [];
    const target = best.find(({ name }) => name === settings.owner) ?? best[0];
    return target === undefined || target === peer || !best.includes(peer) ? [settings.name] : [];
  });
}

/** The pause is over: hand everything over, as soon as both sides are calm. */
export function driveGiveUp(turn: Turn): void {
  const { ipfail, peers, settings } = turn.state;
  const { giveUp } = ipfail;
  if (giveUp === undefined || turn.at < giveUp.at) return;
  const peer = peers.get(giveUp.to);
  const groups = peer === undefined ? [] : movable(turn.state, peer);
  if (peer === undefined || groups.length === 0 || peer.liveness.kind === "dead" || peer.liveness.kind === "left")
    return change(turn, { ipfail: { ...ipfail, giveUp: undefined } });
  if (!isReady(turn, peer))
    return change(turn, {
      ipfail: { ...ipfail, giveUp: { ...giveUp, at: after(turn.at, settings.timing.keepalive) } },
    });
  change(turn, { ipfail: { ...ipfail, giveUp: undefined } });
  log(turn, "info", "giveup() called (timeout worked)", "ipfail");
  const theirs = peer.reach.kind === "counted" ? peer.reach.count : "?";
  const detail = { peer: peer.name, decision: "give-up", ours: reached(turn.state) ?? "?", theirs };
  emit(turn, { type: "record", what: "ipfail", detail });
  requestStandby(turn, { share: "all", reason: "connectivity", request: undefined, to: peer.name, groups });
}

/** Calm on both sides, and what was refused a moment ago is not asked for again at once. */
function isReady({ state, at }: Turn, peer: Peer): boolean {
  if (at < state.failbackFrom || obstacleTo(state) !== undefined) return false;
  return peer.liveness.kind === "up" && canTake(peer) && peer.exchange === undefined && !isInFlux(peer);
}

import { reEarn } from "./acquiring.js";
import { sayAnswered } from "./asking.js";
import { peerHolds } from "./clearance.js";
import type { Group } from "./group.js";
import { isLegacy, isUndecided } from "./legacy.js";
import { isAlive } from "./liveness.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { release } from "./releasing.js";
import { isRival } from "./rivals.js";
import { askingTime, isAskedFor, isUnanswered } from "./sighting.js";
import { after } from "./time.js";
import { changeGroup, log, type Turn } from "./turn.js";

/** We withdrew it. Whoever is alive must have spoken since; silence for a deadtime means nobody is there. */
export function resolveDoubt(turn: Turn, group: Group): void {
  const { holding } = group;
  if (holding.kind !== "doubted") return;
  const alive = [...turn.state.peers.values()].filter((peer) => isAlive(peer.liveness));
  if (isLegacy(turn.state)) return resolveLegacyDoubt(turn, group, alive);
  resolveByReports(turn, group, alive);
}

function resolveByReports(turn: Turn, group: Group, alive: readonly Peer[]): void {
  const { holding } = group;
  if (holding.kind !== "doubted") return;
  // Whoever serves it now has not slept; so a smaller term does not make it give way to us.
  const taken = alive.find((peer) =>
    peer.program.kind === "ours"
      ? (peer.report?.get(group.id)?.term ?? 0) > holding.term ||
        (isRival(peer, group) && (peer.reportAt ?? 0) > holding.from)
      : peerHolds(peer, group),
  );
  if (taken !== undefined) {
    log(turn, "WARN", `${taken.name} has ${group.settings.name} by now: releasing it here.`);
    return release(turn, group.settings.name, { why: "rival-has-larger-term", to: undefined });
  }
  // An original proves nothing: with one alive the whole deadtime is waited for. So it is with a silent one that the segment is asked about.
  const confirmed = alive.length > 0 && alive.every((peer) => (peer.reportAt ?? 0) > holding.from);
  const asks = isAskedFor(turn.state, group.settings);
  if (confirmed && !(asks && isAnyDead(turn.state))) return reEarn(turn, group.settings.name);
  if (turn.at < holding.until) return;
  if (!asks || isUnanswered(turn.state, group.sighting, turn.at)) return reEarn(turn, group.settings.name);
  // Somebody has the address, and only cannot be heard: the questions go on.
  const until = after(turn.at, askingTime(turn.state));
  const silent = [...turn.state.peers.values()].find((peer) => !isAlive(peer.liveness))?.name ?? "nobody";
  if (group.lastVerdict !== "address-answers") sayAnswered(turn, group, silent);
  changeGroup(turn, group.settings.name, { holding: { ...holding, until }, lastVerdict: "address-answers" });
}

const isAnyDead = ({ peers }: NodeState): boolean =>
  [...peers.values()].some(({ liveness }) => liveness.kind === "dead");

/** A living node has taken what is its own; what is ours an original gives back when it is asked. */
function resolveLegacyDoubt(turn: Turn, group: Group, alive: readonly Peer[]): void {
  const { name, owner } = group.settings;
  if (group.holding.kind !== "doubted") return;
  const originals = alive.filter((peer) => peer.program.kind === "original");
  if (originals.some((peer) => peer.name === owner))
    return release(turn, name, { why: "rival-has-larger-term", to: undefined });
  if (originals.some((peer) => isUndecided(peer, group))) {
    if (turn.at < group.holding.until) return;
    const until = after(turn.at, turn.state.settings.timing.deadtime);
    return changeGroup(turn, name, { holding: { ...group.holding, until } });
  }
  // All that live have said that they do not have it.
  if (originals.length > 0 && originals.length === alive.length) return reEarn(turn, name);
  resolveByReports(turn, group, alive);
}

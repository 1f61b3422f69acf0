import { cancelGiveUp, driveGiveUp, planGiveUp } from "./ipfail-giveup.js";
import { announceIpfail, repeatCount, tellOriginals } from "./ipfail-messages.js";
import { isAlive } from "./liveness.js";
import type { NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { reached, standingAgainst } from "./standing.js";
import { change, changePeer, emit, log, type Turn } from "./turn.js";

/**
 * ipfail, built in: the groups belong on the node that reaches more ping nodes. Whoever reaches fewer than a peer for a little more than
 * a keepalive gives everything up to it, by an ordinary hand-over. Nothing moves while both reach as many, while the peer is dead, late,
 * starting or in the middle of something. So a loss on one node only moves the groups within deadping and a keepalive and a quarter after
 * its last answer; a ping node that dies moves nothing, because both miss it within a keepalive of each other.
 */

/** @returns whether the built-in ipfail is at work: for whoever asks for the client of that name. */
export function runsIpfail({ settings, phase }: NodeState): boolean {
  return settings.ipfail === "built-in" && phase.kind === "active";
}

/** Looks at the ping nodes and at what the peers say about theirs, and does what follows. */
export function driveIpfail(turn: Turn): void {
  const { settings, phase, ipfail } = turn.state;
  if (settings.ipfail === "none" || phase.kind === "up") return;
  if (phase.kind === "leaving") {
    if (ipfail.giveUp !== undefined || ipfail.repeat !== undefined)
      change(turn, { ipfail: { ...ipfail, giveUp: undefined, repeat: undefined } });
    return;
  }
  notePingNodes(turn);
  repeatCount(turn);
  for (const peer of turn.state.peers.values()) comparePeer(turn, peer);
  planGiveUp(turn);
  driveGiveUp(turn);
}

/** Says what changed in the words of the original's ipfail; the peers hear of it at once. */
function notePingNodes(turn: Turn): void {
  const { ipfail, pings } = turn.state;
  const answering = new Set([...pings].flatMap(([name, liveness]) => (isAlive(liveness) ? [name] : [])));
  const before = ipfail.answering;
  if (before === undefined) {
    change(turn, { ipfail: { ...ipfail, answering } });
    return announceIpfail(turn);
  }
  const gone = [...before].filter((name) => !answering.has(name));
  const back = [...answering].filter((name) => !before.has(name));
  if (gone.length === 0 && back.length === 0) return;
  change(turn, { ipfail: { ...ipfail, answering } });
  for (const name of gone) sayGone(turn, name, answering.size);
  for (const name of back) sayBack(turn, name);
  turn.beatDue = true;
  tellOriginals(turn);
}

function sayGone(turn: Turn, name: NodeName, left: number): void {
  say(turn, `Status update: Node ${name} now has status dead`);
  say(turn, left > 0 ? "NS: We are still alive!" : "NS: We are dead. :<");
  say(turn, `Link Status update: Link ${name}/${name} now has status dead`);
  if (left === 0) say(turn, "We are dead. :<");
}

function sayBack(turn: Turn, name: NodeName): void {
  say(turn, `Link Status update: Link ${name}/${name} now has status up`);
  say(turn, `Status update: Node ${name} now has status ping`);
  say(turn, "A ping node just came up.");
}

const say = (turn: Turn, text: string): void => log(turn, "info", text, "ipfail");

/** Takes note of how we stand against the peer, and says it where it changed. */
function comparePeer(turn: Turn, peer: Peer): void {
  const standing = standingAgainst(turn.state, peer, turn.at);
  if (standing === peer.standing) return;
  changePeer(turn, peer.name, { standing });
  const theirs = peer.reach.kind === "counted" ? peer.reach.count : "?";
  const detail = { peer: peer.name, standing: standing.kind, ours: reached(turn.state) ?? "?", theirs };
  emit(turn, { type: "record", what: "ipfail", detail });
  // With an original this is said when its message comes, and decided by its answers.
  if (peer.reach.kind !== "counted" || peer.reach.by !== "heartbeat") return;
  if (standing.kind === "better") say(turn, "Telling other node that we have more visible ping nodes.");
  if (standing.kind !== "level" || peer.standing.kind === "unknown") return;
  say(turn, "Ping node count is balanced.");
  cancelGiveUp(turn, peer.name);
}

import { cancelGiveUp, giveUpFor } from "./ipfail-giveup.js";
import { isAlive } from "./liveness.js";
import { decimalOf, type Message, textOf } from "./message.js";
import type { NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { send } from "./outbox.js";
import type { Peer } from "./peer.js";
import { reached } from "./standing.js";
import { after, type Duration, milliseconds } from "./time.js";
import { change, changePeer, count, log, type Turn } from "./turn.js";

/**
 * The words of the original's ipfail (ipfail.md 2 to 4), for a peer that runs it: each side tells its number when it changes, and the
 * answer decides. Between two nodes of ours the heartbeats say the same, and these messages are not used.
 */

const say = (turn: Turn, text: string): void => log(turn, "info", text, "ipfail");

function tell(turn: Turn, dest: NodeName, t: string, num?: number): void {
  const numPing = num === undefined ? {} : { num_ping: String(num) };
  send(turn, { t, ...numPing, dest, from_id: "ipfail", to_id: "ipfail", client_gen: "0" });
}

/** Our ipfail is there: the other one asks us then. */
export function announceIpfail(turn: Turn): void {
  sendPresence(turn, { st: "join", info: "signon" });
  tellOriginals(turn);
}

/** Our ipfail goes. */
export function dismissIpfail(turn: Turn): void {
  if (turn.state.settings.ipfail === "built-in") sendPresence(turn, { st: "leave", info: "signoff" });
}

function sendPresence(turn: Turn, { st, info }: { readonly st: string; readonly info: string }): void {
  send(turn, { t: "hbapi-clstat", st, from_id: "ipfail", to_id: "ipfail", info, client_gen: "0" });
}

/** Tells our number to every peer that runs the original's ipfail, or may run it. */
export function tellOriginals(turn: Turn): void {
  const peers = [...turn.state.peers.values()].filter((peer) => isAlive(peer.liveness) && mayRunOriginal(peer));
  change(turn, { ipfail: { ...turn.state.ipfail, repeat: undefined } });
  if (peers.length > 0 && isHandingOver(turn.state)) repeatLater(turn, 1);
  for (const { name } of peers) ask(turn, name);
}

function repeatLater(turn: Turn, left: number): void {
  const repeat = { at: after(turn.at, decisionTime(turn.state)), left };
  change(turn, { ipfail: { ...turn.state.ipfail, repeat } });
}

/**
 * An original's ipfail gives back what it has of ours when it hears that both numbers are equal, but only while nothing is being moved (ipfail.md 4).
 * A ping node that is back before the hand-over that its loss caused is over would leave everything there for good. And it asks its own daemon once
 * to give everything up when it reaches fewer; where that is lost, it serves on without its clients. So it is told again. Told twice
 * while it makes up its mind, it would change it: we wait for what becomes of each time.
 */
export function repeatCount(turn: Turn): void {
  const { ipfail, exchange, peers } = turn.state;
  if (ipfail.repeat === undefined) return;
  const { at, left } = ipfail.repeat;
  if (isHandingOver(turn.state)) return repeatLater(turn, left);
  if (exchange.kind === "none" && turn.at < at) return;
  change(turn, { ipfail: { ...ipfail, repeat: undefined } });
  if (exchange.kind !== "none" || ![...peers.values()].some((peer) => isIdle(turn.state, peer))) return;
  tellOriginals(turn);
  if (left > 1) repeatLater(turn, left - 1);
}

/** @returns whether it has what it should not have by the numbers, and does nothing about it. */
function isIdle(state: NodeState, { reach, shares, liveness }: Peer): boolean {
  if (!isAlive(liveness)) return false;
  const reachesFewer = reach.kind === "counted" && reach.by === "ipfail" && reach.count < (reached(state) ?? 0);
  return shares.foreign || (reachesFewer && shares.local);
}

/** How often it is told in vain that it reaches fewer: it may have a reason. */
const mostRepeats = 3;

const isHandingOver = ({ exchange }: NodeState): boolean =>
  exchange.kind === "asking" || exchange.kind === "handing" || exchange.kind === "handed";

/** It looks at its messages once a second, waits for two keepalives, in whole seconds, and asks; the rest is for a busy machine. */
const decisionTime = ({ settings }: NodeState): Duration => milliseconds(2 * settings.timing.keepalive + 5_000);

function mayRunOriginal({ program, reach }: Peer): boolean {
  return program.kind === "original" || (reach.kind !== "untold" && reach.by === "ipfail");
}

function ask(turn: Turn, name: NodeName): void {
  say(turn, "Asking other side for ping node count.");
  tell(turn, name, "num_ping_nodes", reached(turn.state) ?? 0);
}

/** A message between two ipfails. @returns whether it was one. */
export function onIpfailMessage(turn: Turn, from: NodeName, type: string, heard: Message): boolean {
  if (textOf(heard, "to_id") !== "ipfail" || turn.state.settings.ipfail === "none") return false;
  const peer = turn.state.peers.get(from);
  // One of ours says all this by its heartbeats; its client messages are only for those who read along.
  if (peer === undefined || (peer.reach.kind !== "untold" && peer.reach.by === "heartbeat")) return true;
  switch (type) {
    case "hbapi-clstat":
      onPresence(turn, from, heard);
      return true;
    case "num_ping_nodes":
      onCount(turn, peer, decimalOf(heard, "num_ping"));
      return true;
    case "you_are_dead":
      giveUpFor(turn, from, "Giving up because we were told that we have less ping nodes.");
      return true;
    case "abort_giveup":
      if (!cancelGiveUp(turn, from)) say(turn, "No giveup timer to abort.");
      return true;
    default:
      return false;
  }
}

function onPresence(turn: Turn, from: NodeName, heard: Message): void {
  if (textOf(heard, "from_id") !== "ipfail") return;
  const joins = textOf(heard, "st") === "join";
  changePeer(turn, from, { reach: joins ? { kind: "counting", by: "ipfail" } : { kind: "untold" } });
  if (joins && turn.state.phase.kind === "active") ask(turn, from);
}

/** It told its number: compare, and answer as the original does. */
function onCount(turn: Turn, { name }: Peer, theirs: number | undefined): void {
  if (theirs === undefined) return count(turn, "bad-ping-node-count");
  changePeer(turn, name, { reach: { kind: "counted", count: theirs, by: "ipfail" } });
  if (turn.state.phase.kind !== "active") return;
  const ours = reached(turn.state) ?? 0;
  if (ours > theirs) {
    say(turn, "Telling other node that we have more visible ping nodes.");
    tell(turn, name, "you_are_dead");
    return repeatLater(turn, mostRepeats);
  }
  if (ours < theirs) return giveUpFor(turn, name, "Giving up because we have less visible ping nodes.");
  say(turn, "Ping node count is balanced.");
  tell(turn, name, "abort_giveup");
  cancelGiveUp(turn, name);
}

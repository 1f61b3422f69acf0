import { needsConfirmation } from "./arbitration.js";
import { echoesOf } from "./echo.js";
import { isAlive } from "./liveness.js";
import { type Message, textOf } from "./message.js";
import type { NodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { permittedFor } from "./permitted.js";
import { after, type Instant, instant, milliseconds } from "./time.js";
import { changePeer, type Turn } from "./turn.js";

/**
 * Does the peer hear us? Every message of ours carries a number (`hbn`); a peer that counts us among the living repeats the highest one that it
 * has had (`hba`). It begins to count our silence no earlier than it had that message, and that was no earlier than we sent it. So until deadtime
 * after the sending it cannot have taken us for dead, whatever has happened to the wires since: each confirmation is a lease of the peer's.
 */
export interface Sent {
  /** Number of the first datagram in the list. */
  readonly first: number;
  /** When it and the following ones were sent. */
  readonly at: readonly Instant[];
}

export const nothingSent: Sent = { first: 1, at: [] };

/** A confirmation that comes after this many further datagrams is too old to be of use. */
const remembered = 64;

/** @returns the list with one more datagram. */
export function noteSent(sent: Sent, datagram: number, at: Instant): Sent {
  const kept = sent.first + sent.at.length === datagram ? sent.at.slice(-(remembered - 1)) : [];
  return { first: datagram - kept.length, at: [...kept, at] };
}

/** @returns the text of `hba`; `undefined` where nobody needs it. */
export function formatConfirmations({ settings, peers }: NodeState): string | undefined {
  if (!needsConfirmation(settings.arbitration)) return undefined;
  const words: string[] = [];
  // Who is dead here could still be heard by messages that bring nobody back to life: those confirm nothing.
  for (const { name, liveness, session } of peers.values())
    if (isAlive(liveness) && session.nonce !== undefined && session.window.highest > 0)
      words.push(`${name}:${session.window.highest.toString(16)}`);
  return words.length === 0 ? undefined : words.join(" ");
}

/** Takes note of what the peer confirms. The number belongs to the session whose nonce it repeats first. */
export function noteConfirmation(turn: Turn, from: NodeName, heard: Message): void {
  const at = confirmedBy(turn, heard);
  const peer = turn.state.peers.get(from);
  const known = peer?.confirmedAt;
  if (at !== undefined && (known === undefined || at > known))
    changePeer(turn, from, { confirmedAt: at, unconfirmedSince: undefined });
  else if (peer?.unconfirmedSince === undefined) changePeer(turn, from, { unconfirmedSince: turn.at });
}

/** @returns when the newest of our datagrams was sent that the message says has been heard; `undefined`: it says nothing of it. */
function confirmedBy({ state: { sent, settings, nonce } }: Turn, heard: Message): Instant | undefined {
  const prefix = `${settings.self}:`;
  const word = textOf(heard, "hba")
    ?.split(" ")
    .find((one) => one.startsWith(prefix));
  if (word === undefined || echoesOf(heard, settings.self)[0] !== nonce) return undefined;
  return sent.at[Number.parseInt(word.slice(prefix.length), 16) - sent.first];
}

/** @returns until when a permission that began at `start` and lasts for `length` on somebody else's clock may be used here. */
export function permittedUntil({ settings }: NodeState, start: Instant, length: number): Instant {
  return after(start, milliseconds(permittedFor(length, settings.arbitration)));
}

/** @returns until when no peer can have taken this node for dead; whom an operator confirmed dead judges nobody. */
export function heardUntil(state: NodeState): Instant {
  let until = instant(Number.POSITIVE_INFINITY);
  for (const peer of state.peers.values()) {
    const own = heardByUntil(state, peer);
    if (own < until) until = own;
  }
  return until;
}

function heardByUntil(state: NodeState, { liveness, confirmedAt, announcedDeadtime }: Peer): Instant {
  if (liveness.kind === "left" && liveness.how === "confirmed") return instant(Number.POSITIVE_INFINITY);
  if (confirmedAt === undefined) return instant(0);
  const { deadtime } = state.settings.timing;
  return permittedUntil(state, confirmedAt, Math.min(deadtime, announcedDeadtime ?? deadtime));
}

import { type Peer, type PeerLink, rotationDigits } from "./peer.js";
import { drawHex } from "./random.js";
import { fresh } from "./replay.js";
import { change, type Turn } from "./turn.js";

/**
 * Our nonce is what the peers repeat to prove that they speak now. A new one makes everything worthless that was said before, so with it
 * the numbers of datagrams begin anew: no recording can repeat what was not yet drawn.
 */
export function drawNonce(turn: Turn): void {
  const [text, seed] = drawHex(turn.state.seed, 16);
  const rotation = Number.parseInt(turn.state.nonce.slice(0, rotationDigits), 16) + 1;
  const nonce = rotation.toString(16).padStart(rotationDigits, "0") + text;
  const peers = new Map([...turn.state.peers].map(([name, peer]) => [name, withFreshWindows(peer)]));
  change(turn, { seed, nonce, peers });
}

function withFreshWindows(peer: Peer): Peer {
  return { ...peer, session: { ...peer.session, window: fresh() }, links: linksAnew(peer.links) };
}

/** @returns the links as they are, with windows that have seen nothing. */
export function linksAnew(links: Peer["links"]): Peer["links"] {
  return new Map([...links].map(([name, link]): [typeof name, PeerLink] => [name, { ...link, window: fresh() }]));
}

import { isAlive } from "./liveness.js";
import { sendUnnumbered } from "./outbox.js";
import type { Peer } from "./peer.js";
import { after, type Instant, times } from "./time.js";
import { changePeer, type Turn } from "./turn.js";

/**
 * Telling loss from death before deadtime is over. A node of ours that has been silent for longer than a keepalive has by now sent the
 * number after the last one we know; so we ask for that one, as for every lost message, and again and again until something is heard. On
 * a link that loses a third of everything a node is heard within a second or two, where four heartbeats lost in a row used to be its
 * death (weaknesses.md A8). A dead node costs a few datagrams.
 */
const patience = 1.5;

/** Asks those that should have spoken. */
export function probeSilent(turn: Turn): void {
  for (const peer of turn.state.peers.values()) {
    const due = nextProbe(turn.state, peer);
    if (due === undefined || turn.at < due) continue;
    changePeer(turn, peer.name, { probedAt: turn.at });
    const expected = String(peer.reception.last + 1);
    sendUnnumbered(turn, { t: "NS_rexmit", dest: peer.name, firstseq: expected, lastseq: expected });
  }
}

/** @returns when the peer will be asked if it stays silent. */
export function nextProbe({ settings }: Turn["state"], peer: Peer): Instant | undefined {
  const { liveness, program, probedAt } = peer;
  if (!isAlive(liveness) || !("heardAt" in liveness) || program.kind !== "ours" || peer.reception.last === 0)
    return undefined;
  const first = after(liveness.heardAt, times(settings.timing.keepalive, patience));
  return probedAt === undefined || probedAt < first ? first : after(probedAt, settings.maxRexmitDelay);
}

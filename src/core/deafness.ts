import { needsConfirmation } from "./arbitration.js";
import { isAlive } from "./liveness.js";
import type { Peer } from "./peer.js";
import { after, milliseconds } from "./time.js";
import { changePeer, log, type Turn } from "./turn.js";

/**
 * A peer may be heard and hear nobody: a card that has lost its receiver, a firewall. It confirms nothing any more (`confirmation.ts`), loses its right
 * by itself, and cannot be asked, told or given anything; so nothing waits for it, and what nobody holds goes to somebody else. That
 * takes some heartbeats longer than deadtime: by then whatever it has taken with a right of its own stands in them.
 */
const furtherBeats = 2.5;

/** Judges a peer by what it has not confirmed; called in every turn. */
export function judgeDeafness(turn: Turn, { name, liveness, program, unconfirmedSince, isDeaf }: Peer): void {
  const { arbitration, timing } = turn.state.settings;
  if (!needsConfirmation(arbitration) || program.kind !== "ours") return;
  const patience = milliseconds(timing.deadtime + furtherBeats * timing.keepalive);
  const found = isAlive(liveness) && unconfirmedSince !== undefined && turn.at >= after(unconfirmedSince, patience);
  if (found === isDeaf) return;
  changePeer(turn, name, { isDeaf: found });
  if (found)
    log(
      turn,
      "WARN",
      `${name} is heard, and does not hear this node: nothing is left to it or waits for it until it does.`,
    );
  else if (isAlive(liveness)) log(turn, "info", `${name} hears this node again.`);
}

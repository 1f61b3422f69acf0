import { deadManLimit } from "./dead-man.js";
import { isAnybodySilent, waitFor } from "./oversleeping.js";
import { doubt } from "./resource-work.js";
import { isAskedFor, missedAfter } from "./sighting.js";
import { after, between, type Duration } from "./time.js";
import { change, emit, log, type Turn } from "./turn.js";

/**
 * A refresh of the dead-man's switch that comes late, or is not done because the right to something ends soon, leaves this host mute for a while. A
 * peer that is only cut off may have asked the service LAN just then, and taken what nobody answered for. So who has been mute for as long as that
 * takes proves again what it holds before the switch opens (--plan short --seed 4002075).
 */

/** Called before each refresh. */
export function proveAfterMuteness(turn: Turn): void {
  const { muteFrom, groups } = turn.state;
  if (muteFrom === undefined || turn.at < after(muteFrom, missedAfter(turn.state)) || !isAnybodySilent(turn)) return;
  const concerned = [...groups.values()].filter(
    ({ holding: { kind }, settings }) => (kind === "held" || kind === "acquiring") && isAskedFor(turn.state, settings),
  );
  // Said once: until the next refresh it stays mute.
  change(turn, { muteFrom: undefined });
  if (concerned.length === 0) return;
  const mute = Math.round(between(muteFrom, turn.at));
  log(
    turn,
    "WARN",
    `This host answered for nothing for ${mute} ms, and a node that is not heard may have taken it: it proves again what it holds.`,
  );
  emit(turn, { type: "record", what: "mute", detail: { milliseconds: mute } });
  const wait = waitFor(turn);
  for (const group of concerned) doubt(turn, group, wait);
}

/** A refresh is good for its limit; one that the right does not last for is not done. */
export function noteRefresh(turn: Turn, remaining: Duration): void {
  const { timing, arbitration } = turn.state.settings;
  const limit = deadManLimit(timing, arbitration);
  if (limit !== undefined && remaining >= limit) change(turn, { muteFrom: after(turn.at, limit) });
}

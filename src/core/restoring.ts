import { lastHeard } from "./liveness.js";
import type { GroupName } from "./names.js";
import type { NodeState } from "./node-state.js";
import type { Peer } from "./peer.js";
import { doubt } from "./resource-work.js";
import { isAskedFor } from "./sighting.js";
import { after, type Instant, times } from "./time.js";
import { emit, log, type Turn } from "./turn.js";

/**
 * What is held stays held: an address that somebody takes away from its interface is put back. But as long as it was gone it did not answer, and a
 * silent peer that lives may have taken it for that (--plan short --seed 2344). So with a peer that is not heard the service LAN is asked first.
 */

/** Keepalives; a single heartbeat may be late. */
const patience = 1.5;

/** The daemon has found that an address of the group is gone. */
export function onAddressMissing(turn: Turn, name: GroupName): void {
  const group = turn.state.groups.get(name);
  if (group?.holding.kind !== "held" && group?.holding.kind !== "acquiring") return;
  const silent = isAskedFor(turn.state, group.settings) ? silentPeer(turn.state, turn.at) : undefined;
  if (silent === undefined) return emit(turn, { type: "restoreAddresses", group: name });
  const why = `and ${silent.name}, which is not heard, may have it meanwhile: it is put back when nobody answers for it`;
  log(turn, "WARN", `An address of ${name} was taken from its interface by somebody else, ${why}.`);
  emit(turn, { type: "record", what: "address-missing", detail: { group: name, silent: silent.name } });
  doubt(turn, group, turn.state.settings.timing.deadtime);
}

/** @returns a peer that may hold something without our having heard so; who left has let go of everything. */
function silentPeer({ peers, settings }: NodeState, at: Instant): Peer | undefined {
  const since = after(at, times(settings.timing.keepalive, -patience));
  return [...peers.values()].find(({ liveness }) => (lastHeard(liveness) ?? since) < since);
}

import type { GroupSettings } from "../core/settings.js";
import { between, type Instant } from "../core/time.js";
import type { GuardianEffect, GuardianEvent, GuardianState } from "./guardian-state.js";

/**
 * How one daemon takes the place of another while everything goes on: a second process prepares itself, the first one is told so, and
 * when nothing is under way it passes the node on. Whatever happens to the second process before that moment is only logged.
 */
type Result = readonly [GuardianState, readonly GuardianEffect[]];

/** A changed configuration is good. A successor that is being prepared for an older one is of no use any more. */
export function onSuccessorWished(state: GuardianState, at: Instant): Result {
  if (state.ward.kind !== "watched" || state.stopping) return [state, []];
  const text = "Configuration changed: restarting in place, resources stay.";
  const next: GuardianState = { ...state, succession: { kind: "preparing", since: at } };
  return [next, [...dismissing(state), { type: "log", level: "info", text }, { type: "spawnSuccessor" }]];
}

export function onSuccessorPrepared(
  state: GuardianState,
  { at, groups }: { readonly at: Instant; readonly groups: readonly GroupSettings[] },
): Result {
  if (state.succession.kind !== "preparing") return [state, []];
  return [{ ...state, succession: { kind: "awaited", since: at, groups } }, [{ type: "tellRetire", groups }]];
}

export function onSuccessorLost(state: GuardianState, why: string): Result {
  if (state.succession.kind === "none") return [state, []];
  const text = `The configuration is not changed, the former one stays in force: ${why}`;
  const next: GuardianState = { ...state, succession: { kind: "none" } };
  return [next, [...dismissing(state), { type: "log", level: "ERROR", text }]];
}

/**
 * What the successor holds it will tell; until then the list of its predecessor counts, should it die with its first breath. The end of the former right
 * does not: under the new configuration it may last for ever, and then nobody speaks of it.
 */
export function onBequeathed(state: GuardianState, { at, settings }: GuardianEvent & { type: "bequeathed" }): Result {
  if (state.succession.kind !== "awaited" || state.ward.kind !== "watched") return [state, []];
  const ward = { ...state.ward, tickAt: at, allowedUntil: undefined };
  return [{ ...state, settings, ward, succession: { kind: "none" } }, [{ type: "promote" }]];
}

/** After every event: a successor is only for a ward that beats, and only for a while. */
export function reviewSuccession([state, effects]: Result, event: GuardianEvent): Result {
  const { succession, ward, stopping, settings } = state;
  if (succession.kind === "none") return [state, effects];
  if (ward.kind !== "watched" || stopping)
    return [{ ...state, succession: { kind: "none" } }, [...effects, { type: "killSuccessor" }]];
  if (succession.kind !== "preparing" || between(succession.since, event.at) <= settings.startLimit)
    return [state, effects];
  const [next, more] = onSuccessorLost(state, "the new daemon did not become ready");
  return [next, [...effects, ...more]];
}

function dismissing({ succession }: GuardianState): readonly GuardianEffect[] {
  if (succession.kind === "none") return [];
  return succession.kind === "preparing"
    ? [{ type: "killSuccessor" }]
    : [{ type: "killSuccessor" }, { type: "tellRetain" }];
}

import type { FencingSnapshot } from "../control/snapshot.js";
import type { Fencing } from "../core/fencing.js";
import { needsFencing } from "../core/fencing-need.js";
import { shooterFor } from "../core/fencing-rules.js";
import type { NodeState } from "../core/node-state.js";
import { between, type Instant } from "../core/time.js";

/** @returns the silent nodes that nothing is taken from yet, with what is being done about it. */
export function fencingView(state: NodeState, now: Instant): readonly FencingSnapshot[] {
  const waiting = [...state.peers.values()].filter((peer) => needsFencing(state, peer));
  return waiting.map(({ name }) => {
    const fencing = state.fencing.get(name);
    if (fencing !== undefined) return { node: name, by: state.settings.self, ...stateOf(state, fencing, now) };
    return {
      node: name,
      by: shooterFor(state, name) ?? null,
      state: "elsewhere",
      rounds: 0,
      text: "",
      remaining: null,
    };
  });
}

function stateOf({ settings }: NodeState, fencing: Fencing, now: Instant): Omit<FencingSnapshot, "node" | "by"> {
  const left = (until: Instant): number => Math.max(0, between(now, until));
  switch (fencing.kind) {
    case "holding-fire":
      return { state: "holding-fire", rounds: 0, text: "", remaining: left(fencing.until) };
    case "resetting": {
      const text = settings.fencing.devices[fencing.device]?.text ?? "";
      return { state: "resetting", rounds: fencing.round, text, remaining: left(fencing.deadline) };
    }
    case "pausing":
      return { state: "failed", rounds: fencing.round, text: fencing.why, remaining: left(fencing.until) };
  }
}

/** @returns the same in sentences for the operator. */
export function fencingAlerts(view: readonly FencingSnapshot[]): readonly string[] {
  return view.map((one) => `waiting for fencing of ${one.node}${whatIsDone(one)}`);
}

function whatIsDone({ node, by, state, rounds, text, remaining }: FencingSnapshot): string {
  const seconds = `${((remaining ?? 0) / 1_000).toFixed(1)} s`;
  switch (state) {
    case "holding-fire":
      return `: it is reset in ${seconds}, unless it resets us first or is heard again`;
    case "resetting":
      return `: ${text} is at it (try ${rounds})`;
    case "failed": {
      const tries = `${rounds} ${rounds === 1 ? "try" : "tries"}`;
      return `: ${text} (${tries}); nothing of it is taken over. When you have made sure that it is off: heartbeat confirm ${node} dead`;
    }
    case "elsewhere":
      return by === null ? ": no node can reset it now" : ` by ${by}`;
  }
}

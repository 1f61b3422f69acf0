import { hasFencing } from "./fencing-need.js";
import { isPutDown } from "./liveness.js";
import type { Generation, NodeName } from "./names.js";
import { generation, nodeName } from "./names.js";
import type { NodeState } from "./node-state.js";
import { isRestoring } from "./power-supplies.js";
import { between, type Duration, type Instant, milliseconds, seconds } from "./time.js";

/**
 * What our nodes tell each other in every heartbeat about fencing (field `hbf`), so that of several survivors only one shoots: one
 * word per silent node, `<node>/<generation><letter>[<seconds>]`. The field is there whenever its sender could fence somebody; `-` when it
 * has nobody to fence. Like the report on groups it is absolute: a lost datagram costs one keepalive.
 */
export type FencingReport = ReadonlyMap<NodeName, ReportedFencing>;

export interface ReportedFencing {
  readonly state: "holding-fire" | "resetting" | "failed" | "fenced";
  /** Incarnation that this is about; 0 when it was never heard. */
  readonly generation: Generation;
  /** For `fenced`: how long ago, rounded up. */
  readonly ago: Duration;
}

const letters: Readonly<Record<ReportedFencing["state"], string>> = {
  "holding-fire": "w",
  resetting: "s",
  failed: "f",
  fenced: "d",
};
const states = new Map(Object.entries(letters).map(([state, letter]) => [letter, state as ReportedFencing["state"]]));

/** @returns the text of the field `hbf`. */
export function formatFencing(report: FencingReport): string {
  const words = [...report].map(([node, { state, generation: number, ago }]) => {
    const age = state === "fenced" ? String(Math.ceil(ago / 1_000)) : "";
    return `${node}/${number}${letters[state]}${age}`;
  });
  return words.length === 0 ? "-" : words.join(" ");
}

/** @returns the report that the text holds; words that are none are skipped. */
export function parseFencing(text: string): FencingReport {
  const report = new Map<NodeName, ReportedFencing>();
  for (const word of text.split(" ")) {
    const parts = /^([^/]+)\/([0-9]{1,15})([a-z])([0-9]{0,9})$/.exec(word);
    const state = states.get(parts?.[3] ?? "");
    if (parts === null || state === undefined) continue;
    const about = { state, generation: generation(Number(parts[2])), ago: seconds(Number(parts[4] ?? 0)) };
    report.set(nodeName(parts[1] ?? ""), about);
  }
  return report;
}

/** @returns what the peers are told about fencing; `undefined` when this node could not fence anybody. */
export function fencingReport(state: NodeState, at: Instant): FencingReport | undefined {
  if (!hasFencing(state)) return undefined;
  const report = new Map<NodeName, ReportedFencing>();
  for (const { name, generation: incarnation, liveness } of state.peers.values()) {
    const fencing = state.fencing.get(name);
    const none = milliseconds(0);
    if (fencing !== undefined)
      report.set(name, {
        state: fencing.kind === "pausing" ? failedOrBusy(state, name) : fencing.kind,
        generation: incarnation,
        ago: none,
      });
    else if (liveness.kind === "left" && isPutDown(liveness))
      report.set(name, { state: "fenced", generation: incarnation, ago: between(liveness.since, at) });
  }
  return report;
}

/** The next shooter must not begin while a device of ours is still switching on: that might undo what its own device cuts. */
function failedOrBusy(state: NodeState, node: NodeName): ReportedFencing["state"] {
  return isRestoring(state, node) ? "resetting" : "failed";
}

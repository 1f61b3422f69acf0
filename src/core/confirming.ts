import { answer } from "./exchange-steps.js";
import { forget } from "./fencing.js";
import { isAlive, isPutDown } from "./liveness.js";
import type { NodeName } from "./names.js";
import { nothingShared } from "./peer.js";
import { between } from "./time.js";
import { changePeer, emit, log, type Turn } from "./turn.js";

/** What an operator vouches for. */
export interface Confirmation {
  readonly node: NodeName;
  /** Who typed it, for log and journal: `root (uid 0)`. */
  readonly by: string;
  readonly request: number;
}

/**
 * The operator has looked: the node is off, and nothing of it runs. That is as good as a reset, for a silent node, for one that was
 * never heard, and for one whose service could not be stopped. A node that is heard is not dead, whoever says so.
 */
export function confirmDead(turn: Turn, { node, by, request }: Confirmation): void {
  const peer = turn.state.peers.get(node);
  if (peer === undefined) return answer(turn, request, "refused", `${node} is no other node of this cluster`);
  const { liveness } = peer;
  if (isAlive(liveness) && "heardAt" in liveness) {
    const silence = (between(liveness.heardAt, turn.at) / 1_000).toFixed(1);
    return answer(turn, request, "refused", `${node} is not dead: it was heard ${silence} s ago`);
  }
  if (liveness.kind === "left" && isPutDown(liveness))
    return answer(turn, request, "completed", `${node} was known to be down already`);
  forget(turn, node);
  log(turn, "WARN", `node ${node}: confirmed dead by ${by}; its resources may be taken.`);
  emit(turn, { type: "record", what: "confirmed-dead", detail: { node, by, before: liveness.kind } });
  changePeer(turn, node, {
    liveness: { kind: "left", since: turn.at, how: "confirmed" },
    shares: { ...nothingShared, stable: true },
  });
  turn.beatDue = true;
  answer(turn, request, "completed", `${node} counts as down; what it held may be taken`);
}

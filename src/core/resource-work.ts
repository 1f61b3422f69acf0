import { whileAcquiring } from "./acquiring.js";
import type { Event } from "./event.js";
import type { Group } from "./group.js";
import { abandon, bare, operate } from "./operations.js";
import { whileReleasing, withdraw } from "./releasing.js";
import { after, type Duration } from "./time.js";
import { emit, moveGroup, type Turn } from "./turn.js";

/** What is under way with groups: operations that end or are overdue, pauses that are over, doubts. */

/** An operation ended; answers to operations that nobody waits for are dropped. */
export function onResourceFinished(turn: Turn, event: Event & { type: "resourceFinished" }): void {
  for (const group of turn.state.groups.values()) {
    const { holding } = group;
    if (holding.kind !== "acquiring" && holding.kind !== "releasing") continue;
    if (holding.work.kind !== "operation" || holding.work.operation !== event.operation) continue;
    const finished = { group, action: holding.work.action, outcome: event.outcome };
    return holding.kind === "acquiring"
      ? whileAcquiring(turn, holding, finished)
      : whileReleasing(turn, holding, finished);
  }
}

/** Overdue operations and pauses that are over. */
export function driveWork(turn: Turn): void {
  for (const group of turn.state.groups.values()) {
    const { holding } = group;
    if (holding.kind !== "acquiring" && holding.kind !== "releasing") continue;
    const { work } = holding;
    if (work.kind === "pause" && turn.at >= work.until && holding.kind === "releasing") {
      const again = operate(turn, group.settings.name, holding.index, "stop");
      moveGroup(turn, group.settings.name, { ...holding, attempt: holding.attempt + 1, work: again });
    } else if (work.kind === "operation" && turn.at >= work.deadline) {
      onResourceFinished(turn, abandon(turn, work.operation));
    }
  }
}

/** Withdraws everything that may have been lost while this node slept, and waits for news (design.md 3.2). */
export function doubtEverything(turn: Turn, wait: Duration): void {
  for (const group of turn.state.groups.values()) doubt(turn, group, wait);
}

/** Withdraws what is here of the group, and waits for news: somebody else may have it. */
export function doubt(turn: Turn, { holding, settings: { name } }: Group, wait: Duration): void {
  if (holding.kind === "acquiring" && holding.work.kind === "operation") {
    emit(turn, { type: "abandonOperation", operation: holding.work.operation });
  }
  if (holding.kind === "releasing") withdraw(turn, name);
  if (holding.kind !== "held" && holding.kind !== "acquiring") return;
  withdraw(turn, name);
  moveGroup(turn, name, { ...bare(holding), kind: "doubted", from: turn.at, until: after(turn.at, wait) });
}

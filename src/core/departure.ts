import { preferredNode } from "./clearance.js";
import { abandonExchange } from "./exchange.js";
import { type Group, isHere } from "./group.js";
import { dismissIpfail } from "./ipfail-messages.js";
import type { NodeName } from "./names.js";
import type { Leaving, NodeState } from "./node-state.js";
import { tellShares } from "./original.js";
import { send } from "./outbox.js";
import { release } from "./releasing.js";
import { after, type Instant, seconds } from "./time.js";
import { change, emit, log, type Turn } from "./turn.js";

/**
 * Leaving in order: everything is stopped and passed on, then goodbye, then the end. It begins at once, whatever is going on (the
 * original waits until a start or a transition is over, weaknesses.md D8), and it ends: each stop script has its time limit and its
 * number of tries, and a group that cannot be stopped is left behind, by name.
 */

/** How long the goodbye is repeated when nobody confirms that he took over. */
const lingering = seconds(1);
/** Somebody watches the log and wonders what the stop waits for. */
const remindEvery = seconds(10);

/** An operator wants this node to stop. */
export function onStopRequested(turn: Turn): void {
  if (turn.state.phase.kind === "leaving") return log(turn, "info", "Heartbeat shutdown already underway.");
  log(turn, "info", `Heartbeat shutdown in progress. (${turn.state.identity.processId})`);
  log(turn, "info", "Giving up all HA resources.");
  abandonExchange(turn, "this node is shutting down");
  const remindAt = after(turn.at, remindEvery);
  change(turn, { phase: { kind: "leaving", since: turn.at, goodbyeAt: undefined, remindAt } });
  tellShares(turn, { stable: false, info: "shutdown" });
}

/** Moves the departure on when what it waits for has come. */
export function driveDeparture(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.kind !== "leaving") return;
  for (const group of turn.state.groups.values()) letGo(turn, group);
  const groups = [...turn.state.groups.values()];
  if (groups.some((group) => isHere(group) && group.holding.kind !== "stuck")) return remind(turn, phase);
  if (phase.goodbyeAt === undefined) return sayGoodbye(turn, phase);
  // Nobody has confirmed yet; or the operator who waits must see what could not be stopped.
  const unsaid = groups.some(({ holding }) => holding.kind === "granted" || holding.kind === "stuck");
  if (unsaid && turn.at < after(phase.goodbyeAt, lingering)) return;
  log(turn, "info", `${turn.state.settings.self} Heartbeat shutdown complete.`);
  emit(turn, { type: "endProcess" });
}

/** @returns when the log is due to say again what the stop waits for. (The lingering ends with a heartbeat.) */
export function departureDeadline({ phase }: NodeState): Instant | undefined {
  return phase.kind === "leaving" && phase.goodbyeAt === undefined ? phase.remindAt : undefined;
}

function remind(turn: Turn, phase: Leaving): void {
  if (turn.at < phase.remindAt) return;
  log(turn, "WARN", `Shutdown waits for: ${unfinished(turn.state).join("; ")}`);
  change(turn, { phase: { ...phase, remindAt: after(turn.at, remindEvery) } });
}

/** @returns what is still to be stopped here, group by group: `svc: stopping svc (try 2 of 11)`. */
export function unfinished(state: NodeState): readonly string[] {
  return [...state.groups.values()].flatMap((group) => {
    const { holding, settings } = group;
    if (!isHere(group)) return [];
    if (holding.kind === "stuck") return [`${settings.name}: ${holding.resource} could not be stopped`];
    if (!("index" in holding)) return [`${settings.name}: ${holding.kind}`];
    const resource = settings.resources[holding.index]?.text ?? "";
    if (holding.kind === "acquiring") return [`${settings.name}: waiting for the start of ${resource} to end`];
    return [`${settings.name}: stopping ${resource} (try ${holding.attempt} of ${state.settings.timing.stopAttempts})`];
  });
}

function letGo(turn: Turn, group: Group): void {
  const { holding } = group;
  const wanted = { why: "shutdown", to: heirOf(turn.state, group) } as const;
  if (holding.kind === "held" || holding.kind === "doubted") release(turn, group.settings.name, wanted);
  if (holding.kind === "acquiring" && holding.cancelled === undefined) release(turn, group.settings.name, wanted);
}

function heirOf(state: NodeState, group: Group): NodeName | undefined {
  const heir = preferredNode(state, group);
  return heir === undefined || heir === state.settings.self ? undefined : heir;
}

function sayGoodbye(turn: Turn, phase: Leaving): void {
  const stuck = [...turn.state.groups.values()].filter((group) => group.holding.kind === "stuck");
  // Whoever reads "all relinquished" starts the service elsewhere.
  if (stuck.length === 0) log(turn, "info", "All HA resources relinquished.");
  for (const group of stuck) log(turn, "CRIT", `Not relinquished, may still be running here: ${group.settings.name}`);
  change(turn, { phase: { ...phase, goodbyeAt: turn.at } });
  emit(turn, { type: "stopClients" });
  dismissIpfail(turn);
  send(turn, { t: "shutdone", st: "dead" });
  turn.beatDue = true;
}

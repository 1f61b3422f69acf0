import { after, between, type Instant, seconds, times } from "../core/time.js";
import type { Holdings } from "../ports/guardian.js";
import type { GuardianEffect, GuardianEvent, GuardianSettings, GuardianState, Ward } from "./guardian-state.js";
import {
  onBequeathed,
  onSuccessorLost,
  onSuccessorPrepared,
  onSuccessorWished,
  reviewSuccession,
} from "./guardian-succession.js";

/** Exit code of a daemon that wants to be started again at once, with everything left as it is. */
export const exitAgain = 11;

type Result = readonly [GuardianState, readonly GuardianEffect[]];

/** @returns a guardian whose first daemon is being started. */
export function startGuardian(settings: GuardianSettings, at: Instant): Result {
  const state: GuardianState = {
    settings,
    ward: { kind: "starting", since: at },
    holdings: undefined,
    pause: settings.shortestPause,
    proven: false,
    succession: { kind: "none" },
    leftover: false,
    stopping: false,
    lookedAt: at,
    oversleeping: { count: 0, worst: 0, quietUntil: at },
  };
  return [state, [{ type: "spawn" }]];
}

/** @returns what follows from the fact. */
export function stepGuardian(state: GuardianState, event: GuardianEvent): Result {
  return reviewSuccession(react(state, event), event);
}

function react(state: GuardianState, event: GuardianEvent): Result {
  switch (event.type) {
    case "ready":
      return onReady(state, event.at);
    case "ticked":
      return [ticked(state, event.at), []];
    case "held":
      return onHeld(state, event.holdings);
    case "allowed":
      return [allowed(state, event.until), []];
    case "farewell":
      return state.ward.kind === "dying" ? [state, []] : [{ ...state, ward: { kind: "ending", since: event.at } }, []];
    case "exited":
      return onExit(state, event);
    case "linkLost":
      return isAlive(state.ward) && state.proven ? mourn(state, event.at, "its pipe was closed") : [state, []];
    case "looked":
      return onLook(state, event.at);
    case "stopRequested":
      return onStop(state);
    case "cleaned":
      return onCleaned(state, event);
    case "successorWished":
      return onSuccessorWished(state, event.at);
    case "successorPrepared":
      return onSuccessorPrepared(state, event);
    case "successorLost":
      return onSuccessorLost(state, event.why);
    case "bequeathed":
      return onBequeathed(state, event);
  }
}

const isAlive = (ward: Ward): boolean => ward.kind === "starting" || ward.kind === "watched";

function onReady(state: GuardianState, at: Instant): Result {
  if (state.ward.kind !== "starting") return [state, []];
  const watched: GuardianState = {
    ...state,
    proven: true,
    leftover: false,
    ward: { kind: "watched", since: at, tickAt: at, allowedUntil: undefined },
  };
  return [watched, state.proven ? [] : [{ type: "reportReady" }]];
}

/** The last words of a dead daemon can be read after its death was seen: what they name is given up like the rest. */
function onHeld(state: GuardianState, holdings: Holdings): Result {
  const { ward } = state;
  if (ward.kind !== "dying") return [{ ...state, holdings }, []];
  const dying: GuardianState = {
    ...state,
    ward: { ...ward, cleaning: ward.cleaning + 1, notice: noticeLater(holdings) },
  };
  return [dying, [...givingUp(holdings), { type: "clean", holdings }]];
}

const ticked = (state: GuardianState, at: Instant): GuardianState =>
  state.ward.kind === "watched" ? { ...state, ward: { ...state.ward, tickAt: at } } : state;

const allowed = (state: GuardianState, until: Instant | undefined): GuardianState =>
  state.ward.kind === "watched" ? { ...state, ward: { ...state.ward, allowedUntil: until } } : state;

/**
 * A daemon that hangs cannot give up what it has lost the right to. Its addresses go at that very instant, before a peer may have them; that it is to be
 * mourned shows later. One that lives gives them up itself in the same millisecond, or has a later right to tell of and puts them back.
 */
function endRight(state: GuardianState, at: Instant): Result {
  const { ward, holdings } = state;
  if (ward.kind !== "watched" || ward.allowedUntil === undefined || at < ward.allowedUntil) return [state, []];
  const ended = allowed(state, undefined);
  if (holdings === undefined || holdings.addresses.length === 0) return [ended, []];
  const addresses = holdings.addresses.map(({ address }) => address).join(" ");
  const text = `The right to hold ${addresses} has ended: the guardian takes what the daemon may not have given up`;
  return [
    ended,
    [
      { type: "withdraw", holdings },
      { type: "log", level: "WARN", text },
    ],
  ];
}

/** The only place where silence is judged. */
function onLook(state: GuardianState, at: Instant): Result {
  const { settings, ward } = state;
  const overslept = between(state.lookedAt, at) > settings.lookInterval + settings.oversleep;
  const looked: GuardianState = { ...state, lookedAt: at };
  if (overslept) return onOversleep(ticked(looked, at), between(state.lookedAt, at), at);
  switch (ward.kind) {
    case "watched":
      return between(ward.tickAt, at) > settings.patience
        ? mourn(looked, at, `silent for ${Math.round(between(ward.tickAt, at))} ms`)
        : endRight(looked, at);
    case "starting":
      return between(ward.since, at) > settings.startLimit ? mourn(looked, at, "did not become ready") : [looked, []];
    case "ending":
      return between(ward.since, at) > settings.endLimit
        ? mourn(looked, at, "did not end after its farewell")
        : [looked, []];
    case "resting":
      return at >= ward.until
        ? [{ ...looked, ward: { kind: "starting", since: at } }, [restarting, { type: "spawn" }]]
        : [looked, []];
    default:
      return [looked, []];
  }
}

/** Nothing is judged by a silence that was our own; it is told at once, and then at most once a minute. */
function onOversleep(state: GuardianState, slept: number, at: Instant): Result {
  const { count, worst, quietUntil } = state.oversleeping;
  const sum = { count: count + 1, worst: Math.max(worst, slept), quietUntil };
  if (at < quietUntil) return [{ ...state, oversleeping: sum }, []];
  const oversleeping = { count: 0, worst: 0, quietUntil: after(at, oversleepQuiet) };
  return [{ ...state, oversleeping }, [{ type: "log", level: "WARN", text: oversleptText(slept, sum) }]];
}

const oversleepQuiet = seconds(60);
const oversleptText = (slept: number, sum: { readonly count: number; readonly worst: number }): string => {
  const since =
    sum.count > 1 ? ` (${sum.count} times since the last such line, ${Math.round(sum.worst)} ms at worst)` : "";
  return `The guardian was not scheduled for ${Math.round(slept)} ms; it judges nobody by that silence${since}`;
};

const restarting: GuardianEffect = { type: "log", level: "info", text: "Restarting the heartbeat daemon" };

/** The ward is dead or as good as dead. What it held is given up now; the rest can take its time. */
function mourn(state: GuardianState, at: Instant, why: string): Result {
  const { holdings, ward, settings } = state;
  const healthy = ward.kind === "watched" && between(ward.since, at) >= settings.healthy;
  const next: GuardianState = {
    ...state,
    holdings: undefined,
    pause: healthy ? settings.shortestPause : state.pause,
    ward: { kind: "dying", gone: false, cleaning: 1, notice: noticeLater(holdings) },
  };
  return [next, [{ type: "kill" }, ...givingUp(holdings), ...telling(holdings, why), { type: "clean", holdings }]];
}

function givingUp(holdings: Holdings | undefined): readonly GuardianEffect[] {
  if (holdings === undefined) return [];
  return [
    { type: "withdraw", holdings },
    ...notifying(holdings.scripts.length === 0 ? holdings.deathNotice : undefined),
  ];
}

const noticeLater = (holdings: Holdings | undefined): string | undefined =>
  holdings === undefined || holdings.scripts.length === 0 ? undefined : holdings.deathNotice;
const notifying = (deathNotice: string | undefined): readonly GuardianEffect[] =>
  deathNotice === undefined || deathNotice === "" ? [] : [{ type: "notify", deathNotice }];

function telling(holdings: Holdings | undefined, why: string): readonly GuardianEffect[] {
  const addresses = holdings?.addresses.map((one) => one.address).join(" ") ?? "";
  const scripts = holdings?.scripts.join(" ") ?? "";
  return [
    {
      type: "log",
      level: "CRIT",
      text: `The heartbeat daemon died (${why}); withdrawn: ${addresses || "nothing"}; to stop: ${scripts || "nothing"}`,
    },
    { type: "record", what: "daemonDied", detail: { why, addresses, scripts } },
  ];
}

function onExit(state: GuardianState, event: GuardianEvent & { type: "exited" }): Result {
  const { ward } = state;
  switch (ward.kind) {
    case "dying":
      return seenOff({ ...state, ward: { ...ward, gone: true } }, event);
    case "ending":
      return afterFarewell(state, event);
    case "starting":
      if (!state.proven && state.holdings === undefined)
        return [{ ...state, ward: { kind: "over" } }, [{ type: "end", code: event.code || 1 }]];
      return dead(state, event);
    case "watched":
      return dead(state, event);
    default:
      return [state, []];
  }
}

function afterFarewell(state: GuardianState, event: GuardianEvent & { type: "exited" }): Result {
  if (event.code === 0) return [{ ...state, ward: { kind: "over" }, holdings: undefined }, [{ type: "end", code: 0 }]];
  if (event.code !== exitAgain || state.stopping) return dead(state, event);
  return [{ ...state, ward: { kind: "starting", since: event.at } }, [restarting, { type: "spawn" }]];
}

/** The pipe may have told of the death first; the cause is known only now. */
function seenOff(state: GuardianState, event: GuardianEvent & { type: "exited" }): Result {
  const [next, effects] = afterDeath(state, event.at);
  const text = `The heartbeat daemon's process is gone (${causeOf(event)})`;
  return [next, [{ type: "log", level: "WARN", text }, ...effects]];
}

const causeOf = ({
  code,
  signal,
}: {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}): string => (signal === undefined ? `exit code ${code ?? "unknown"}` : `killed by ${signal}`);

/** Mourning for one whose exit was seen. */
function dead(state: GuardianState, event: GuardianEvent & { type: "exited" }): Result {
  const [next, effects] = mourn(state, event.at, causeOf(event));
  const gone: GuardianState = next.ward.kind === "dying" ? { ...next, ward: { ...next.ward, gone: true } } : next;
  return [gone, effects.filter((effect) => effect.type !== "kill")];
}

function onCleaned(state: GuardianState, { at, allStopped }: GuardianEvent & { type: "cleaned" }): Result {
  const { ward } = state;
  if (ward.kind !== "dying") return [state, []];
  const cleaning = ward.cleaning - 1;
  const notice = allStopped ? ward.notice : undefined;
  const told = notifying(cleaning === 0 ? notice : undefined);
  const leftover = state.leftover || !allStopped;
  const cleaned: GuardianState = {
    ...state,
    leftover,
    ward: { ...ward, cleaning, notice: cleaning === 0 ? undefined : notice },
  };
  const [next, effects] = afterDeath(cleaned, at);
  return [next, [...told, ...effects]];
}

/** Rests, once the process is gone and everything is stopped; or ends, if that was asked for meanwhile. */
function afterDeath(state: GuardianState, at: Instant): Result {
  const { ward, settings, pause } = state;
  if (ward.kind !== "dying" || !ward.gone || ward.cleaning > 0) return [state, []];
  if (state.stopping) return [{ ...state, ward: { kind: "over" } }, [{ type: "end", code: 0 }]];
  if (!state.proven) return [{ ...state, ward: { kind: "over" } }, [{ type: "end", code: 1 }]];
  const longer = times(pause, 2);
  const next: GuardianState = {
    ...state,
    ward: { kind: "resting", until: after(at, pause) },
    pause: longer > settings.longestPause ? settings.longestPause : longer,
  };
  return [next, [{ type: "log", level: "WARN", text: `The heartbeat daemon is started again in ${pause / 1000} s` }]];
}

function onStop(state: GuardianState): Result {
  if (state.stopping) return [state, [{ type: "log", level: "info", text: "Heartbeat shutdown already underway." }]];
  const stopping: GuardianState = { ...state, stopping: true };
  switch (state.ward.kind) {
    case "resting":
      return [{ ...stopping, ward: { kind: "over" } }, [{ type: "end", code: 0 }]];
    case "starting":
    case "watched":
      return [stopping, [{ type: "tellStop" }]];
    default:
      return [stopping, []];
  }
}

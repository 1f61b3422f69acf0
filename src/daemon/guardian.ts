import { after, between, type Duration, type Instant, times } from "../core/time.js";
import type { Holdings } from "../ports/guardian.js";

/**
 * What the guardian decides. It is a value like the node: facts about its ward (the daemon process) come in, requests go out.
 *
 *     starting --ready--> watched --farewell--> ending --exit 0--> (end)
 *        |                   |                     `--exit "again"--> starting, nothing withdrawn
 *        |                   `--died, or silent for too long--> dying --cleaned and gone--> resting --back-off over--> starting
 *        `--exit, never ready before--> (end with its code)
 *
 * A death costs no thinking: what is held was told in advance, so addresses are withdrawn in the same turn in which the death is
 * seen, and where nothing else is held the peers are told in it too. Where services run, the peers are told when these have stopped:
 * they start theirs at once, and a file system must not be mounted twice. What cannot be stopped is not spoken of; then the peers
 * wait for deadtime, as they do for every silence. A guardian that overslept itself judges nobody by that silence.
 */
export interface GuardianState {
  readonly settings: GuardianSettings;
  readonly ward: Ward;
  /** `undefined`: nothing is held. */
  readonly holdings: Holdings | undefined;
  /** The next pause before a restart. */
  readonly pause: Duration;
  /** Whether a daemon has ever been ready: before that, a failure is the operator's to see and not ours to repeat. */
  readonly proven: boolean;
  /** Whether the end was asked for. */
  readonly stopping: boolean;
  /** When the guardian itself looked last. */
  readonly lookedAt: Instant;
}

export type Ward =
  | { readonly kind: "starting"; readonly since: Instant }
  | { readonly kind: "watched"; readonly since: Instant; readonly tickAt: Instant }
  | { readonly kind: "ending"; readonly since: Instant }
  /** Dead or doomed: the process must be gone and every cleaning done before the next one is started. */
  | {
      readonly kind: "dying";
      readonly gone: boolean;
      readonly cleaning: number;
      /** What to tell the peers once everything is stopped; `undefined`: they were told, or must not be. */
      readonly notice: string | undefined;
    }
  | { readonly kind: "resting"; readonly until: Instant }
  | { readonly kind: "over" };

export interface GuardianSettings {
  /** A ward that does not tick for so long is hung: deadtime − keepalive, so that we are faster than the peers. */
  readonly patience: Duration;
  /** Between two looks of the guardian. */
  readonly lookInterval: Duration;
  /** A look that comes later than this beyond its time means that we slept. */
  readonly oversleep: Duration;
  /** Time for a start, and for the exit after a farewell. */
  readonly startLimit: Duration;
  readonly endLimit: Duration;
  readonly shortestPause: Duration;
  readonly longestPause: Duration;
  /** A ward that lived so long has its back-off forgotten. */
  readonly healthy: Duration;
}

export type GuardianEvent = { readonly at: Instant } & (
  | { readonly type: "ready" | "ticked" | "farewell" | "looked" | "stopRequested" }
  | { readonly type: "cleaned"; readonly allStopped: boolean }
  | { readonly type: "held"; readonly holdings: Holdings }
  | { readonly type: "exited"; readonly code: number | undefined; readonly signal: string | undefined }
  /** The pipe ended without a farewell; the exit is not known yet. */
  | { readonly type: "linkLost" }
);

export type GuardianEffect =
  | { readonly type: "spawn" }
  | { readonly type: "kill" }
  | { readonly type: "tellStop" }
  /** Take the addresses away: at once, before anything else. */
  | { readonly type: "withdraw"; readonly holdings: Holdings }
  /** Tell the peers that nothing of ours is in their way; they take over in the turn in which they hear it. */
  | { readonly type: "notify"; readonly deathNotice: string }
  /** Run the stop scripts, answer with `cleaned`. */
  | { readonly type: "clean"; readonly holdings: Holdings | undefined }
  | { readonly type: "reportReady" }
  | { readonly type: "log"; readonly level: "info" | "WARN" | "ERROR" | "CRIT"; readonly text: string }
  | { readonly type: "record"; readonly what: string; readonly detail: Readonly<Record<string, string | number>> }
  | { readonly type: "end"; readonly code: number };

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
    stopping: false,
    lookedAt: at,
  };
  return [state, [{ type: "spawn" }]];
}

/** @returns what follows from the fact. */
export function stepGuardian(state: GuardianState, event: GuardianEvent): Result {
  switch (event.type) {
    case "ready":
      return onReady(state, event.at);
    case "ticked":
      return [ticked(state, event.at), []];
    case "held":
      return onHeld(state, event.holdings);
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
  }
}

const isAlive = (ward: Ward): boolean => ward.kind === "starting" || ward.kind === "watched";

function onReady(state: GuardianState, at: Instant): Result {
  if (state.ward.kind !== "starting") return [state, []];
  const watched: GuardianState = { ...state, proven: true, ward: { kind: "watched", since: at, tickAt: at } };
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

/** The only place where silence is judged. */
function onLook(state: GuardianState, at: Instant): Result {
  const { settings, ward } = state;
  const overslept = between(state.lookedAt, at) > settings.lookInterval + settings.oversleep;
  const looked: GuardianState = { ...state, lookedAt: at };
  if (overslept) return [ticked(looked, at), [{ type: "log", level: "WARN", text: oversleptText(state, at) }]];
  switch (ward.kind) {
    case "watched":
      return between(ward.tickAt, at) > settings.patience
        ? mourn(looked, at, `silent for ${Math.round(between(ward.tickAt, at))} ms`)
        : [looked, []];
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

const restarting: GuardianEffect = { type: "log", level: "info", text: "Restarting the heartbeat daemon" };
const oversleptText = (state: GuardianState, at: Instant): string =>
  `The guardian was not scheduled for ${Math.round(between(state.lookedAt, at))} ms; it judges nobody by that silence`;

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
  const cleaned: GuardianState = { ...state, ward: { ...ward, cleaning, notice: cleaning === 0 ? undefined : notice } };
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

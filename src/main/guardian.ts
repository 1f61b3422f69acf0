import type { Config } from "../config/config.js";
import { type Duration, type Instant, instant } from "../core/time.js";
import { startGuardian, stepGuardian } from "../daemon/guardian.js";
import type { GuardianEffect, GuardianEvent, GuardianSettings, GuardianState } from "../daemon/guardian-state.js";
import { isTrusted } from "../daemon/trust.js";
import type { NoticeSender } from "../io/death-notice.js";
import type { ConfigurationTexts, WardReport } from "../io/guardian-protocol.js";
import type { OpenLog } from "../io/log.js";
import { monotonicNow } from "../io/monotonic.js";
import type { RunnerProcess } from "../io/runner-process.js";
import type { RunnerSettings } from "../io/runner-protocol.js";
import { startWard, type WardListeners, type WardProcess } from "../io/ward-process.js";
import type { Watchdog } from "../io/watchdog.js";
import type { Addresses } from "../ports/addresses.js";
import type { Holdings } from "../ports/guardian.js";
import { createChanges } from "./changes.js";
import type { Reread } from "./reread.js";

/**
 * The guardian with its hands: the master control process. It watches the daemon and does nothing else, so that there is
 * nothing in it that could fail. All it will need is open before the daemon starts: sockets, netlink, the script runner.
 */
export interface GuardianParts extends Way {
  /** Arguments for `node` that make it the daemon, and its environment. */
  readonly daemon: { readonly args: readonly string[]; readonly environment: NodeJS.ProcessEnv };
  readonly addresses: Pick<Addresses, "remove">;
  /** Starts a script runner; called again when the former one ended. */
  readonly startRunner: (settings: RunnerSettings) => RunnerProcess;
  readonly log: OpenLog;
  /** The files that the daemon lives by, as they were accepted. */
  readonly texts: ConfigurationTexts;
  /** SIGHUP: looks at the files again. */
  readonly reread: (accepted: ConfigurationTexts) => Promise<Reread>;
  /** Opens what a changed configuration needs, and tells what it comes to. */
  readonly prepare: (config: Config) => Way;
  /** The first daemon is ready. */
  readonly onReady: () => void;
  /** Why the first start failed, in words for the operator; `onEnd` follows. */
  readonly onStartFailed: (text: string) => void;
  /** Everything is over; the process may end with this code. */
  readonly onEnd: (code: number) => void;
}

/** What follows from the configuration for the guardian itself. */
export interface Way {
  readonly settings: GuardianSettings;
  readonly notice: NoticeSender;
  readonly runner: RunnerSettings;
  /** Time limit of one stop script. */
  readonly stopTimeout: Duration;
  /** Fed while the daemon beats. */
  readonly watchdog?: Watchdog | undefined;
  /** Called when this way becomes the one in force. */
  readonly onForce?: () => void;
}

export interface RunningGuardian {
  /** SIGTERM: an orderly stop. */
  stop(): void;
  reload(): void;
  changeDebug(change: 1 | -1): void;
  /** The daemon's process, for tests and for the log. */
  readonly daemonPid: number | undefined;
  readonly runnerPid: number | undefined;
}

/** Peers that miss the first notice hear one of the others. */
const noticeCopies = 5;
const noticeInterval = 20;
const runnerRestartPause = 1000;
/** The runner may still be ending clients. */
const runnerLeaveLimit = 10_000;

/** Starts the runner and the daemon, and watches until the end. */
export function runGuardian(parts: GuardianParts): RunningGuardian {
  const { log } = parts;
  let ward: WardProcess | undefined;
  let over = false;
  // Not forgotten: only the reset ends it.
  let starving = false;
  let looking: NodeJS.Timeout | undefined;
  /** The right to what is held ends. */
  let ending: NodeJS.Timeout | undefined;
  let way: Way = parts;
  const runner = keptRunner(parts, () => over);
  let [state, first] = startGuardian(parts.settings, monotonicNow());

  const put = (event: WithoutInstant<GuardianEvent>): void => {
    if (over) return;
    const [next, effects] = stepGuardian(state, { ...event, at: monotonicNow() });
    state = next;
    if (!starving && isTrusted(state, event.type)) way.watchdog?.feed();
    for (const effect of effects) perform(effect);
  };
  const onReport = (report: WardReport): void => {
    if (report.type === "tick") put({ type: "ticked" });
    else if (report.type === "hold") put({ type: "held", holdings: report.holdings });
    else if (report.type === "allow") onAllowed(report.until === null ? undefined : instant(report.until));
    else if (report.type === "fenceSelf") {
      const means = way.watchdog === undefined ? "there is no watchdog to do it" : "the watchdog is not fed any more";
      log.line({ level: "CRIT", program: "heartbeat", text: `This machine must be reset (${report.why}): ${means}` });
      starving = true;
    } else if (report.type === "startFailed") parts.onStartFailed(report.text);
    else if (report.type === "ready" || report.type === "farewell") put({ type: report.type });
    else changes.onReport(report);
  };
  const onAllowed = (until: Instant | undefined): void => {
    put({ type: "allowed", until });
    clearTimeout(ending);
    if (until !== undefined) ending = setTimeout(judge, Math.max(0, Math.ceil(until - monotonicNow())));
  };
  const listeners: WardListeners = {
    onReport,
    onExit: (code, signal) => put({ type: "exited", code, signal }),
    onLinkLost: () => put({ type: "linkLost" }),
    onComplaint: (text) => log.line({ level: "ERROR", program: "heartbeat", text: `daemon: ${text}` }),
  };
  const changes = createChanges({
    ...parts,
    put,
    fate: () => fateOf(state),
    ward: listeners,
    current: () => ward,
    spawn: (who) => startWard(parts.daemon.args, parts.daemon.environment, who),
    adopt(process, next) {
      ward = process ?? ward;
      way.notice.close();
      if (way.watchdog !== next.watchdog) way.watchdog?.disarm();
      way = next;
      runner.renew(next.runner);
      look();
      next.onForce?.();
    },
  });
  const perform = (effect: GuardianEffect): void => {
    switch (effect.type) {
      case "spawn":
        ward = spawnWard();
        return;
      case "kill":
        return ward?.kill();
      case "tellStop":
        return ward?.tell({ type: "stop" });
      case "spawnSuccessor":
        return changes.spawnSuccessor();
      case "killSuccessor":
        return changes.killSuccessor();
      case "tellRetire":
        return ward?.tell({ type: "retire", groups: effect.groups });
      case "tellRetain":
        return ward?.tell({ type: "retain" });
      case "promote":
        return changes.promote();
      case "withdraw":
        return withdraw(parts, effect.holdings);
      case "notify":
        return way.notice.send(Buffer.from(effect.deathNotice, "hex"), noticeCopies, noticeInterval);
      case "clean":
        return void clean({ log, way }, runner.current(), effect.holdings).then((allStopped) =>
          put({ type: "cleaned", allStopped }),
        );
      case "reportReady":
        return parts.onReady();
      case "log":
        return log.line({ level: effect.level, program: "heartbeat", text: effect.text });
      case "record":
        return log.record(effect.what, effect.detail);
      case "end":
        return end(effect.code);
    }
  };
  const spawnWard = (): WardProcess => {
    const child = startWard(parts.daemon.args, parts.daemon.environment, listeners);
    child.tell({ type: "begin", texts: changes.accepted(), successor: false });
    return child;
  };
  // Timers come before the pipe in a turn of Node's loop: what the daemon has said meanwhile is read before its silence is judged.
  const judge = (): void => void setImmediate(() => put({ type: "looked" }));
  const look = (): void => {
    clearInterval(looking);
    looking = setInterval(() => {
      judge();
      way.notice.refresh();
    }, way.settings.lookInterval);
  };
  const end = (code: number): void => {
    over = true;
    clearInterval(looking);
    clearTimeout(ending);
    // An end in order, or a start that never came to anything: nothing is held that anybody would have to watch.
    if (!starving) way.watchdog?.disarm();
    void runner.leave().then(() => parts.onEnd(code));
  };
  look();
  for (const effect of first) perform(effect);
  first = [];
  return {
    stop: () => put({ type: "stopRequested" }),
    reload: () => changes.reload(),
    changeDebug(change) {
      log.debugLevel += change;
      runner.current().setDebugLevel(log.debugLevel);
      ward?.tell({ type: change > 0 ? "moreDebug" : "lessDebug" });
    },
    get daemonPid() {
      return ward?.pid;
    },
    get runnerPid() {
      return runner.current().pid;
    },
  };
}

const fateOf = ({ ward, stopping }: GuardianState): "watched" | "absent" | "leaving" => {
  if (stopping || ward.kind === "ending" || ward.kind === "over") return "leaving";
  return ward.kind === "watched" ? "watched" : "absent";
};

type WithoutInstant<Event> = Event extends unknown ? Omit<Event, "at"> : never;

/** The first thing after a death: no client may reach us any more. */
function withdraw({ addresses, log }: GuardianParts, holdings: Holdings): void {
  const outcomes = holdings.addresses.map((address) => ({ address, outcome: addresses.remove(address) }));
  for (const { address, outcome } of outcomes)
    if (!outcome.ok)
      log.line({ level: "CRIT", program: "heartbeat", text: `${address.address} is not withdrawn: ${outcome.why}` });
}

/**
 * Stops what the daemon had started, in the order it told. One try each: the next daemon finds out what still runs.
 * @returns whether everything has stopped.
 */
async function clean(
  { log, way }: { readonly log: OpenLog; readonly way: Way },
  runner: RunnerProcess,
  holdings: Holdings | undefined,
): Promise<boolean> {
  let allStopped = true;
  for (const script of holdings?.scripts ?? []) {
    const outcome = await runner.run(script, "stop", way.stopTimeout);
    if (outcome.kind !== "failed") continue;
    allStopped = false;
    const text = `${script} could not be stopped after the daemon's death: ${outcome.why}`;
    log.line({ level: "CRIT", program: "heartbeat", text });
  }
  return allStopped;
}

/** A runner that is started again when it ends before its time. */
function keptRunner(parts: GuardianParts, isOver: () => boolean) {
  let runner: RunnerProcess;
  let settings = parts.runner;
  const start = (): void => {
    runner = parts.startRunner(settings);
    runner.onExit(() => {
      if (isOver()) return;
      parts.log.line({ level: "ERROR", program: "heartbeat", text: "The script runner ended; it is started again" });
      setTimeout(() => isOver() || start(), runnerRestartPause);
    });
  };
  start();
  const renew = (next: RunnerSettings): void => {
    settings = next;
    runner.renew(next);
  };
  return { renew, current: (): RunnerProcess => runner, leave: (): Promise<void> => runner.leave(runnerLeaveLimit) };
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ResourceAction } from "../core/effect.js";
import type { ResourceOutcome } from "../core/event.js";
import type { ChildLedger } from "./child-ledger.js";
import type { OpenLog } from "./log.js";
import { mostOperations, type RunnerSettings } from "./runner-protocol.js";
import { callWords, type FoundScript, findScript, type Lookup, runningLine } from "./script-lookup.js";
import { type CallEnd, hasNoStatusVerb, outcomeOf } from "./script-outcome.js";
import { type RunningScript, reasonFrom, type ScriptProcess, startScript } from "./script-process.js";

/**
 * The runner's work: calls of resource scripts. Two calls for one resource never run at the same time; the second waits
 * for the first, even when nobody waits for that one any more. Different resources run side by side.
 */
export interface ScriptCalls {
  run(call: Call): CallHandle;
  /** Calls that are running or waiting. */
  readonly pending: number;
}

export interface Call {
  readonly text: string;
  readonly action: ResourceAction;
  /** Milliseconds, from the moment the script is started. */
  readonly timeout: number;
}

export interface CallHandle {
  readonly action: ResourceAction;
  readonly finished: Promise<ResourceOutcome>;
  /** Ends the process group, or does not begin at all. */
  abandon(): void;
}

interface Desk {
  readonly settings: RunnerSettings;
  readonly log: OpenLog;
  readonly ledger: ChildLedger;
  /** Resources of which it was already said that they have no `status`. */
  readonly mute: Set<string>;
}

export function scriptCalls(settings: RunnerSettings, log: OpenLog, ledger: ChildLedger): ScriptCalls {
  const desk: Desk = { settings, log, ledger, mute: new Set() };
  const turn = new Map<string, Promise<unknown>>();
  let pending = 0;
  return {
    get pending() {
      return pending;
    },
    run(call) {
      if (pending >= mostOperations) return refused(call);
      pending += 1;
      const process: { running?: RunningScript; abandoned?: true } = {};
      const begin = async (): Promise<ResourceOutcome> =>
        process.abandoned ? abandoned : await perform(desk, call, (running) => (process.running = running));
      const finished = (turn.get(call.text) ?? Promise.resolve()).then(begin).finally(() => {
        pending -= 1;
        if (turn.get(call.text) === finished) turn.delete(call.text);
      });
      turn.set(call.text, finished);
      const abandon = (): void => {
        process.abandoned = true;
        process.running?.end();
      };
      return { action: call.action, finished, abandon };
    },
  };
}

const abandoned: ResourceOutcome = { kind: "failed", why: "killed" };
const refused = (call: Call): CallHandle => ({
  action: call.action,
  finished: Promise.resolve({ kind: "failed", why: "refused" }),
  abandon: () => {},
});

function perform(desk: Desk, call: Call, started: Started): Promise<ResourceOutcome> {
  if (call.action !== "monitor") return runScript(desk, call, started);
  const command = desk.settings.monitors[call.text];
  return command === undefined
    ? runScript(desk, { ...call, action: "status" }, started)
    : runMonitor(desk, { call, command }, started);
}

type Started = (running: RunningScript) => void;

/** As init scripts and OCF agents say it. */
const notRunning: ReadonlySet<number> = new Set([3, 7]);

/** The operator's own command tells by its exit code whether the service runs; of another failure nobody knows what it means. */
async function runMonitor(
  desk: Desk,
  { call, command: [path = "", ...words] }: { readonly call: Call; readonly command: readonly string[] },
  started: Started,
): Promise<ResourceOutcome> {
  say(desk, "debug", `Running ${path} ${words.join(" ")}`);
  const end = await runToItsEnd(
    desk,
    { path, words, environment: {}, output: "captured", timeout: call.timeout },
    started,
  );
  tellStatus(desk, { asked: path, timeout: call.timeout }, end);
  if (end.kind !== "exited") return outcomeOf("ocf", "status", end);
  if (end.code === 0) return { kind: "running" };
  return notRunning.has(end.code) ? { kind: "stopped" } : { kind: "failed", why: "exit-code", code: end.code };
}

async function runScript(desk: Desk, call: Call, started: Started): Promise<ResourceOutcome> {
  const lookup = findScript(call.text, desk.settings.places);
  if (lookup.found === undefined) return missing(desk, call, lookup);
  const script = lookup.found;
  say(desk, call.action === "status" ? "debug" : "info", runningLine(script, call.action));
  const output = call.action === "status" ? "captured" : { file: outputFile(desk.settings) };
  const words = callWords(script, call.action);
  const { path, environment } = script;
  const end = await runToItsEnd(desk, { path, words, environment, output, timeout: call.timeout }, started);
  tell(desk, call, script, end);
  return outcomeOf(script.kind, call.action, end);
}

async function runToItsEnd(desk: Desk, script: Omit<ScriptProcess, "directory">, started: Started): Promise<CallEnd> {
  const running = startScript({
    ...script,
    environment: { ...process.env, ...desk.settings.environment, ...script.environment },
    directory: workingDirectory(desk.settings),
  });
  started(running);
  if (running.pid !== undefined) desk.ledger.add(running.pid);
  const end = await running.finished;
  if (running.pid !== undefined) desk.ledger.remove(running.pid);
  return end;
}

const say = (desk: Desk, level: string, text: string): void =>
  desk.log.line({ level, program: "ResourceManager", text });

/** @returns where scripts print to: ha-debug, else ha-log. */
export const outputFile = ({ log }: RunnerSettings): string => log.debugfile ?? log.logfile ?? "/dev/null";

function missing(desk: Desk, call: Call, lookup: Lookup & { found: undefined }): ResourceOutcome {
  const near = lookup.near === undefined ? "" : ` (${lookup.near} is not an executable file)`;
  const { resourceDir, initDir } = desk.settings.places;
  say(desk, "ERROR", `Cannot locate resource script ${call.text}${near}: looked in ${resourceDir} and ${initDir}`);
  return { kind: "failed", why: lookup.why };
}

/** What an operator wants to read about the end of a call. */
function tell(desk: Desk, call: Call, script: FoundScript, end: CallEnd): void {
  if (call.action === "status") return tellAnswer(desk, call, script, end);
  if (end.kind === "timed-out")
    say(desk, "ERROR", `${script.path} ${call.action} did not end within ${call.timeout} ms; ending its process group`);
  if (end.kind === "signalled") say(desk, "ERROR", `${script.path} ${call.action} was killed by ${end.signal}`);
  if (end.kind === "not-started")
    say(desk, "ERROR", `${script.path} cannot be started: ${end.errno} (is its #! line right?)`);
  if (end.kind === "exited" && end.code !== 0) {
    const reason = reasonFrom(end.complaint);
    say(desk, "ERROR", `Return code ${end.code} from ${script.path}${reason === "" ? "" : `: ${reason}`}`);
  }
}

function tellStatus(desk: Desk, { asked, timeout }: { asked: string; timeout: number }, end: CallEnd): void {
  if (end.kind === "timed-out") say(desk, "ERROR", `${asked} did not end within ${timeout} ms`);
  if (end.kind === "not-started") say(desk, "ERROR", `${asked} cannot be started: ${end.errno}`);
  if (end.kind !== "exited") return;
  for (const line of `${end.output}\n${end.complaint}`.split("\n"))
    if (line.trim() !== "") say(desk, "debug", `${asked}: ${line}`);
}

function tellAnswer(desk: Desk, call: Call, script: FoundScript, end: CallEnd): void {
  tellStatus(desk, { asked: `${script.path} status`, timeout: call.timeout }, end);
  if (end.kind !== "exited") return;
  if (script.kind === "ocf" || !hasNoStatusVerb(end) || desk.mute.has(call.text)) return;
  desk.mute.add(call.text);
  say(
    desk,
    "info",
    `${script.path} has no status verb (exit code ${end.code}): ${call.text} is started without asking first`,
  );
}

/** As the original: a directory of root's own, where a core file may fall. */
function workingDirectory(settings: RunnerSettings): string {
  const directory = join(settings.coresDir, "root");
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch {
    return "/";
  }
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FencingAction } from "../core/effect.js";
import type { FencingOutcome } from "../core/event.js";
import type { ChildLedger } from "./child-ledger.js";
import { type AgentAction, agentInput, agentParameters, plugOf } from "./fence-agent.js";
import { findProgram } from "./programs.js";
import type { FencingDeviceSettings, RunnerSettings } from "./runner-protocol.js";
import type { CallEnd } from "./script-outcome.js";
import { type RunningScript, reasonFrom, type ScriptProcess, startScript } from "./script-process.js";

/**
 * The runner's other work: resetting nodes. A device is either a plug-in of cluster-glue, which its program `stonith` runs, or a fence
 * agent, which reads `key=value` lines on its standard input. Parameters are never on a command line, where everybody could read them.
 */
export interface FencingCalls {
  run(call: FencingWork & { readonly timeout: number }): FencingHandle;
}

/** What is to be done to whose power, by which device. */
interface FencingWork {
  readonly node: string;
  readonly device: number;
  readonly action: FencingAction;
}

export interface FencingHandle {
  readonly finished: Promise<FencingOutcome>;
  /** Ends the device's process group. */
  abandon(): void;
}

/** One try in hand: what runs now, and whether anybody still wants it. */
interface Try {
  readonly ledger: ChildLedger;
  readonly settings: RunnerSettings;
  /** When the time is over, on the clock of `performance.now`. */
  readonly until: number;
  running: RunningScript | undefined;
  abandoned: boolean;
}

export function fencingCalls(settings: RunnerSettings, ledger: ChildLedger): FencingCalls {
  return {
    run({ node, device, action, timeout }) {
      const one: Try = { ledger, settings, until: performance.now() + timeout, running: undefined, abandoned: false };
      return {
        finished: switchPower(one, { node, action }, settings.fencing[device]).catch((error: unknown) =>
          failed(String(error)),
        ),
        abandon: () => {
          one.abandoned = true;
          one.running?.end();
        },
      };
    },
  };
}

const failed = (why: string): FencingOutcome => ({ kind: "failed", why });

type Wanted = Pick<FencingWork, "node" | "action">;

function switchPower(one: Try, wanted: Wanted, device: FencingDeviceSettings | undefined): Promise<FencingOutcome> {
  if (device === undefined) return Promise.resolve(failed("there is no such device"));
  return device.kind === "plug-in" ? askPlugIn(one, wanted, device) : askAgent(one, wanted, device);
}

/** `stonith -t TYPE -F FILE -T reset NODE`; the exit code tells. */
async function askPlugIn(
  one: Try,
  { node, action }: Wanted,
  { type, parameters }: FencingDeviceSettings,
): Promise<FencingOutcome> {
  const program = findProgram("stonith");
  if (program === undefined) return failed("there is no program stonith (Debian: cluster-glue)");
  const held = "file" in parameters ? { file: parameters.file, drop: () => {} } : heldParameters(parameters);
  try {
    return judged(await perform(one, { path: program, words: ["-t", type, "-F", held.file, "-T", action, node] }), 0);
  } finally {
    held.drop();
  }
}

/** Parameters from ha.cf, in a file that only root can read. */
function heldParameters(parameters: readonly string[]): { readonly file: string; readonly drop: () => void } {
  const directory = mkdtempSync(join(tmpdir(), "heartbeat-stonith-"));
  const file = join(directory, "parameters");
  writeFileSync(file, `${parameters.join(" ")}\n`, { mode: 0o600 });
  return { file, drop: () => rmSync(directory, { recursive: true, force: true }) };
}

/** What a fence agent's `status` says of a plug without power. */
const off = 2;

/** The agent does its action, and after `off` it is asked whether it is. */
async function askAgent(
  one: Try,
  { node, action }: Wanted,
  { type, parameters }: FencingDeviceSettings,
): Promise<FencingOutcome> {
  const program = findProgram(type);
  if (program === undefined) return failed(`there is no program ${type} (Debian: fence-agents)`);
  const given = agentParameters("file" in parameters ? linesOf(parameters.file) : parameters);
  const plug = plugOf(given, node);
  if (plug === undefined) return failed(`${node} is not in its pcmk_host_list or pcmk_host_map`);
  const act = (deed: AgentAction): Promise<CallEnd> =>
    perform(one, { path: program, words: [], input: agentInput(given, { action: deed, plug, node }) });
  const reset = given.get("action") === "off" ? "off" : "reboot";
  const wanted = action === "reset" ? reset : action;
  const outcome = judged(await act(wanted), 0);
  if (outcome.kind === "failed" || wanted !== "off") return outcome;
  return judged(await act("status"), off);
}

const linesOf = (file: string): readonly string[] => readFileSync(file, "utf8").split("\n");

function perform(one: Try, what: Pick<ScriptProcess, "path" | "words" | "input">): Promise<CallEnd> {
  const timeout = one.until - performance.now();
  if (one.abandoned || timeout <= 0) return Promise.resolve({ kind: "timed-out" });
  const environment = { ...process.env, ...one.settings.environment };
  const running = startScript({ ...what, environment, directory: "/", output: "captured", timeout });
  one.running = running;
  const { pid } = running;
  if (pid !== undefined) one.ledger.add(pid);
  return running.finished.finally(() => {
    if (pid !== undefined) one.ledger.remove(pid);
    one.running = undefined;
  });
}

/** @returns success for this exit code only; else the device's own last words. */
function judged(end: CallEnd, expected: number): FencingOutcome {
  switch (end.kind) {
    case "exited": {
      if (end.code === expected) return { kind: "succeeded" };
      const words = reasonFrom(`${end.output}\n${end.complaint}`).slice(0, longestReason);
      return failed(`exit code ${end.code}${words === "" ? "" : `: ${words}`}`);
    }
    case "timed-out":
      return failed("it did not end in time");
    case "signalled":
      return failed(`it was killed by ${end.signal}`);
    case "not-started":
      return failed(`it cannot be started: ${end.errno}`);
  }
}

const longestReason = 300;

/**
 * The script runner: the one process of heartbeat that starts other people's programs. It is started before anybody takes
 * a real-time priority, so that neither a fork nor a talkative script can delay a heartbeat, and it outlives the daemon: when
 * that dies, the guardian lets the same runner stop what was held.
 *
 * When the daemon goes away, its `start` and `status` calls are ended: nobody waits for them, and a `start` that finished
 * after the guardian's `stop` would leave a service running that nobody watches. Its `stop` calls may go on: stopping is what the guardian
 * would ask for anyway. When the guardian goes away, the runner stays for as long as the daemon needs it to stop in order.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import { type ChildLedger, childLedger } from "./child-ledger.js";
import { type FencingCalls, type FencingHandle, fencingCalls } from "./fencing-calls.js";
import { type Fifo, openFifo } from "./fifo.js";
import { type Hooks, hooks } from "./hooks.js";
import { readObjects, writeObject } from "./json-lines.js";
import { type OpenLog, openLog } from "./log.js";
import { reboot } from "./reboot.js";
import { type RespawnedClients, respawnedClients } from "./respawned-clients.js";
import {
  longestLine,
  type RunnerReply,
  type RunnerRequest,
  type RunnerSettings,
  runnerRequest,
} from "./runner-protocol.js";
import { type CallHandle, outputFile, type ScriptCalls, scriptCalls } from "./script-calls.js";
import { type SwitchedLog, switchedLog } from "./switched-log.js";

interface Runner {
  readonly log: SwitchedLog;
  readonly ledger: ChildLedger;
  readonly fifo: Fifo | undefined;
  calls: ScriptCalls;
  clients: RespawnedClients;
  hooks: Hooks;
  fencing: FencingCalls;
  /** The daemon wants them to run. */
  clientsWanted: boolean;
  /** Those of the former configuration are still ending. */
  changing: boolean;
}

/** What can be ended before its end. */
type Handle = CallHandle | FencingHandle;

/** Someone who asks: the guardian or the daemon. */
interface Asker {
  readonly output: Writable;
  readonly calls: Map<number, Handle>;
}

const flushLimit = 1000;

/** Runs until neither guardian nor daemon is left. */
export function runScriptRunner(): void {
  process.title = "heartbeat: script runner";
  // A stop of the whole service signals every process of it; the runner is needed until the last stop script has ended.
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGPIPE"] as const)
    process.on(signal, () => {});
  let runner: Runner | undefined;
  let guardianThere = true;
  let daemons = 0;
  /** The daemon that asked last takes what the FIFO brings. Between two daemons it stays there: what an operator typed is not lost. */
  let fifoTaker: Asker | undefined;
  const giveFifoTo = (asker: Asker | undefined): void => {
    fifoTaker = asker;
    runner?.fifo?.setTaken(asker !== undefined);
  };
  const leaveIfAlone = (): void => {
    if (!guardianThere && daemons === 0) void leave(runner);
  };
  const listen = (settings: RunnerSettings): void => {
    const server = listenAt(settings.socket, (output) => {
      daemons += 1;
      const asker: Asker = { output, calls: new Map() };
      readObjects(output, longestLine, (value) => {
        const request = runnerRequest(value);
        if (request?.type === "takeFifo") giveFifoTo(asker);
        else if (runner !== undefined) serve(runner, asker, request);
      });
      output.once("close", () => {
        daemons -= 1;
        if (fifoTaker === asker) giveFifoTo(undefined);
        forsaken(asker);
        leaveIfAlone();
      });
    });
    server.once("listening", () => reply(guardian, { type: "ready" }));
    server.once("error", (error) =>
      runner?.log.line({ level: "ERROR", program: "heartbeat", text: `script runner: ${error.message}` }),
    );
  };
  const guardian: Asker = { output: process.stdout, calls: new Map() };
  readObjects(process.stdin, longestLine, (value) => {
    const request = runnerRequest(value);
    if (request?.type !== "settings") return void (runner && serve(runner, guardian, request));
    if (runner !== undefined) return reequip(runner, request.settings);
    listen(request.settings);
    runner = equip(request.settings, (text) => {
      if (fifoTaker !== undefined) reply(fifoTaker, { type: "fifo", text });
    });
  });
  process.stdout.on("error", () => {});
  process.stdin.once("close", () => {
    guardianThere = false;
    leaveIfAlone();
  });
}

function equip(settings: RunnerSettings, onMessage: (text: string) => void): Runner {
  const log = switchedLog(openLog({ settings: settings.log, host: settings.host }));
  const ledger: ChildLedger = childLedger(settings.ledger);
  for (const pid of ledger.sweep())
    log.line({
      level: "WARN",
      program: "heartbeat",
      text: `Ended process group ${pid}: it was left behind by a former script runner`,
    });
  const fifo = openFifo({
    path: settings.hooks.fifo,
    onMessage,
    onProblem: (text) => log.line({ level: "WARN", program: "heartbeat", text }),
  });
  return { log, ledger, fifo, ...desksOf(settings, log, ledger), clientsWanted: false, changing: false };
}

/** What works by the settings. */
function desksOf(
  settings: RunnerSettings,
  log: OpenLog,
  ledger: ChildLedger,
): Pick<Runner, "calls" | "clients" | "hooks" | "fencing"> {
  const cannotReboot = (why: string): void =>
    log.line({ level: "CRIT", program: "heartbeat", text: `This machine cannot be rebooted: ${why}` });
  const { environment, coresDir } = settings;
  return {
    calls: scriptCalls(settings, log, ledger),
    clients: respawnedClients(settings, { log, ledger, reboot: () => reboot(settings.reboot, cannotReboot) }),
    fencing: fencingCalls(settings, ledger),
    hooks: hooks({ ...settings.hooks, environment, coresDir, output: outputFile(settings) }, log, ledger),
  };
}

/** A changed configuration. It comes when no call is under way; one that is goes on under the former settings. */
function reequip(runner: Runner, settings: RunnerSettings): void {
  const { log, ledger, clients: former } = runner;
  log.switchTo(openLog({ settings: settings.log, host: settings.host }));
  Object.assign(runner, desksOf(settings, log, ledger));
  runner.changing = true;
  void former.stop().then(() => {
    runner.changing = false;
    if (runner.clientsWanted) runner.clients.start();
  });
}

function listenAt(path: string, onDaemon: (stream: import("node:net").Socket) => void): Server {
  mkdirSync(dirname(path), { recursive: true, mode: 0o750 });
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on("error", () => {});
    onDaemon(socket);
  });
  server.listen(path, () => chmodSync(path, 0o600));
  return server;
}

function serve(runner: Runner, asker: Asker, request: RunnerRequest | undefined): void {
  switch (request?.type) {
    case "run":
      return run(runner, asker, request);
    case "fence":
      return fence(runner, asker, request);
    case "abandon":
      asker.calls.get(request.operation)?.abandon();
      asker.calls.delete(request.operation);
      return;
    case "startClients":
      runner.clientsWanted = true;
      return runner.changing ? undefined : runner.clients.start();
    case "stopClients":
      runner.clientsWanted = false;
      return void runner.clients.stop();
    case "hook":
      return runner.hooks.run(request.hook);
    case "debug":
      runner.log.debugLevel = request.level;
  }
}

function run(runner: Runner, asker: Asker, request: RunnerRequest & { type: "run" }): void {
  const handle = runner.calls.run(request);
  asker.calls.set(request.operation, handle);
  void handle.finished.then((outcome) => {
    if (asker.calls.get(request.operation) !== handle) return; // abandoned: no answer is owed
    asker.calls.delete(request.operation);
    reply(asker, { type: "finished", operation: request.operation, outcome });
  });
}

function fence(runner: Runner, asker: Asker, request: RunnerRequest & { type: "fence" }): void {
  const handle = runner.fencing.run(request);
  asker.calls.set(request.operation, handle);
  void handle.finished.then((outcome) => {
    if (asker.calls.get(request.operation) !== handle) return; // abandoned: no answer is owed
    asker.calls.delete(request.operation);
    reply(asker, { type: "fenced", operation: request.operation, outcome });
  });
}

function reply(asker: Asker, answer: RunnerReply): void {
  writeObject(asker.output, answer, longestLine);
}

function forsaken(asker: Asker): void {
  for (const handle of asker.calls.values()) if (!("action" in handle) || handle.action !== "stop") handle.abandon();
  asker.calls.clear();
}

/** Nobody is left who could ask: clients end, running stops end, and so does the runner. */
async function leave(runner: Runner | undefined): Promise<void> {
  runner?.fifo?.close();
  await runner?.clients.stop();
  while (runner !== undefined && runner.calls.pending > 0) await new Promise((done) => setTimeout(done, 50));
  await runner?.log.flush(flushLimit);
  process.exit(0);
}

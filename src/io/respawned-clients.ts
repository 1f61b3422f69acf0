import { spawn } from "node:child_process";
import { constants } from "node:os";
import { type ChildLedger, killGroup } from "./child-ledger.js";
import { coresDirectory } from "./core-dumps.js";
import type { OpenLog } from "./log.js";
import type { ClientSettings, RunnerSettings } from "./runner-protocol.js";

/**
 * The programs of the `respawn` and `failfast` lines: started when the cluster is up, ended when we leave. In between, `respawn` starts
 * them again: not one that ended with code 100, which wants to stay away, nor one that ended more than ten times in a row within half a
 * minute of its start. The end of a `failfast` client resets the machine, as its line wishes.
 */
export interface RespawnedClients {
  start(): void;
  /** SIGTERM to each group, SIGKILL to what is left. Settles when all have ended. */
  stop(): Promise<void>;
}

/** What a run of the clients needs beside its settings. */
export interface ClientHands {
  readonly log: OpenLog;
  readonly ledger: ChildLedger;
  /** Resets the machine at once. */
  readonly reboot: () => void;
}

/** How a client has fared; `shortRuns` counts those in a row that lasted less than `shortRun`. */
export interface ClientHistory {
  readonly shortRuns: number;
}
export type ClientEnd =
  | { readonly kind: "exited"; readonly code: number; readonly lasted: number }
  | { readonly kind: "signalled"; readonly signal: string; readonly lasted: number };
export type AfterEnd = {
  readonly next: "respawn" | "stay-away" | "give-up" | "reboot";
  readonly history: ClientHistory;
};

/** Milliseconds; a run that lasts longer clears the record. */
export const shortRun = 30_000;
export const mostShortRuns = 10;
const exitCodeStayAway = 100;

/** @returns what to do with a client that ended by itself. */
export function afterEnd(history: ClientHistory, end: ClientEnd, onDeath: ClientSettings["onDeath"]): AfterEnd {
  if (onDeath === "reboot") return { next: "reboot", history };
  if (end.kind === "exited" && end.code === exitCodeStayAway) return { next: "stay-away", history };
  const shortRuns = end.lasted < shortRun ? history.shortRuns + 1 : 0;
  return { next: shortRuns > mostShortRuns ? "give-up" : "respawn", history: { shortRuns } };
}

/** After SIGTERM the clients get this many milliseconds. */
const stopGrace = 3000;
/** Before a client is started again, in milliseconds; as the original. */
const respawnPause = 1000;

interface Client {
  readonly settings: ClientSettings;
  history: ClientHistory;
  pid: number | undefined;
  /** Settles at the end of the current run. */
  ended: Promise<void>;
  /** The next run, when one is due. */
  pause: NodeJS.Timeout | undefined;
}

export function respawnedClients(settings: RunnerSettings, hands: ClientHands): RespawnedClients {
  const { log } = hands;
  const clients = settings.clients.map(
    (entry): Client => ({
      settings: entry,
      history: { shortRuns: 0 },
      pid: undefined,
      ended: Promise.resolve(),
      pause: undefined,
    }),
  );
  let wanted = false;
  const launch = (client: Client): void => {
    const startedAt = performance.now();
    client.ended = run(client, settings, hands).then((end) => {
      client.pid = undefined;
      if (end === undefined) return;
      const lasted = performance.now() - startedAt;
      const after = afterEnd(client.history, { ...end, lasted }, client.settings.onDeath);
      client.history = after.history;
      tell(log, client.settings, end, wanted ? after.next : "stopped");
      if (wanted && after.next === "reboot") hands.reboot();
      if (wanted && after.next === "respawn") launchLater(client);
    });
  };
  const launchLater = (client: Client): void => {
    announce(log, client.settings);
    client.pause = setTimeout(() => launch(client), settings.respawnPause ?? respawnPause);
  };
  return {
    start() {
      if (wanted) return;
      wanted = true;
      for (const client of clients) {
        client.history = { shortRuns: 0 };
        announce(log, client.settings);
        launch(client);
      }
    },
    async stop() {
      wanted = false;
      for (const client of clients) clearTimeout(client.pause);
      const running = clients.filter((client) => client.pid !== undefined);
      for (const client of running) end(log, client, "SIGTERM");
      const kill = setTimeout(() => {
        for (const client of running) end(log, client, "SIGKILL");
      }, stopGrace);
      await Promise.all(running.map((client) => client.ended));
      clearTimeout(kill);
    },
  };
}

function end(log: OpenLog, { pid, settings }: Client, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  say(log, "info", `killing ${nameOf(settings)} process group ${pid} with signal ${constants.signals[signal]}`);
  killGroup(pid, signal);
}

const announce = (log: OpenLog, client: ClientSettings): void =>
  say(log, "info", `Starting child client "${nameOf(client)}" (${client.uid},${client.gid})`);

/** As the line of ha.cf has it, and as the original's log names it. */
const nameOf = ({ command, args }: ClientSettings): string => [command, ...args].join(" ");

type Ended = { readonly pid: number } & (
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: NodeJS.Signals }
);

/** One run of a client. @returns how it ended; `undefined` when it could not be started (said in the log). */
function run(client: Client, settings: RunnerSettings, { log, ledger }: ClientHands): Promise<Ended | undefined> {
  const { command, args, user, uid, gid } = client.settings;
  const privileged = process.getuid?.() === 0;
  const child = spawn(command, args, {
    cwd: coresDirectory(settings.coresDir, client.settings),
    env: { ...process.env, ...settings.environment },
    stdio: "ignore",
    detached: true,
    ...(privileged ? { uid, gid } : {}),
  });
  const { pid } = child;
  if (pid !== undefined) {
    client.pid = pid;
    ledger.add(pid);
    say(log, "info", `Starting "${nameOf(client.settings)}" as uid ${uid}  gid ${gid} (pid ${pid})`);
  }
  return new Promise((settle) => {
    child.once("error", (error) => {
      say(log, "ERROR", `Client ${command} cannot be started as ${user}: ${error.message}`);
      settle(undefined);
    });
    child.once("exit", (code, signal) => {
      if (pid === undefined) return settle(undefined);
      ledger.remove(pid);
      settle(code === null ? { pid, kind: "signalled", signal: signal ?? "SIGKILL" } : { pid, kind: "exited", code });
    });
  });
}

/** The original's words. */
function tell(log: OpenLog, client: ClientSettings, end: Ended, next: AfterEnd["next"] | "stopped"): void {
  const how =
    end.kind === "exited" ? `exited with return code ${end.code}.` : `killed by signal ${signalText(end.signal)}.`;
  say(
    log,
    next === "stopped" || (end.kind === "exited" && end.code === 0) ? "info" : "WARN",
    `Managed ${nameOf(client)} process ${end.pid} ${how}`,
  );
  if (next === "respawn") say(log, "ERROR", `Respawning client "${nameOf(client)}":`);
  if (next === "give-up") say(log, "ERROR", `Client ${nameOf(client)} "respawning too fast"`);
  if (next === "reboot")
    say(log, "CRIT", `Rebooting this machine: ${nameOf(client)} is marked failfast and has ended.`);
}

/** `9 [SIGKILL - Kill, unblockable]`: so the original names the one that it names most often. */
const signalText = (name: NodeJS.Signals): string =>
  `${constants.signals[name]} [${name}${name === "SIGKILL" ? " - Kill, unblockable" : ""}]`;

const say = (log: OpenLog, level: string, text: string): void => log.line({ level, program: "heartbeat", text });

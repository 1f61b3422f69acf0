import { hostname } from "node:os";
import type { ControlReply } from "../control/protocol.js";
import { controlVersion } from "../control/protocol.js";
import type { Answering } from "../daemon/answering.js";
import { decodeRequest, longestRequest, mayUse } from "../daemon/control.js";
import { findGroup, heartbeatOwner } from "../io/accounts.js";
import { clearClientSocket } from "../io/client-socket.js";
import { type ControlServer, startControlServer } from "../io/control-socket.js";
import { type GuardianLink, openGuardianLink } from "../io/guardian-link.js";
import { nextIdentity } from "../io/identity.js";
import { openLog } from "../io/log.js";
import type { Paths } from "../io/paths.js";
import { pathOptionsFrom, resolvePaths } from "../io/paths.js";
import { setProcessTitle } from "../io/realtime.js";
import { connectScripts } from "../io/scripts.js";
import { startDaemon } from "./daemon.js";
import { loadConfig, logSettings, programName } from "./load.js";
import { lockWithin } from "./lock.js";

/** The former daemon is gone or has been sent SIGKILL; its end may take so many milliseconds. */
const formerLimit = 15_000;

/** The process that beats, as its guardian starts it. */
setProcessTitle("heartbeat: daemon");
const guardian = openGuardianLink();
beginLife(guardian, resolvePaths(pathOptionsFrom(process.env))).catch((error: unknown) => {
  guardian.startFailed(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
  void guardian.close(1_000).then(() => process.exit(1));
});

async function beginLife(link: GuardianLink, paths: Paths): Promise<void> {
  const { config } = await loadConfig(paths);
  if (config === undefined) throw new Error("Configuration error, heartbeat not started.");
  if (!(await lockWithin(paths.daemonLock, formerLimit))) throw new Error("another heartbeat daemon still runs here");
  const log = openLog({ settings: logSettings(config.logging, paths), host: hostname(), owner: heartbeatOwner() });
  const { uuid, generation, lines } = nextIdentity(paths, Date.now() / 1000);
  for (const { level, text } of lines) log.line({ level, program: "heartbeat", text });
  clearClientSocket(paths.clientSocket);
  const scripts = connectScripts(paths.runnerSocket);
  await scripts.connected;
  let door: ControlServer | undefined;
  const end = async (): Promise<void> => {
    door?.close();
    scripts.close();
    await log.flush(1_000);
    await link.close(1_000);
    process.exit(0);
  };
  const identity = { uuid, generation, processId: process.ppid };
  const daemon = startDaemon({
    config,
    identity,
    log,
    guardian: link,
    scripts,
    resourceDir: paths.resourceDir,
    clientSocket: paths.clientSocket,
    program: programName,
    unlocked: process.argv.includes("-l"),
    onEnd: () => void end(),
  });
  door = openDoor(paths, daemon.answering);
  link.onStop(() => daemon.loop.stop());
  link.onGuardianLost(() => {
    log.line({ level: "CRIT", program: "heartbeat", text: "Emergency Shutdown: Master Control process died." });
    daemon.loop.stop();
  });
  link.onDebug((change) => {
    log.debugLevel = Math.max(0, log.debugLevel + change);
    log.line({
      level: "debug",
      program: "heartbeat",
      text: `debug now set to ${log.debugLevel} [pid ${process.ppid}]`,
    });
  });
  link.onReload(() => {
    const text = "Configuration unchanged: a changed configuration takes effect at the next start of heartbeat.";
    log.line({ level: "info", program: "heartbeat", text });
  });
  link.ready();
}

/** Operators and tools ask here; a daemon without its door still does its work. */
function openDoor(paths: Paths, answering: Answering): ControlServer {
  const operators = findGroup("haclient");
  return startControlServer({
    path: paths.controlSocket,
    longestLine: longestRequest,
    onLine(line, asker, reply) {
      const decoded = decodeRequest(line);
      const answer = (id: number, rest: object): void =>
        reply(JSON.stringify({ version: controlVersion, id, ...rest } as ControlReply));
      if (!decoded.ok) {
        answer(decoded.id, { kind: "error", code: decoded.code, text: decoded.text });
        return undefined;
      }
      const { request } = decoded;
      if (!mayUse(request.verb, asker, operators)) {
        answer(request.id, {
          kind: "error",
          code: "not-permitted",
          text: "only root and the group haclient may do that",
        });
        return undefined;
      }
      return answering.answer(request, (rest) => answer(request.id, rest));
    },
  });
}

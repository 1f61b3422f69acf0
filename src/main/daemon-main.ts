import { hostname } from "node:os";
import type { Config } from "../config/config.js";
import type { ControlReply } from "../control/protocol.js";
import { controlVersion } from "../control/protocol.js";
import type { Answering } from "../daemon/answering.js";
import { decodeRequest, longestRequest, mayUse } from "../daemon/control.js";
import { findGroup, heartbeatOwner } from "../io/accounts.js";
import { bequestFormat, readBequest, writeBequest } from "../io/bequest.js";
import { prepareClientPlaces } from "../io/client-socket.js";
import { type ControlServer, startControlServer } from "../io/control-socket.js";
import { workWhereCoresLand } from "../io/core-dumps.js";
import { connectFencer } from "../io/fencer.js";
import { type GuardianLink, openGuardianLink } from "../io/guardian-link.js";
import { type IdentityMethods, nextIdentity } from "../io/identity.js";
import { type OpenLog, openLog } from "../io/log.js";
import { reserveMemory } from "../io/memory-reserve.js";
import { monotonicNow } from "../io/monotonic.js";
import type { Paths } from "../io/paths.js";
import { pathOptionsFrom, resolvePaths } from "../io/paths.js";
import { setProcessTitle } from "../io/realtime.js";
import { connectScripts, type OpenScripts } from "../io/scripts.js";
import { type Life, type PreparedDaemon, prepareDaemon } from "./daemon.js";
import { loadConfig, logSettings, programName } from "./load.js";
import { lockWithin, releaseLock } from "./lock.js";
import { keysFromOrder } from "./reread.js";

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

/** All that is there before the first beat, or before a former daemon passes its node on. */
interface Readiness {
  readonly link: GuardianLink;
  readonly paths: Paths;
  readonly log: OpenLog;
  readonly daemon: PreparedDaemon;
}

async function beginLife(link: GuardianLink, paths: Paths): Promise<void> {
  const { texts, successor } = await link.beginning;
  const { config } = await loadConfig(paths, texts);
  if (config === undefined) throw new Error("Configuration error, heartbeat not started.");
  // A first daemon is alone before it counts itself up; a successor is alone only when the former one has gone.
  if (!successor) await becomeTheOne(paths);
  const log = openLog({ settings: logSettings(config.logging, paths), host: hostname(), owner: heartbeatOwner() });
  workWhereCoresLand(paths.place(config.coredumps.root));
  reserveMemory(config.memoryReserve);
  const identity = successor ? undefined : identityOf(paths, config, log);
  const unlocked = process.argv.includes("-l");
  const daemon = prepareDaemon({
    config,
    log,
    guardian: link,
    program: programName,
    root: paths.root,
    successor,
    unlocked,
    resourceDir: paths.resourceDir,
    clientSocket: paths.clientSocket,
    diskLock: paths.diskLock,
  });
  const readiness = { link, paths, log, daemon };
  if (identity !== undefined) return live(readiness, { identity, former: undefined, scripts: await runnerAt(paths) });
  link.onGuardianLost(() => process.exit(1));
  link.prepared(bequestFormat, config.settings.groups);
  const { state, silentSince } = readBequest(await link.inheritance);
  await becomeTheOne(paths);
  live(readiness, { identity: state.identity, former: state, scripts: connectScripts(paths.runnerSocket) });
  const silence = Math.round(monotonicNow() - silentSince);
  log.line({ level: "info", program: "heartbeat", text: `Restarted in place; no heartbeat for ${silence} ms.` });
  log.record("succeeded", { silence });
}

async function becomeTheOne({ daemonLock }: Paths): Promise<void> {
  if (!(await lockWithin(daemonLock, formerLimit))) throw new Error("another heartbeat daemon still runs here");
}

function identityOf(paths: Paths, config: Config, log: OpenLog): Life["identity"] {
  const { uuid, generation, lines } = nextIdentity(paths, Date.now() / 1000, identityMethods(config));
  for (const { level, text } of lines) log.line({ level, program: "heartbeat", text });
  prepareClientPlaces(paths.clientSocket, heartbeatOwner());
  return { uuid, generation, processId: process.ppid };
}

async function runnerAt({ runnerSocket }: Paths): Promise<OpenScripts> {
  const scripts = connectScripts(runnerSocket);
  await scripts.connected;
  return scripts;
}

function live({ link, paths, log, daemon: prepared }: Readiness, life: Omit<Life, "onEnd" | "fencer">): void {
  const { scripts } = life;
  const fencer = connectFencer(paths.runnerSocket);
  let door: ControlServer | undefined;
  const leave = async (): Promise<void> => {
    door?.close();
    scripts.close();
    fencer.close();
    await log.flush(1_000);
    await link.close(1_000);
    process.exit(0);
  };
  const daemon = prepared.begin({ ...life, fencer, onEnd: () => void leave() });
  door = openDoor(paths, daemon.answering);
  link.onStop(() => daemon.loop.stop());
  link.onGuardianLost(() => {
    log.line({ level: "CRIT", program: "heartbeat", text: "Emergency Shutdown: Master Control process died." });
    daemon.loop.stop();
  });
  link.onDebug((change) => {
    log.debugLevel = Math.max(0, log.debugLevel + change);
    const text = `debug now set to ${log.debugLevel} [pid ${process.ppid}]`;
    log.line({ level: "debug", program: "heartbeat", text });
  });
  link.onRekey((keys) => daemon.rekey(keysFromOrder(keys)));
  link.onRetain(() => daemon.loop.retain());
  link.onRetire((groups) => {
    daemon.loop.retire(groups, (state) => {
      const silentSince = monotonicNow();
      daemon.close();
      door?.close();
      scripts.close();
      fencer.close();
      releaseLock(paths.daemonLock);
      link.bequeath(writeBequest({ state, silentSince }));
      void log.flush(1_000).then(() => link.closed.then(() => setTimeout(() => process.exit(0), clientsPatience)));
    });
  });
  link.ready();
}

/**
 * Milliseconds. The guardian's new settings make the runner end the respawned clients. Those that lost their connection before they are told to
 * end would complain about it in the log (ccm: `Lost connection to heartbeat service`).
 */
const clientsPatience = 1_000;

const identityMethods = ({ generationMethod, uuidFrom, settings }: Config): IdentityMethods => ({
  generation: generationMethod,
  uuid: uuidFrom === "file" ? { from: "file" } : { from: "nodename", node: settings.self },
});

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
      return answering.answer(request, (rest) => answer(request.id, rest), asker);
    },
  });
}

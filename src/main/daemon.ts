import { randomBytes } from "node:crypto";
import type { Config, Keys, PingConfig } from "../config/config.js";
import type { Identity, NodeState } from "../core/node-state.js";
import type { Timing } from "../core/settings.js";
import { isAskedFor } from "../core/sighting.js";
import { milliseconds } from "../core/time.js";
import { type Answering, createAnswering } from "../daemon/answering.js";
import { serveLocalScripts } from "../daemon/local-scripts.js";
import { type Loop, runLoop } from "../daemon/loop.js";
import { rehearse } from "../daemon/rehearsal.js";
import { type KernelAddresses, openAddresses } from "../io/addresses.js";
import { createClock } from "../io/clock.js";
import { type DeadManSettings, openDeadMan } from "../io/dead-man.js";
import { digests } from "../io/digests.js";
import { type IcmpPinger, openPinger } from "../io/icmp-pinger.js";
import { startThreads } from "../io/libc.js";
import type { OpenLog } from "../io/log.js";
import type { AddressLifetime } from "../io/netlink-format.js";
import { becomeRealtime, lockMemory } from "../io/realtime.js";
import type { OpenScripts } from "../io/scripts.js";
import { type OpenSegment, openSegment } from "../io/segment.js";
import type { OpenedMedium, SelfHealingMedium } from "../io/self-healing.js";
import { openSerialMedium } from "../io/serial-medium.js";
import type { SerialSettings } from "../io/serial-port.js";
import { createUdpMedia } from "../io/udp-medium.js";
import type { VirtualAddress } from "../ports/addresses.js";
import type { Clock } from "../ports/clock.js";
import type { DeadMan } from "../ports/dead-man.js";
import type { Fencer } from "../ports/fencer.js";
import type { Guardian } from "../ports/guardian.js";
import { type Codec, createCodec } from "../wire/codec.js";
import { createMessageStream, STREAM_LIMITS } from "../wire/stream.js";
import { openArbiter } from "./arbiter.js";
import { type ClientDoor, openClientDoor } from "./client-door.js";
import { deadManSettings } from "./dead-man.js";

/**
 * The beating daemon, put together from its hands (`io/`) and its head (`daemon/`, `core/`). Everything that can block has happened
 * before: files are read, names are resolved, the script runner runs.
 */
export interface DaemonParts {
  readonly config: Config;
  readonly log: OpenLog;
  readonly guardian: Guardian;
  /** Where the original's clients find us. */
  readonly clientSocket: string;
  /** Held by the process that writes leases to a disk as this node. */
  readonly diskLock: string;
  /** Version that `status` shows. */
  readonly program: string;
  /** Where the resource scripts are, for the lines about addresses. */
  readonly resourceDir: string;
  /** Directory before all paths; empty: this is the node of the whole machine. */
  readonly root: string;
  /** Begins beside a former daemon that still beats. */
  readonly successor: boolean;
  /** `heartbeat -l`: memory is left unlocked. */
  readonly unlocked: boolean;
}

/** Whom the daemon is to be: a new incarnation, or the one that a former daemon passed on. */
export interface Life {
  readonly identity: Omit<Identity, "strong">;
  readonly former: NodeState | undefined;
  /** Connected: what the FIFO brings goes to whoever connected last. */
  readonly scripts: OpenScripts;
  readonly fencer: Fencer;
  /** Everything is handed over. */
  readonly onEnd: () => void;
}

/** A daemon that needs only its life. */
export interface PreparedDaemon {
  /** Opens media and starts beating. Never throws for what the world refuses: a missing interface is said and tried again. */
  begin(life: Life): RunningDaemon;
}

export interface RunningDaemon {
  readonly loop: Loop;
  readonly answering: Answering;
  /** Other keys from now on; not one datagram is lost over it. */
  rekey(keys: Keys): void;
  /** Closes what only one daemon may have open; the clients of the original are not hung up on until the process ends. */
  close(): void;
}

/** Everything that takes time and that two daemons can do at once. */
export function prepareDaemon(parts: DaemonParts): PreparedDaemon {
  const { config, log } = parts;
  const deadManIs = deadManSettings(config, parts.root);
  const addresses = openAddresses(usualLifetime(deadManIs));
  const deadMan = openDeadMan(deadManIs, { addresses, log });
  if (!parts.successor) deadMan.prepare();
  const clock = createClock();
  const codec = replaceableCodec(codecOf(config, config.keys));
  rehearse(config.settings, codec, clock);
  // Asking changes nothing, and makes the first real call as quick as the later ones.
  for (let i = 0; i < 20; i++) for (const address of addressesOf(config)) addresses.has(address);
  const segment = segmentFor(config, log);
  startThreads();
  takePriority(config, parts.unlocked, log);
  return { begin: (life) => begin(parts, life, { addresses, deadMan, clock, codec, segment }) };
}

interface Prepared {
  readonly addresses: KernelAddresses;
  readonly deadMan: DeadMan;
  readonly clock: Clock;
  readonly codec: ReplaceableCodec;
  readonly segment: OpenSegment | undefined;
}

/** Until the first renewal. */
const usualLifetime = ({ spans }: DeadManSettings): AddressLifetime | undefined =>
  spans && { valid: spans.filtered.valid, preferred: spans.filtered.valid };

/** Where a takeover on silence is possible, the service LAN is asked first. What cannot be asked is said once. */
function segmentFor(config: Config, log: OpenLog): OpenSegment | undefined {
  const { settings } = config;
  if (!settings.groups.some((group) => isAskedFor({ settings }, group))) return undefined;
  const segment = openSegment(addressesOf(config));
  for (const problem of segment.problems)
    log.line({
      level: "WARN",
      program: "heartbeat",
      text: `addresses cannot be asked for before a takeover: ${problem}`,
    });
  return segment;
}

/**
 * Milliseconds. At a stop the runner ends the respawned clients. Those that lose their connection before they are told to end complain about it
 * in the log (ccm: `Lost connection to heartbeat service`). The peers have been told goodbye by then: nobody waits for this.
 */
const respawnedPatience = 2_000;

function begin(parts: DaemonParts, life: Life, { addresses, deadMan, clock, codec, segment }: Prepared): RunningDaemon {
  const { config, log, program } = parts;
  const { scripts } = life;
  const media = openMedia(config, log);
  const pingers = openPingers(config, log);
  const arbiter = openArbiter(config, parts);
  let door: ClientDoor | undefined;
  const closeLines = (): void => {
    for (const medium of media) medium.close();
    for (const pinger of pingers) pinger.close();
    arbiter?.close();
  };
  const loop = runLoop({
    config,
    identity: { ...life.identity, strong: isStrong(config, config.keys) },
    former: life.former,
    seed: randomBytes(4).readInt32LE(0),
    nonce: randomBytes(8).toString("hex"),
    clock,
    media,
    pingers,
    resourceDir: parts.resourceDir,
    addresses,
    deadMan,
    arbiter,
    segment,
    scripts,
    fencer: life.fencer,
    guardian: parts.guardian,
    clients: { start: () => scripts.startClients(), stop: () => scripts.stopClients() },
    log,
    codec,
    onEnd: () => {
      closeLines();
      if (door === undefined) return life.onEnd();
      door.close(config.respawn.length > 0 ? respawnedPatience : 0, life.onEnd);
    },
  });
  scripts.onFifo(serveLocalScripts({ loop, hooks: { run: (hook) => scripts.runHook(hook) }, log }));
  const { processId } = life.identity;
  const clients = (): readonly string[] => door?.registry.names ?? [];
  const answering = createAnswering({ loop, config, clock, program, processId, deadMan, clients });
  door = openClientDoor({ config, loop, clock, log, path: parts.clientSocket, snapshot: answering.snapshot });
  const rekey = (keys: Keys): void => {
    codec.replace(codecOf(config, keys));
    arbiter?.rekey(keys);
    loop.rekey(isStrong(config, keys));
  };
  const close = (): void => {
    door?.hush();
    closeLines();
  };
  return { loop, answering, close, rekey };
}

interface ReplaceableCodec extends Codec {
  replace(next: Codec): void;
}

function replaceableCodec(first: Codec): ReplaceableCodec {
  let codec = first;
  return {
    encode: (message, strength, key) => codec.encode(message, strength, key),
    encodeForLine: (message, strength, key) => codec.encodeForLine(message, strength, key),
    decode: (bytes) => codec.decode(bytes),
    encodePing: (question) => codec.encodePing(question),
    decodePing: (bytes) => codec.decodePing(bytes),
    replace(next) {
      codec = next;
    },
  };
}

const codecOf = ({ messageFormat }: Config, keys: Keys): Codec =>
  createCodec({ keys, digests, innerAuth: messageFormat === "classic" });

/** Our own digest method needs a shared secret, and the operator's consent. */
const isStrong = ({ strongAuth }: Config, keys: Keys): boolean => {
  const method = keys.byIndex.get(keys.sendIndex)?.method;
  return strongAuth && method !== undefined && method !== "crc";
};

function addressesOf(config: Config): readonly VirtualAddress[] {
  return config.groups.flatMap((group) =>
    group.resources.flatMap((one) => (one.kind === "address" ? [one.address] : [])),
  );
}

/** Opens every medium of ha.cf; also used by the guardian for its death notice. */
export function openMedia(config: Config, log: Pick<OpenLog, "line">): readonly SelfHealingMedium[] {
  const network = createUdpMedia();
  return config.media.map((settings) => {
    const opened = settings.kind === "serial" ? openLine(settings, config.settings.timing) : network.open(settings);
    const { medium, lines, problem } = opened;
    for (const text of lines) log.line({ level: problem === undefined ? "info" : "ERROR", program: "heartbeat", text });
    medium.onChange((now) => {
      const news = now ?? "usable again";
      const text = news.startsWith(medium.description) ? news : `${medium.description}: ${news}`;
      log.line({ level: now === undefined ? "info" : "WARN", program: "heartbeat", text });
    });
    return medium;
  });
}

/** What waits longer for a slow line would make the newer heartbeats behind it so late that they look like a death. */
function openLine(settings: SerialSettings, { warntime, deadtime }: Timing): OpenedMedium {
  const patience = milliseconds(Math.min(warntime, deadtime / 2));
  const messages = createMessageStream();
  return openSerialMedium(settings, { patience, messages, deaf: milliseconds(200), longest: STREAM_LIMITS.bytes });
}

function openPingers(config: Config, log: OpenLog): readonly IcmpPinger[] {
  return config.pings.map((ping: PingConfig, index) => {
    const { pinger, lines, problem } = openPinger(ping, (process.pid + index) & 0xffff);
    for (const text of lines) log.line({ level: problem === undefined ? "info" : "ERROR", program: "heartbeat", text });
    return pinger;
  });
}

/** Real-time priority and locked memory, where the machine allows it; a refusal is said once and is no error (weaknesses.md D14). */
export function takePriority(config: Config, unlocked: boolean, log: Pick<OpenLog, "line">): void {
  if (config.realtimePriority === undefined) return;
  const scheduling = becomeRealtime(config.realtimePriority);
  if (scheduling.kind === "refused") {
    log.line({ level: "WARN", program: "heartbeat", text: `no real-time priority: ${scheduling.why}` });
  }
  if (unlocked) return;
  const memory = lockMemory();
  if (memory.kind === "refused")
    log.line({ level: "WARN", program: "heartbeat", text: `memory is not locked: ${memory.why}` });
}

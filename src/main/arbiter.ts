import type { Config, Keys } from "../config/config.js";
import { milliseconds } from "../core/time.js";
import { digests } from "../io/digests.js";
import { openDiskArbiter } from "../io/disk-arbiter.js";
import type { OpenLog } from "../io/log.js";
import { openWitnessArbiter } from "../io/witness-arbiter.js";
import type { Arbiter } from "../ports/arbiter.js";
import { createSeals } from "../witness/seal.js";

/** The arbiter of ha.cf, which can be given other keys while it is in use. */
export interface OpenArbiter extends Arbiter {
  rekey(keys: Keys): void;
}

export interface ArbiterParts {
  readonly log: Pick<OpenLog, "line">;
  /** Held by the process that writes to a disk as this node. */
  readonly diskLock: string;
}

/** @returns the arbiter that ha.cf names; `undefined` when it names none. */
export function openArbiter(config: Config, parts: ArbiterParts): OpenArbiter | undefined {
  const { arbiter } = config;
  const { log } = parts;
  if (arbiter === undefined) return undefined;
  if (arbiter.kind === "disk") return onDisk(config, arbiter.path, parts);
  const open = (keys: Keys): Arbiter | undefined => {
    const seals = createSeals(keys, digests);
    if (seals === undefined) {
      const text = "arbiter witness: authkeys has no secret to sign with (crc): nothing can be asked of it";
      log.line({ level: "ERROR", program: "heartbeat", text });
      return undefined;
    }
    return openWitnessArbiter({
      witness: arbiter,
      cluster: config.cluster,
      node: config.settings.self,
      lease: config.settings.arbitration.leaseTime ?? milliseconds(0),
      seals,
    });
  };
  return replaceable(open, config.keys);
}

/** A disk knows no keys: who may write to it belongs to the cluster. */
function onDisk({ settings, realtimePriority }: Config, path: string, { log, diskLock }: ArbiterParts): OpenArbiter {
  const leaseTime = settings.arbitration.leaseTime ?? milliseconds(0);
  const disk = openDiskArbiter({
    path,
    node: settings.self,
    leaseTime,
    lock: diskLock,
    priority: realtimePriority,
  });
  disk.onTrouble((why) => {
    const text = why === "" ? `${disk.text} is usable` : `${disk.text}: ${why}`;
    log.line({ level: why === "" ? "info" : "ERROR", program: "heartbeat", text });
  });
  return {
    text: disk.text,
    claim: (request, groups) => disk.claim(request, groups),
    release: (groups) => disk.release(groups),
    onAnswer: (listener) => disk.onAnswer(listener),
    onPoison: (listener) => disk.onPoison(listener),
    close: () => disk.close(),
    rekey: () => {},
  };
}

/** With other keys another arbiter of the same name goes on; what the former one was still to answer counts as silence. */
function replaceable(open: (keys: Keys) => Arbiter | undefined, first: Keys): OpenArbiter {
  let answered: Parameters<Arbiter["onAnswer"]>[0] = () => {};
  let poisoned: Parameters<Arbiter["onPoison"]>[0] = () => {};
  const begin = (keys: Keys): Arbiter | undefined => {
    const arbiter = open(keys);
    arbiter?.onAnswer((request, verdicts) => answered(request, verdicts));
    arbiter?.onPoison((by) => poisoned(by));
    return arbiter;
  };
  let current = begin(first);
  return {
    text: current?.text ?? "arbiter",
    claim: (request, groups) => current?.claim(request, groups),
    release: (groups) => current?.release(groups),
    onAnswer(listener) {
      answered = listener;
    },
    onPoison(listener) {
      poisoned = listener;
    },
    close: () => current?.close(),
    rekey(keys) {
      current?.close();
      current = begin(keys);
    },
  };
}

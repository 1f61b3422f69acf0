import type { Config, Keys } from "../config/config.js";
import { milliseconds } from "../core/time.js";
import { digests } from "../io/digests.js";
import type { OpenLog } from "../io/log.js";
import { openWitnessArbiter } from "../io/witness-arbiter.js";
import type { Arbiter } from "../ports/arbiter.js";
import { createSeals } from "../witness/seal.js";

/** The arbiter of ha.cf, which can be given other keys while it is in use. */
export interface OpenArbiter extends Arbiter {
  rekey(keys: Keys): void;
}

/** @returns the arbiter that ha.cf names; `undefined` when it names none. */
export function openArbiter(config: Config, log: Pick<OpenLog, "line">): OpenArbiter | undefined {
  const { arbiter } = config;
  if (arbiter === undefined) return undefined;
  if (arbiter.kind === "disk") {
    log.line({ level: "ERROR", program: "heartbeat", text: `arbiter disk ${arbiter.path}: cannot be used` });
    return undefined;
  }
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

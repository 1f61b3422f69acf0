import type { Config } from "../config/config.js";
import type { ControlAnswer, ControlVerb } from "../control/protocol.js";
import type { Snapshot } from "../control/snapshot.js";
import { nodeName } from "../core/names.js";
import type { Clock } from "../ports/clock.js";
import type { DeadMan } from "../ports/dead-man.js";
import type { Asker } from "./control.js";
import type { Loop } from "./loop.js";
import { snapshotOf } from "./snapshot.js";

/** Answers what is asked over the control socket. Permissions have been checked by whoever calls this. */
export interface Answering {
  /**
   * @param asker who asks, for the journal.
   * @param reply called once, or after `running` and for `watch` several times.
   * @returns a function that ends a `watch`, `undefined` for everything else.
   */
  answer(verb: ControlVerb, reply: (answer: ControlAnswer) => void, asker?: Asker): (() => void) | undefined;
  snapshot(): Snapshot;
}

export interface AnsweringParts {
  readonly loop: Loop;
  readonly config: Config;
  readonly clock: Clock;
  readonly program: string;
  readonly processId: number;
  readonly deadMan: DeadMan;
  /** Names of the clients that are signed on here. */
  readonly clients?: () => readonly string[];
}

export function createAnswering(parts: AnsweringParts): Answering {
  const { loop, config, clock, program, processId, deadMan, clients } = parts;
  const watchers = new Set<() => void>();
  loop.onChange(() => {
    for (const watcher of watchers) watcher();
  });
  const snapshot = (): Snapshot =>
    snapshotOf(loop.state, config, {
      program,
      processId,
      now: clock.now(),
      refused: loop.counters.all,
      clients: clients?.() ?? [],
      deadMan: deadMan.view,
    });
  return {
    snapshot,
    answer(verb, reply, asker) {
      switch (verb.verb) {
        case "status":
          reply({ kind: "snapshot", snapshot: snapshot() });
          return undefined;
        case "watch": {
          const tell = (): void => reply({ kind: "snapshot", snapshot: snapshot() });
          tell();
          watchers.add(tell);
          return () => watchers.delete(tell);
        }
        case "standby":
        case "takeover":
          loop.wish(verb.verb, verb.what, (outcome, text) => reply({ kind: "wish", outcome, text }));
          return undefined;
        case "confirm": {
          const by =
            asker === undefined ? "somebody" : `${asker.uid === 0 ? "root" : "an operator"} (uid ${asker.uid})`;
          loop.confirm(nodeName(verb.node), by, (outcome, text) => reply({ kind: "wish", outcome, text }));
          return undefined;
        }
        case "stop":
          loop.stop();
          reply({ kind: "wish", outcome: "running", text: "shutdown begun" });
          return undefined;
      }
    },
  };
}

import type { FencingOutcome } from "../core/event.js";
import type { OperationId } from "../core/names.js";
import type { Fencer, FencingCall } from "../ports/fencer.js";
import type { Later } from "./pretend-scripts.js";
import type { Appointment } from "./schedule.js";
import type { Tally } from "./tally.js";

/** How the fencing devices of one machine behave. `lie`: says that it did it, and did nothing. */
export interface FencingTemper {
  readonly does: "work" | "fail" | "hang" | "lie";
  /** Milliseconds. */
  readonly takes: number;
}

interface Surroundings {
  readonly later: Later;
  readonly temper: (device: number) => FencingTemper;
  /** Does it to the machine of this name. */
  readonly perform: (call: FencingCall) => void;
  /** Runs the action as soon as the daemon can take notice. */
  readonly whenAwake: (action: () => void) => void;
  readonly tally: Tally;
}

/** Resets pretend machines for one daemon. The devices have wires of their own: no cut of a link keeps them from working. */
export class PretendFencer implements Fencer {
  readonly #around: Surroundings;
  readonly #running = new Map<OperationId, Appointment>();
  #listener: (operation: OperationId, outcome: FencingOutcome) => void = () => {};

  constructor(around: Surroundings) {
    this.#around = around;
  }

  fence(call: FencingCall): void {
    const { does, takes } = this.#around.temper(call.device);
    const overdue = does === "hang" || takes > call.timeout;
    const end = this.#around.later(overdue ? call.timeout : takes, () => {
      if (!this.#running.delete(call.operation)) return;
      if (does === "work" && !overdue) this.#around.perform(call);
      if (does !== "work") this.#around.tally.note(`fencing device ${inThePast[does]}`);
      const outcome = overdue ? timedOut : does === "fail" ? refused : done;
      this.#around.whenAwake(() => this.#listener(call.operation, outcome));
    });
    this.#running.set(call.operation, end);
  }

  abandon(operation: OperationId): void {
    const running = this.#running.get(operation);
    if (running !== undefined) running.cancelled = true;
    this.#running.delete(operation);
  }

  onFinished(listener: (operation: OperationId, outcome: FencingOutcome) => void): void {
    this.#listener = listener;
  }

  /** The daemon died, and its runner ends what it asked for. */
  endAll(): void {
    for (const operation of [...this.#running.keys()]) this.abandon(operation);
  }
}

const inThePast = { fail: "failed", hang: "hung", lie: "lied" } as const;
const done: FencingOutcome = { kind: "succeeded" };
const refused: FencingOutcome = { kind: "failed", why: "the device refused" };
const timedOut: FencingOutcome = { kind: "failed", why: "timed out" };

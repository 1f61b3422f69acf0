import type { Medium } from "../ports/medium.js";

/** A medium that outlives its device: when that is missing, or goes and comes back, it is opened anew by itself. */
export interface SelfHealingMedium extends Medium {
  /** Why the medium cannot be used now; `undefined` when it can. */
  readonly problem: string | undefined;
  /** How many times the medium became usable again after a problem. */
  readonly reopened: number;
  /** Calls the listener when the medium is lost, and when it is found again (`undefined`). */
  onChange(listener: (problem: string | undefined) => void): void;
}

/** What opening a medium gave: always the medium; `problem` when it could not be used yet and will be tried again. */
export interface OpenedMedium {
  readonly medium: SelfHealingMedium;
  /** The original's words about it, for ha-log at level info. */
  readonly lines: readonly string[];
  readonly problem: string | undefined;
}

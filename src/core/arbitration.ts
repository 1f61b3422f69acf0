import type { Duration } from "./time.js";

/**
 * What besides silence a takeover needs, and what besides its own life a holder needs. Everything here is off in a configuration without these
 * directives, except the question who answers for an address: it costs nothing and is wrong about nothing.
 */
export interface ArbitrationSettings {
  /** An arbiter (witness, disk, etcd) is configured and grants leases for this long; `undefined`: there is none. */
  readonly leaseTime: Duration | undefined;
  /** By how much the clocks of two machines may run apart, as a share: 0.001 is a millisecond in a second. */
  readonly clockDrift: number;
  /** Before a takeover on silence the segment is asked who has the address; who answers is not dead. */
  readonly askAddress: boolean;
  /** Who reaches no ping node takes nothing, and gives up what it holds when no peer confirms to hear it. */
  readonly pingQuorum: boolean;
  /** There is a watchdog that can reset this machine when what it has lost the right to will not stop. */
  readonly selfFence: boolean;
}

/** A cluster whose only means is silence. */
export const noArbitration: ArbitrationSettings = {
  leaseTime: undefined,
  clockDrift: 0.001,
  askAddress: false,
  pingQuorum: false,
  selfFence: false,
};

/**
 * What a node needs before it takes a group from a silent one:
 * - `takeover-on-silence`: the silence itself, heartbeat's own rule. Safe against crash, hang and stop; not against a cut of every link.
 * - `fence-first`: the silent node has been reset, or an operator vouches for it.
 * - `lease`: the arbiter's lease of the group. A holder without one holds on while every peer confirms to hear it, and no longer.
 * - `manual`: an operator's word.
 */
export type TakeoverPolicy = "takeover-on-silence" | "fence-first" | "lease" | "manual";

/** @returns whether a node must know by when its peers hear it: only then the marks for it are worth their bytes. */
export function needsConfirmation({
  leaseTime,
  pingQuorum,
}: Pick<ArbitrationSettings, "leaseTime" | "pingQuorum">): boolean {
  return leaseTime !== undefined || pingQuorum;
}

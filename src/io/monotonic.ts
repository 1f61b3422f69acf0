import { type Instant, instant } from "../core/time.js";

/**
 * `performance.now()` counts from the start of its process. Instants of ours count from the start of the machine (CLOCK_MONOTONIC, as
 * Node's high-resolution time has it), so that one daemon can pass its deadlines on to another.
 */
const processStart = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** @returns this instant on the machine's monotonic clock. */
export const monotonicNow = (): Instant => instant(processStart + performance.now());

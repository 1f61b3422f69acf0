/**
 * The lab's one clock: milliseconds of CLOCK_MONOTONIC. Network namespaces share it with the host, so an instant noted in a test and one
 * reported by the probe can be subtracted from each other.
 */
export type Moment = number;

/** Now, to the microsecond. */
export const now = (): Moment => Number(process.hrtime.bigint()) / 1e6;

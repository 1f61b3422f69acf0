/**
 * What `heartbeat <verb>` says to a script. The compatibility tools have the original's codes instead (`cl-status/codes.ts`,
 * `hb-tool.ts`); where both could apply the numbers agree: 3 is "not running", 4 is "not allowed".
 */
export const exitCodes = {
  /** Done, and the cluster is as asked for. */
  completed: 0,
  /** The daemon (or a check) said no, and why; nothing was changed. Also: `check` found errors. */
  refused: 1,
  /** Begun, but not finished within `--timeout`; it may still finish. */
  timedOut: 2,
  /** There is no daemon on this host. */
  notRunning: 3,
  /** The daemon is there but this user may not speak to it. */
  notPermitted: 4,
  /** Begun, and it went wrong. */
  failed: 5,
  /** The command line makes no sense (EX_USAGE of sysexits). */
  usage: 64,
} as const;

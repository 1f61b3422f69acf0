import { join, sep } from "node:path";

/**
 * Where everything lives. By default the places that heartbeat 3.0.6 used; `HEARTBEAT_ROOT` (or `--root`) puts one
 * directory before all of them, so that several nodes can live on one machine; `HA_DIR` moves only the configuration.
 */
export interface Paths {
  /** Empty for the real system, else an absolute directory without a slash at its end. */
  readonly root: string;
  readonly confDir: string;
  readonly haCf: string;
  readonly authkeys: string;
  readonly haresources: string;
  readonly resourceDir: string;
  readonly rcDir: string;
  /** The program through which the hooks in rcDir are run. */
  readonly harc: string;
  /** LSB scripts. */
  readonly initDir: string;
  readonly ocfRoot: string;
  readonly libexecDir: string;
  readonly shareDir: string;
  readonly docDir: string;
  readonly varDir: string;
  readonly generation: string;
  readonly uuid: string;
  readonly fifo: string;
  /** Working directories, one per user. */
  readonly coresDir: string;
  readonly runDir: string;
  readonly pidFile: string;
  /** Held by the master control process as long as it lives; its number is in it. */
  readonly masterLock: string;
  /** Held by the daemon as long as it lives: a second one must never beat beside it. */
  readonly daemonLock: string;
  /** Locked by the process that writes leases to a disk. */
  readonly diskLock: string;
  /** Operators and tools ask here. */
  readonly controlSocket: string;
  /** The original's clients ask here. */
  readonly clientSocket: string;
  /** The daemon speaks with the script runner here. */
  readonly runnerSocket: string;
  /** Children of the runner that must not outlive it. */
  readonly childLedger: string;
  /** Keys of the clusters that this machine is a witness for. */
  readonly witnessKeys: string;
  /** A witness shows its leases here. */
  readonly witnessSocket: string;
  readonly logDir: string;
  /** @returns `path` (as a configuration file has it) beneath the root; unchanged when it is there already. */
  place(path: string): string;
}

/** What decides the places; absent members mean the real system. */
export interface PathOptions {
  readonly root?: string | undefined;
  readonly confDir?: string | undefined;
}

/** @returns the options that the environment gives: `HEARTBEAT_ROOT` and `HA_DIR`. */
export function pathOptionsFrom(environment: NodeJS.ProcessEnv): PathOptions {
  const { HEARTBEAT_ROOT, HA_DIR } = environment;
  return { root: HEARTBEAT_ROOT || undefined, confDir: HA_DIR || undefined };
}

/** @returns every place, made from the options; nothing is looked at or created. */
export function resolvePaths(options: PathOptions = {}): Paths {
  const root = withoutTrailingSlash(options.root ?? "");
  const place = (path: string): string =>
    root === "" || path === root || path.startsWith(root + sep) ? path : join(root, path);
  const confDir = withoutTrailingSlash(options.confDir ?? place("/etc/ha.d"));
  return { root, place, ...configurationPaths(confDir), ...systemPaths(place), ...statePaths(place) };
}

const configurationPaths = (confDir: string) => ({
  confDir,
  haCf: join(confDir, "ha.cf"),
  authkeys: join(confDir, "authkeys"),
  haresources: join(confDir, "haresources"),
  resourceDir: join(confDir, "resource.d"),
  rcDir: join(confDir, "rc.d"),
  harc: join(confDir, "harc"),
  witnessKeys: join(confDir, "witness.d"),
});

const systemPaths = (place: (path: string) => string) => ({
  initDir: place("/etc/init.d"),
  ocfRoot: place("/usr/lib/ocf"),
  libexecDir: place("/usr/libexec/heartbeat"),
  shareDir: place("/usr/share/heartbeat"),
  docDir: place("/usr/share/doc/heartbeat"),
});

const statePaths = (place: (path: string) => string) => ({
  varDir: place("/var/lib/heartbeat"),
  generation: place("/var/lib/heartbeat/hb_generation"),
  uuid: place("/var/lib/heartbeat/hb_uuid"),
  fifo: place("/var/lib/heartbeat/fifo"),
  coresDir: place("/var/lib/heartbeat/cores"),
  runDir: place("/run/heartbeat"),
  pidFile: place("/run/heartbeat.pid"),
  masterLock: place("/run/heartbeat/lock"),
  daemonLock: place("/run/heartbeat/daemon-lock"),
  diskLock: place("/run/heartbeat/disk-lock"),
  controlSocket: place("/run/heartbeat/control"),
  clientSocket: place("/run/heartbeat/register"),
  runnerSocket: place("/run/heartbeat/runner"),
  childLedger: place("/run/heartbeat/children"),
  witnessSocket: place("/run/heartbeat-witness/status"),
  logDir: place("/var/log"),
});

const withoutTrailingSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, "") : path);

import type { Settings } from "../core/settings.js";
import type { Duration } from "../core/time.js";

/** The three files, checked and made explicit: nothing later asks "was it given?". */
export interface Config {
  /** What the core sees. */
  readonly settings: Settings;
  readonly media: readonly MediumConfig[];
  readonly pings: readonly PingConfig[];
  readonly keys: Keys;
  /** Use a stronger digest than authkeys names once every peer has announced that it can (our own directive `strong_auth`). */
  readonly strongAuth: boolean;
  /** `classic`: messages carry the inner `auth` field; `netstring`: they do not (wire.md 2.3). */
  readonly messageFormat: "classic" | "netstring";
  readonly logging: Logging;
  readonly respawn: readonly Respawn[];
  /** Who may sign on under which client name: the `apiauth` lines over the original's defaults. */
  readonly clientAuth: ReadonlyMap<string, ClientAuth>;
  /** In the order of the file. Lines of `stonith_host` for other nodes than this one are left out. */
  readonly stonith: readonly StonithConfig[];
  /** What keeps two nodes from holding one group when they cannot hear each other. */
  readonly arbiter: ArbiterConfig | undefined;
  /** Path of the watchdog device. */
  readonly watchdog: string | undefined;
  readonly coredumps: Coredumps;
  /** Where a new generation comes from: the former one + 1, or the clock. */
  readonly generationMethod: "file" | "time";
  /** Where the uuid comes from: `hb_uuid`, or the node's name. */
  readonly uuidFrom: "file" | "nodename";
  readonly compression: Compression;
  /** KiB that are had in memory before the first heartbeat. */
  readonly memoryReserve: number;
  /** `env NAME=value`, by NAME; exported as `HA_NAME`. */
  readonly environment: ReadonlyMap<string, string>;
  /** Name of the cluster, for people. */
  readonly cluster: string;
  /** Who sets the addresses of haresources (our own directive `address_agent`): with `script` they are script resources. */
  readonly addressAgent: "builtin" | "script";
  /** What the kernel shall do when no process of ours lives (our own directive `dead_man`). */
  readonly deadMan: "on" | "lifetime" | "off";
  readonly groups: readonly GroupConfig[];
  /** Commands that tell whether a resource still runs, by its text; of all others their script's `status` does. */
  readonly monitors: ReadonlyMap<string, readonly string[]>;
  /** Wish for a real-time priority (SCHED_FIFO), 1 to 99; `undefined`: `realtime off`. */
  readonly realtimePriority: number | undefined;
  /** Every single-valued directive as written, and the computed defaults as the original prints them: `HA_<name>` for scripts, `cl_status hbparameter`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One heartbeat medium, in the order of the file. */
export type MediumConfig = NetworkMedium | SerialMedium;

/** A tty; `device` is its path, `baud` its speed in bits per second. */
export interface SerialMedium {
  readonly kind: "serial";
  readonly device: string;
  readonly baud: number;
}

/** `device` is the interface. */
export type NetworkMedium =
  | { readonly kind: "ucast" | "ucast6"; readonly device: string; readonly address: string; readonly port: number }
  | { readonly kind: "bcast"; readonly device: string; readonly port: number }
  | {
      readonly kind: "mcast" | "mcast6";
      readonly device: string;
      readonly group: string;
      readonly port: number;
      readonly ttl: number;
      readonly loop: boolean;
    };

/** @returns whether the medium is one of the network; narrows its type. */
export const isNetwork = (medium: MediumConfig): medium is NetworkMedium => medium.kind !== "serial";

/** A ping node (`ping`, `ping6`) or a ping group; `hosts` are numeric addresses of either family after the check. */
export interface PingConfig {
  readonly name: string;
  readonly kind: "ping" | "ping_group";
  readonly hosts: readonly string[];
}

/** authkeys: numbered methods, one of them for sending. */
export interface Keys {
  readonly sendIndex: number;
  readonly byIndex: ReadonlyMap<number, Key>;
}
export interface Key {
  readonly index: number;
  readonly method: "crc" | "md5" | "sha1" | "hmac-sha256";
  /** The word from authkeys as bytes; empty for crc. */
  readonly secret: Uint8Array;
}

export interface Logging {
  readonly logfile: string | undefined;
  readonly debugfile: string | undefined;
  /** syslog facility name; `undefined`: no syslog. */
  readonly facility: string | undefined;
  readonly debugLevel: number;
  /** The logging daemon of cluster-glue, ha_logd. */
  readonly logd: Logd;
  /** Form of file lines (operations.md 6). */
  readonly syslogFormat: boolean;
  /** Complain about packets that cannot be read or verified. */
  readonly logBadPackets: boolean;
  /** Structured journal (JSON lines), our own directive `journal`; default /var/log/heartbeat.jsonl. */
  readonly journal: string | undefined;
}

export interface Logd {
  /** Whether lines are to go there; when it cannot be reached, they are written as without it. */
  readonly use: boolean;
  /** Pause between two attempts to reach it. */
  readonly connectTime: Duration;
}

export interface Coredumps {
  readonly allowed: boolean;
  /** Directory above the working directories, one per user. */
  readonly root: string;
}

export interface Compression {
  readonly plugin: "zlib" | "bz2";
  /** KiB. */
  readonly threshold: number;
  readonly traditional: boolean;
}

/** Names as written, numeric ones as text; either list is enough. */
export interface ClientAuth {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** A `stonith` line (parameters in a file), or a `stonith_host` line for this node: `host` is its name, or `*`. */
export type StonithConfig =
  | { readonly kind: "file"; readonly type: string; readonly file: string }
  | { readonly kind: "host"; readonly host: string; readonly type: string; readonly params: readonly string[] };

/** A client that is started with the daemon: a `respawn` line, or a `failfast` line. */
export interface Respawn {
  readonly user: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What its unexpected end leads to: `reboot` for `failfast`. */
  readonly onDeath: "restart" | "reboot";
  /** The line names a program called ipfail, and ours is wanted (our own directive `builtin_ipfail`, on by default). */
  readonly builtIn: "ipfail" | undefined;
}

/** A haresources line with its resources understood; same order as `settings.groups`. */
export interface GroupConfig {
  readonly name: string;
  readonly owner: string;
  readonly resources: readonly ResourceConfig[];
}

export type ResourceConfig =
  | {
      readonly kind: "address";
      readonly text: string;
      readonly agent: "IPaddr" | "IPaddr2" | "IPv6addr";
      readonly address: AddressConfig;
    }
  | { readonly kind: "script"; readonly text: string; readonly script: string; readonly args: readonly string[] };

/** Field for field what `ports/addresses.ts` calls a VirtualAddress (`config/` may not import it). */
export interface AddressConfig {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  readonly prefix: number | undefined;
  readonly device: string | undefined;
  readonly label: string | undefined;
  readonly wantsLabel: boolean;
  readonly broadcast: string | undefined;
}

/** A witness on a third machine, by its numeric address, or a disk that all nodes reach. */
export type ArbiterConfig =
  | { readonly kind: "witness"; readonly address: string; readonly port: number }
  | { readonly kind: "disk"; readonly path: string };

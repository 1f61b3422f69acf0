/**
 * What can be found out about this machine without changing it: `io/survey` looks, the doctor judges. Only words of both stand here; neither
 * knows of the other.
 */

/** An interface as the kernel and the network managers of the system show it. */
export interface LinkFacts {
  readonly name: string;
  /** Set up by the administrator (`ip link set … up`). */
  readonly up: boolean;
  /** A cable is in and the other end is alive. */
  readonly carrier: boolean;
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
  /** A network manager that puts the addresses of this interface in order, and may take ours away with them. */
  readonly manager: "NetworkManager" | "systemd-networkd" | undefined;
  /** networkd: the file that it was configured by says that foreign addresses stay. */
  readonly keepsForeign: boolean;
}

/** What the name service says about a node's name. */
export interface NameFacts {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface FirewallFacts {
  /** `nft -j list ruleset`, parsed. */
  readonly nft?: unknown;
  /** Texts of `iptables-save` and `ip6tables-save`. */
  readonly iptables?: string | undefined;
  readonly ip6tables?: string | undefined;
}

/** A process that has bound a UDP port in this network namespace. */
export interface PortUser {
  readonly port: number;
  /** `undefined`: it is the kernel's own, or of another process namespace. */
  readonly pid: number | undefined;
  readonly program: string;
  /** The process is a heartbeat: ours, or the original. */
  readonly heartbeat: boolean;
}

export interface ScriptFacts {
  readonly text: string;
  readonly path: string;
  readonly kind: "lsb" | "ocf";
  /** The first line behind `#!`, a carriage return included; `undefined`: there is none (and it is no binary). */
  readonly interpreter: string | undefined;
  /** Whether the program in the first line exists. */
  readonly interpreterFound: boolean;
  readonly binary: boolean;
  readonly worldWritable: boolean;
  readonly ownerIsRoot: boolean;
  /** Commands that it calls and this host does not have. */
  readonly missingCommands: readonly string[];
  /** It would also be started when the machine boots, by this. */
  readonly startsAtBoot: "systemd" | "init" | undefined;
  /** How a call of `status` ended; absent when it was not called. */
  readonly status?: StatusCall | undefined;
}

export type StatusCall =
  | { readonly kind: "exited"; readonly code: number; readonly output: string; readonly noStatusVerb: boolean }
  | { readonly kind: "hung" }
  | { readonly kind: "not-started"; readonly why: string };

/** Who else answers for a service address, and whether this host has it. */
export interface AddressFacts {
  readonly address: string;
  readonly here: boolean;
  /** MACs that claimed it; `undefined`: could not be asked. */
  readonly macs: readonly string[] | undefined;
  /** A file of the system that gives the address to an interface at boot, `path:line`. */
  readonly configuredIn: string | undefined;
}

export interface PlaceFacts {
  readonly fifo: "fifo" | "absent" | "other";
  readonly fifoPath: string;
  readonly pidFile: "running" | "stale" | "none";
  readonly pidPath: string;
  /** Places that a user must be able to enter, and cannot. */
  readonly shut: readonly { readonly path: string; readonly user: string; readonly because: string }[];
  /** The root directory may be written by others than root. */
  readonly rootWritable: boolean;
  readonly disks: readonly { readonly path: string; readonly free: number; readonly writable: boolean }[];
}

export interface AccountFacts {
  user(name: string): boolean;
  group(name: string): boolean;
  /** Whether a program of that name is on the search path. */
  program(name: string): boolean;
}

export interface MachineFacts {
  readonly selinux: "enforcing" | "permissive" | "off";
  /** SELinux domain of the running daemon. */
  readonly domain: string | undefined;
  /** Microseconds per period that real-time processes may run; -1 without limit. */
  readonly realtimeShare: number | undefined;
  readonly clockSource: string | undefined;
  /** The daemon's own scheduling class and limit, when it runs. */
  readonly daemonRealtime: boolean | undefined;
  /** Bytes that the daemon may lock in memory; `undefined`: unknown or without limit. */
  readonly memoryLock: number | undefined;
}

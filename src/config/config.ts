import type { Settings } from "../core/settings.js";

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
  readonly groups: readonly GroupConfig[];
  /** Wish for a real-time priority (SCHED_FIFO), 1 to 99; `undefined`: `realtime off`. */
  readonly realtimePriority: number | undefined;
  /** Every single-valued directive as written, and the computed defaults as the original prints them: `HA_<name>` for scripts, `cl_status hbparameter`. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One heartbeat medium. `device` is the interface. */
export type MediumConfig =
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

/** A ping node or a ping group; `hosts` are numeric addresses after the check. */
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
  /** Form of file lines (operations.md 6). */
  readonly syslogFormat: boolean;
  /** Complain about packets that cannot be read or verified. */
  readonly logBadPackets: boolean;
  /** Structured journal (JSON lines), our own directive `journal`; default /var/log/heartbeat.jsonl. */
  readonly journal: string | undefined;
}

export interface Respawn {
  readonly user: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The line names a program called ipfail: ours is built in. */
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

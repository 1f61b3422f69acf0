import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname } from "node:path";
import { findGroup, findUser } from "./accounts.js";
import { isFencingInstalled } from "./fencing-installed.js";
import type { Paths } from "./paths.js";
import { findScript } from "./script-lookup.js";

/**
 * What this machine is like, for the check of its configuration. Everything here may wait (files, name service): it is found out
 * before the daemon beats, never afterwards.
 */
export interface FoundHostFacts {
  readonly unameNode: string;
  readonly interfaces: readonly InterfaceSeen[];
  readonly scripts: (name: string) => "resource.d" | "init.d" | "ocf" | "not-executable" | "absent";
  readonly users: (name: string) => boolean;
  readonly userGroups: (name: string) => boolean;
  readonly commands: (path: string) => "executable" | "not-executable" | "absent";
  readonly ttys: (path: string) => "tty" | "not-a-tty" | "absent";
  readonly stonithTypes: (type: string) => boolean;
  readonly directories: (path: string) => boolean;
  readonly resolved: ReadonlyMap<string, readonly string[]>;
  readonly clusterPort: number | undefined;
  readonly serviceOfPort: (port: number) => string | undefined;
  readonly directoryEntries: readonly string[];
}

export interface InterfaceSeen {
  readonly name: string;
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
  readonly broadcast: boolean;
}

/** Name service gets this long, in milliseconds, for all names together. */
const nameServiceLimit = 5_000;

/** @param names host names in the files that must become addresses. */
export async function findHostFacts(paths: Paths, names: readonly string[]): Promise<FoundHostFacts> {
  const services = readServices();
  return {
    unameNode: hostname(),
    interfaces: interfacesSeen(),
    scripts: (name) => scriptPlace(name, paths),
    users: (name) => findUser(name) !== undefined,
    userGroups: (name) => findGroup(name) !== undefined,
    commands: (path) => commandAt(paths.place(path)),
    ttys: ttyAt,
    stonithTypes: isFencingInstalled,
    directories: (path) => statSync(paths.place(path), { throwIfNoEntry: false })?.isDirectory() ?? false,
    resolved: await resolveNames(names),
    clusterPort: services.find((service) => service.name === "ha-cluster")?.port,
    serviceOfPort: (port) => services.find((service) => service.port === port)?.name,
    directoryEntries: entriesOf(dirname(paths.haCf)),
  };
}

/** Asked by its kind alone: opening a line would change its signals under whoever uses it now. */
function ttyAt(path: string): "tty" | "not-a-tty" | "absent" {
  try {
    return statSync(path).isCharacterDevice() ? "tty" : "not-a-tty";
  } catch {
    return "absent";
  }
}

/** Interfaces without any address count too: broadcast and multicast need no more than the name. */
function interfacesSeen(): readonly InterfaceSeen[] {
  const withAddresses = networkInterfaces();
  return entriesOf("/sys/class/net").map((name) => ({
    name,
    addresses: (withAddresses[name] ?? []).map(({ address, cidr }) => ({
      address,
      prefix: Number(cidr?.split("/")[1] ?? 32),
    })),
    broadcast: (readFlags(name) & 0x2) !== 0,
  }));
}

function readFlags(name: string): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/flags`, "utf8").trim());
  } catch {
    return 0;
  }
}

function scriptPlace(name: string, paths: Paths): "resource.d" | "init.d" | "ocf" | "not-executable" | "absent" {
  const lookedUp = findScript(name, paths);
  if (lookedUp.found === undefined) return lookedUp.why === "not-found" ? "absent" : "not-executable";
  if (lookedUp.found.kind === "ocf") return "ocf";
  return lookedUp.found.path.startsWith(paths.resourceDir) ? "resource.d" : "init.d";
}

function commandAt(path: string): "executable" | "not-executable" | "absent" {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return "absent";
  return facts.isFile() && (facts.mode & 0o111) !== 0 ? "executable" : "not-executable";
}

/** @returns the addresses of each name; an empty list for one that the name service does not know, or not in time. */
export async function resolveNames(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>(names.map((name) => [name, []]));
  const limit = new Promise<void>((done) => setTimeout(done, nameServiceLimit).unref());
  const all = names.map(async (name) => {
    const addresses = await lookup(name, { all: true }).catch(() => []);
    found.set(
      name,
      addresses.map(({ address }) => address),
    );
  });
  await Promise.race([Promise.all(all), limit]);
  return new Map(found);
}

function readServices(): readonly { readonly name: string; readonly port: number }[] {
  try {
    const lines = readFileSync("/etc/services", "utf8").split("\n");
    return lines.flatMap((line) => {
      const parts = /^([\w-]+)\s+(\d+)\/udp/.exec(line);
      return parts?.[1] === undefined ? [] : [{ name: parts[1], port: Number(parts[2]) }];
    });
  } catch {
    return []; // a host without the database
  }
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

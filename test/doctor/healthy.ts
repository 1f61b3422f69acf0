import type { Snapshot } from "../../src/control/snapshot.js";
import type { Facts } from "../../src/doctor/facts.js";
import type { Subjects } from "../../src/doctor/subjects.js";
import type { LinkFacts, ScriptFacts } from "../../src/ports/survey.js";
import { pair } from "../cli/snapshots.js";

/** A pair on which a doctor has nothing to say; each test breaks it in one place. */

export const ens33: LinkFacts = {
  name: "ens33",
  up: true,
  carrier: true,
  addresses: [{ address: "172.30.106.101", prefix: 24 }],
  manager: undefined,
  keepsForeign: false,
};
export const ens38: LinkFacts = { ...ens33, name: "ens38", addresses: [{ address: "172.30.105.12", prefix: 24 }] };

export const nginx: ScriptFacts = {
  text: "nginx",
  path: "/etc/init.d/nginx",
  kind: "lsb",
  interpreter: "/bin/sh",
  interpreterFound: true,
  binary: false,
  worldWritable: false,
  ownerIsRoot: true,
  missingCommands: [],
  startsAtBoot: undefined,
  status: { kind: "exited", code: 0, output: "nginx is running.\n", noStatusVerb: false },
};

export const subjects: Subjects = {
  self: "master1",
  nodes: ["master1", "master2"],
  media: [
    { kind: "ucast", device: "ens33", port: 694, peer: "172.30.106.102" },
    { kind: "ucast", device: "ens38", port: 694, peer: "172.30.105.13" },
  ],
  addresses: [201, 202].map((number) => ({
    text: `IPaddr::172.30.105.${number}/24/ens38`,
    group: `IPaddr::172.30.105.${number}/24/ens38`,
    family: "ipv4",
    address: `172.30.105.${number}`,
    device: "ens38",
  })),
  scripts: [{ text: "nginx", name: "nginx", args: [] }],
  clientUsers: ["hacluster"],
  apiUsers: [],
  apiGroups: [],
  logFiles: ["/var/log/ha-log"],
  realtime: true,
};

export const snapshot: Snapshot = pair;

export const facts: Facts = {
  links: [ens33, ens38],
  names: [
    { name: "master1", addresses: ["127.0.1.1"] },
    { name: "master2", addresses: ["172.30.106.102"] },
  ],
  sysctl: () => undefined,
  firewall: { nft: { nftables: [] } },
  portUsers: [{ port: 694, pid: 441, program: "heartbeat: daemon", heartbeat: true }],
  scripts: [nginx],
  probes: [
    { address: "172.30.105.201", here: true, macs: [], configuredIn: undefined },
    { address: "172.30.105.202", here: false, macs: ["02:00:00:00:00:02"], configuredIn: undefined },
  ],
  places: {
    fifo: "fifo",
    fifoPath: "/var/lib/heartbeat/fifo",
    pidFile: "running",
    pidPath: "/run/heartbeat.pid",
    shut: [],
    rootWritable: false,
    disks: [{ path: "/var/log", free: 1e9, writable: true }],
  },
  accounts: { user: () => true, group: () => true, program: () => true },
  machine: {
    selinux: "off",
    domain: undefined,
    realtimeShare: 950_000,
    clockSource: "tsc",
    daemonRealtime: true,
    memoryLock: undefined,
  },
  daemon: { kind: "running", first: snapshot, later: snapshot },
  blind: [],
};

/** The facts with another look at the daemon: counters that grew, another peer. */
export function heard(change: Partial<Snapshot>): Pick<Facts, "daemon"> {
  return { daemon: { kind: "running", first: snapshot, later: { ...snapshot, ...change } } };
}

/** `heard` with the peer changed. */
export const peer = (change: Partial<Snapshot["nodes"][number]>): Pick<Facts, "daemon"> =>
  heard({ nodes: snapshot.nodes.map((node) => (node.name === "master2" ? { ...node, ...change } : node)) });

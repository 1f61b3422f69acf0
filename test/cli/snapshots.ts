import type { NodeSnapshot, Snapshot } from "../../src/control/snapshot.js";
import { groupName, linkName, nodeName } from "../../src/core/names.js";

/** Snapshots of the pair that every example of this project uses: master1 asks, master2 is its peer. */

const ens33 = (up: boolean, silence: number | null) => ({ name: linkName("ens33"), up, silence });

export const master1: NodeSnapshot = {
  name: nodeName("master1"),
  type: "normal",
  status: "active",
  self: true,
  liveness: "up",
  silence: null,
  program: "heartbeat-ha 0.1.0",
  links: [ens33(false, null)],
  clients: ["ipfail"],
};
export const master2: NodeSnapshot = {
  name: nodeName("master2"),
  type: "normal",
  status: "active",
  self: false,
  liveness: "up",
  silence: 420,
  program: "heartbeat 3.0.6",
  links: [ens33(true, 420)],
};
export const gateway = (address: string): NodeSnapshot => ({
  name: nodeName(address),
  type: "ping",
  status: "ping",
  self: false,
  liveness: "up",
  silence: 610,
  program: "unknown",
  links: [{ name: linkName(address), up: true, silence: 610 }],
});

export const pair: Snapshot = {
  version: 1,
  node: nodeName("master1"),
  program: "3.0.6 (node: 958e11be8686759f1b99204c17812f2c2633b169)",
  processId: 440,
  uptime: 7_384_000,
  generation: 7,
  phase: "active",
  phaseReason: "",
  nodes: [master1, master2, gateway("172.30.106.101")],
  groups: [
    {
      name: groupName("IPaddr::172.30.105.201/24/ens38"),
      owner: nodeName("master1"),
      resources: ["IPaddr::172.30.105.201/24/ens38", "nginx"],
      state: "held",
      term: 4,
      holder: nodeName("master1"),
      because: "holder-released",
      since: 192_000,
    },
    {
      name: groupName("IPaddr::172.30.105.202/24/ens38"),
      owner: nodeName("master2"),
      resources: ["IPaddr::172.30.105.202/24/ens38"],
      state: "idle",
      term: 3,
      holder: nodeName("master2"),
      because: "holder-alive",
      since: 7_380_000,
    },
  ],
  holds: "local",
  counters: { "bad-mac": 0, replayed: 0 },
  alerts: [],
  parameters: {
    keepalive: "1",
    deadtime: "5",
    warntime: "3",
    initdead: "10",
    deadping: "5000ms",
    auto_failback: "on",
    logfile: "/var/log/ha-log",
    baud: "19200",
    udpport: "694",
    realtime: "true",
    msgfmt: "classic",
    hopfudge: "1",
    cluster: "linux-ha",
  },
  timing: { keepalive: 1000, warntime: 3000, deadtime: 5000, initdead: 10_000 },
};

/** The same node after its peer and the gateway fell silent. */
export const survivor: Snapshot = {
  ...pair,
  holds: "all",
  nodes: pair.nodes.map((node) =>
    node.self
      ? node
      : {
          ...node,
          status: "dead",
          liveness: "dead",
          silence: 65_000,
          links: node.links.map((link) => ({ ...link, up: false, silence: 65_000 })),
        },
  ),
  groups: pair.groups.map((group) => ({
    ...group,
    state: "held",
    term: group.term + 1,
    holder: nodeName("master1"),
    because: group.owner === "master1" ? group.because : "holder-silent",
    since: group.owner === "master1" ? group.since : 60_000,
  })),
  alerts: ["master2 is dead: nobody else can take over what this node holds"],
};

/** A daemon that waits for its peer. */
export const starting: Snapshot = {
  ...pair,
  phase: "starting",
  phaseReason: "waiting for master2, never heard",
  phaseRemaining: 7_200,
  uptime: 2_800,
  holds: "none",
  nodes: pair.nodes.map((node) =>
    node.name === "master2"
      ? {
          ...node,
          status: "init",
          liveness: "unseen",
          silence: null,
          program: "unknown",
          links: node.links.map((link) => ({ ...link, up: false, silence: null })),
        }
      : node.self
        ? { ...node, status: "up" }
        : node,
  ),
  groups: pair.groups.map((group) => ({
    ...group,
    state: "idle",
    holder: null,
    because: "not-yet-clear",
    since: null,
  })),
};

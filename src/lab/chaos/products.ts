/**
 * Who is put through the rounds: ours, the original, keepalived. Each gets the same two machines, the same two addresses with an owner each, and the
 * fastest timing that its own documentation and its behaviour on this machine allow.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../child.js";
import type { DaemonPlan } from "../daemons.js";
import type { HostProcess } from "../host-processes.js";
import type { Lab, LabOptions } from "../lab.js";
import { fetchOriginal, originalDaemon } from "../original.js";
import { SEED_ADDRESSES, seedFiles } from "../seed.js";
import { checkout } from "../tree.js";
import { ask } from "./control.js";
import { ARBITER_KINDS, KINDS, type Kind, type NodeName } from "./menu.js";

export interface Product {
  readonly name: "ours" | "original" | "keepalived";
  /** What decides that a silent peer's addresses may be taken. */
  readonly config: string;
  /** Whether it promises that never two hold, whatever is cut. */
  readonly arbiter: boolean;
  readonly lab: LabOptions;
  /** Done once, before the nodes start. */
  readonly prepare?: (lab: Lab) => Promise<void>;
  /** What of the menu can be done to it. */
  readonly kinds: readonly Kind[];
  /** The cards that its heartbeats use. */
  readonly links: readonly ("ens33" | "ens38")[];
  /** All times of a round are multiplied by this. */
  readonly stretch: number;
  /** Longest time without an answer while a healthy node is there, in milliseconds. */
  readonly bound: number;
  /** Milliseconds for coming to rest after everything is healed. */
  readonly patience: number;
  /** Whether a process is the product's. */
  readonly isPart: (process: HostProcess) => boolean;
  /** The processes that beat. */
  readonly beating: (parts: readonly HostProcess[]) => readonly HostProcess[];
  /** Whether nothing moves any more, as far as it tells. */
  readonly atRest: (lab: Lab) => Promise<boolean>;
  readonly move: (lab: Lab, node: NodeName, what: "standby" | "takeover" | "home") => Promise<void>;
}

const [FIRST, SECOND] = SEED_ADDRESSES;
const IPFAIL = "respawn hacluster /usr/libexec/heartbeat/ipfail";
/** Both nodes' lines in both files: the own address is left out. */
const SERVICE_LINKS = ["ucast ens38 172.30.105.12", "ucast ens38 172.30.105.13"];

/** A build elsewhere on this machine may run at the lowest real-time priority: a machine of its own has none that it would have to share with. */
const PRIORITY = 6;

/** Ours with nothing but heartbeats over both cards and the gateway as ping node; the service LAN is asked for an address, as it is by default. */
export function ours(config = "ask-address", extra: readonly string[] = []): Product {
  const timing = { keepalive: "20ms", deadtime: "100ms", warntime: "60ms", initdead: "1" };
  return {
    name: "ours",
    config,
    arbiter: false,
    lab: {
      files: seedFiles({
        ...timing,
        extra: [...SERVICE_LINKS, "deadping 300ms", `rtprio ${PRIORITY}`, IPFAIL, ...extra],
      }),
    },
    kinds: KINDS.filter((kind) => !ARBITER_KINDS.includes(kind)),
    links: ["ens33", "ens38"],
    stretch: 1,
    bound: 600,
    patience: 12_000,
    isPart: ({ command }) => /^heartbeat/.test(command),
    beating: (parts) => parts.filter(({ command }) => /^heartbeat: daemon/.test(command)),
    atRest: async (lab) => (await Promise.all(lab.nodes.map(({ pid }) => isAtRest(pid)))).every(Boolean),
    move: async (lab, node, what) => {
      const { pid } = lab.node(node);
      const verb = what === "standby" ? "standby" : "takeover";
      await ask(pid, { verb, what: what === "home" ? "local" : "all" });
    },
  };
}

async function isAtRest(pid: number): Promise<boolean> {
  const answer = await ask(pid, { verb: "status" });
  if (answer?.kind !== "snapshot") return false;
  const { phase, nodes, groups } = answer.snapshot;
  const up = nodes.every((node) => node.self || (node.liveness === "up" && node.links.every((link) => link.up)));
  return phase === "active" && up && groups.every(({ state }) => state === "held" || state === "idle");
}

/** Debian's heartbeat 3.0.6 with the shortest times that it stands on a busy machine. It has no reload that keeps what it holds. */
export async function original(): Promise<Product> {
  const fetched = await fetchOriginal();
  if (fetched.kind === "unavailable") throw new Error(fetched.reason);
  const timing = { keepalive: "300ms", deadtime: "3", warntime: "1500ms", initdead: "10" };
  return {
    name: "original",
    config: "none",
    arbiter: false,
    lab: {
      files: seedFiles({ ...timing, extra: [...SERVICE_LINKS, IPFAIL] }),
      daemon: originalDaemon(fetched),
    },
    kinds: KINDS.filter((kind) => kind !== "reload" && !ARBITER_KINDS.includes(kind)),
    links: ["ens33", "ens38"],
    stretch: 12,
    bound: 12_000,
    patience: 90_000,
    isPart: ({ command }) => /heartbeat|ipfail/.test(command),
    beating: (parts) => parts.filter(({ command }) => /^heartbeat: master control process/.test(command)),
    atRest: async (lab) => {
      const words = await Promise.all(lab.nodes.map((node) => node.run("cl_status rscstatus")));
      return words.every(({ code, stdout }) => code === 0 && /all|local|foreign|none/.test(stdout));
    },
    move: async (lab, name, what) => {
      const node = lab.node(name);
      const { standby, takeover } = node.daemon;
      await node.run(what === "standby" ? standby : what === "takeover" ? takeover : `${takeover} local`);
    },
  };
}

const KEEPALIVED = join(checkout, ".cache/keepalived");

/** Debian's keepalived: VRRP version 3 at its shortest interval, real-time priority, one instance per address; an instance has one link only. */
export async function keepalived(): Promise<Product> {
  if (!existsSync(join(KEEPALIVED, "complete"))) {
    const { code, stderr } = await run([join(checkout, "scripts/keepalived.sh")], { timeout: 300_000 });
    if (code !== 0) throw new Error(`keepalived cannot be fetched: ${stderr.trim().slice(-300)}`);
  }
  const none = { haCf: "", authkeys: "", haresources: "" };
  const files = (node: NodeName) => ({ ...none, extra: { "/etc/keepalived/keepalived.conf": vrrp(node) } });
  const nothing: readonly Kind[] = ["standby", "takeover", "reload", ...ARBITER_KINDS];
  return {
    name: "keepalived",
    config: "none",
    arbiter: false,
    lab: { files: { master1: files("master1"), master2: files("master2") }, daemon: keepalivedDaemon() },
    kinds: KINDS.filter((kind) => !nothing.includes(kind)),
    links: ["ens38"],
    stretch: 1,
    bound: 600,
    patience: 15_000,
    isPart: ({ command }) => /keepalived/.test(command),
    beating: (parts) => parts.filter((one) => parts.some((parent) => parent.pid === one.parent)),
    atRest: async () => true,
    move: async () => undefined,
  };
}

/** Real-time priority, memory locked, and no respawn limit: what its manual offers for short intervals. */
function vrrp(node: NodeName): string {
  const instance = (name: string, id: number, address: string, owner: NodeName): string =>
    `vrrp_instance ${name} {
  state BACKUP
  interface ens38
  virtual_router_id ${id}
  priority ${node === owner ? 150 : 100}
  advert_int 0.01
  garp_master_delay 1
  garp_master_refresh 1
  virtual_ipaddress { ${address}/24 dev ens38 }
}
`;
  return `global_defs {
  router_id ${node}
  vrrp_version 3
  vrrp_rt_priority 1
  vrrp_no_swap
  vrrp_garp_master_repeat 5
  max_auto_priority -1
}
${instance("first", 51, FIRST, "master1")}${instance("second", 52, SECOND, "master2")}`;
}

function keepalivedDaemon(): DaemonPlan {
  const pid = "/run/keepalived.pid";
  return {
    name: "keepalived",
    start: `setsid keepalived -D -f /etc/keepalived/keepalived.conf >>/var/log/keepalived.out 2>&1 </dev/null`,
    stop: `p=$(cat ${pid}); kill $p; n=0; while kill -0 $p 2>/dev/null && [ $n -lt 100 ]; do n=$((n+1)); sleep 0.05; done`,
    standby: "false",
    takeover: "false",
    status: `kill -0 $(cat ${pid})`,
    reload: `kill -HUP $(cat ${pid})`,
    pidFile: pid,
    find: (running, text) => running.filter((one) => one.pid === Number(text)).map((one) => one.pid),
    configuration: "/etc/unused",
    packages: [join(KEEPALIVED, "root")],
  };
}

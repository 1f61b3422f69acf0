/** How each item of the menu is done to a stage, and undone. */
import { cpus } from "node:os";
import { run } from "../child.js";
import { processesOf, signalAll } from "../host-processes.js";
import { type Moment, now } from "../moment.js";
import type { PortFault } from "../wires.js";
import { startWitness } from "./arbiters.js";
import type { Fault, Kind, NodeName } from "./menu.js";

import { cutPower, partsOf, pidsOf, revive, type Stage } from "./stage.js";

/** Begins; returns the instant from which the fault is felt. `end` repairs it. */
interface Deed {
  readonly begin: (stage: Stage, fault: Fault) => Promise<Moment>;
  readonly end?: (stage: Stage, fault: Fault) => Promise<unknown>;
}

const other = (name: NodeName): NodeName => (name === "master1" ? "master2" : "master1");

/** At once, for everybody: who still runs when the first one dies, such as a guardian, must not have the time to act. */
const killAll: Deed = {
  begin: async (stage, { node }) => {
    const pids = pidsOf(partsOf(stage, node));
    signalAll(pids, "SIGSTOP");
    return signalAll(pids, "SIGKILL");
  },
};

const signalling = (all: boolean, signal: NodeJS.Signals, undo?: NodeJS.Signals): Deed => {
  const send = (stage: Stage, name: NodeName, what: NodeJS.Signals): Moment => {
    const parts = partsOf(stage, name);
    return signalAll(pidsOf(all ? parts : stage.product.beating(parts)), what);
  };
  return {
    begin: async (stage, { node }) => send(stage, node, signal),
    ...(undo === undefined ? {} : { end: async (stage, { node }) => send(stage, node, undo) }),
  };
};

/** What passes between the node and its peer, or the witness, on the service LAN, or everything on a card. */
type Cable = "heartbeat" | "between" | "witness" | "service";

function faultsOf(
  { node, direction }: Pick<Fault, "node" | "direction">,
  cables: readonly Cable[],
  percent = 100,
): readonly PortFault[] {
  return cables.map((cable) => ({
    machine: node,
    card: cable === "heartbeat" ? "ens33" : "ens38",
    direction: direction ?? "both",
    percent,
    ...(cable === "between" ? { peer: other(node) } : cable === "witness" ? { peer: "witness" } : {}),
  }));
}

/** Faults at the switches, all at the same instant; the end repairs all switches, so two that overlap in one round end with the first one's end. */
const cutting = (...cables: readonly Cable[]): Deed => ({
  begin: async ({ lab }, fault) => {
    const at = now();
    await lab.wires.disturb(...faultsOf(fault, cables));
    return at;
  },
  end: ({ lab }) => lab.heal(),
});

/** A paused virtual machine: not heard from one instant to the next, and heard again when it runs again; its cards keep their carrier. */
const pausing: Deed = {
  begin: async (stage, { node }) => {
    await stage.lab.wires.disturb(...faultsOf({ node }, ["heartbeat", "service"]));
    return signalAll(pidsOf(partsOf(stage, node)), "SIGSTOP");
  },
  end: async (stage, { node }) => {
    await stage.lab.wires.healAnd(`kill -CONT ${pidsOf(partsOf(stage, node)).join(" ")} || true`);
  },
};

const wishing = (what: "standby" | "takeover"): Deed => ({
  begin: async ({ lab, product }, { node }) => {
    const at = now();
    await product.move(lab, node, what);
    return at;
  },
});

async function lose({ lab }: Stage, { node, percent = 30 }: Fault): Promise<Moment> {
  await lab.wires.disturb(...faultsOf({ node }, ["heartbeat", "between"], percent));
  return now();
}

/** Busy loops that end by themselves. */
async function load(stage: Stage, { node, lasts }: Fault): Promise<Moment> {
  const seconds = ((lasts * stage.product.stretch) / 1_000).toFixed(2);
  for (let i = 0; i < cpus().length * 2; i += 1)
    stage.lab.node(node).spawn(["timeout", "-s", "KILL", seconds, "sh", "-c", "while :; do :; done"]);
  return now();
}

/**
 * All processes of the product may run on the last core only, and a real-time process of a higher priority takes it. On a machine of its own this
 * would be full load on all cores; here the peer and the client need the other one.
 */
async function starve(stage: Stage, { node, lasts }: Fault): Promise<Moment> {
  const core = String(cpus().length - 1);
  const pids = pidsOf(partsOf(stage, node));
  if (pids.length === 0) return now();
  // Whatever was started meanwhile has inherited it.
  const release = (): Promise<unknown> => bind(pidsOf(partsOf(stage, node)), `0-${core}`);
  stage.cleanups.push(release);
  await bind(pids, core);
  const seconds = ((lasts * stage.product.stretch) / 1_000).toFixed(2);
  // The watchman has the higher priority: it ends the loop even on the core that the loop has taken.
  const loop = `exec taskset -c ${core} chrt -f 10 sh -c 'while :; do :; done'`;
  stage.lab.node(node).spawn(["chrt", "-f", "12", "timeout", "-s", "KILL", seconds, "sh", "-c", loop]);
  return now();
}

async function bind(pids: readonly number[], cores: string): Promise<void> {
  await Promise.all(pids.map((pid) => run(["taskset", "-apc", cores, String(pid)])));
}

/** With whoever brought it into its machine: `nsenter` stops with its child and does not go on by itself. */
const toWitness = ({ lab }: Stage, signal: NodeJS.Signals): Moment => {
  const parts = processesOf(lab.machine("witness").pid, true);
  return signalAll([...pidsOf(parts), ...(signal === "SIGCONT" ? parts.map((one) => one.parent) : [])], signal);
};

const losingTheWitness: Deed = {
  begin: async (stage) => toWitness(stage, "SIGKILL"),
  end: ({ lab }) => startWitness(lab),
};

const hangingDisk = (stage: Stage, name: NodeName, signal: NodeJS.Signals): Moment =>
  signalAll(pidsOf(partsOf(stage, name).filter(({ command }) => DISK_PROCESS.test(command))), signal);

const DISK_PROCESS = /^heartbeat: disk/;

export const deeds: Readonly<Record<Kind, Deed>> = {
  crash: {
    begin: (stage, { node }) => cutPower(stage, node),
    end: (stage, { node }) => revive(stage, node),
  },
  "kill-daemon": signalling(false, "SIGKILL"),
  "kill-all": killAll,
  "stop-daemon": signalling(false, "SIGSTOP", "SIGCONT"),
  "stop-all": signalling(true, "SIGSTOP", "SIGCONT"),
  pause: pausing,
  busy: { begin: load },
  starve: { begin: starve },
  "cut-heartbeat": cutting("heartbeat"),
  "cut-between": cutting("between"),
  "cut-every-link": cutting("heartbeat", "between"),
  "cut-service": cutting("service"),
  "unplug-service": {
    begin: async ({ lab }, { node }) => {
      await lab.cut(`${node}:ens38`, { unplug: true });
      return now();
    },
    end: ({ lab }) => lab.heal(),
  },
  isolate: cutting("heartbeat", "service"),
  loss: { begin: lose, end: ({ lab }) => lab.heal() },
  restart: {
    begin: async ({ lab }, { node }) => {
      const at = now();
      await lab.node(node).stop(60_000);
      return at;
    },
    end: (stage, { node }) => revive(stage, node),
  },
  "witness-down": losingTheWitness,
  "witness-restart": {
    begin: async (stage) => {
      const at = toWitness(stage, "SIGKILL");
      await startWitness(stage.lab);
      return at;
    },
  },
  "witness-stop": {
    begin: async (stage) => toWitness(stage, "SIGSTOP"),
    end: async (stage) => toWitness(stage, "SIGCONT"),
  },
  "cut-witness": cutting("witness"),
  "disk-stop": {
    begin: async (stage, { node }) => hangingDisk(stage, node, "SIGSTOP"),
    end: async (stage, { node }) => hangingDisk(stage, node, "SIGCONT"),
  },
  standby: wishing("standby"),
  takeover: wishing("takeover"),
  reload: {
    begin: async ({ lab }, { node }) => {
      const at = now();
      await lab.node(node).run(lab.node(node).daemon.reload);
      return at;
    },
  },
};

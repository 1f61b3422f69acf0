/** The lab that the rounds are played in: opened once, used again from round to round, opened anew when a round has left it in disorder. */
import { createInterface } from "node:readline";
import { until } from "../child.js";
import { type HostProcess, hastenAllOn, processesOf, signalAll } from "../host-processes.js";
import { type Lab, openLab } from "../lab.js";
import { type Moment, now } from "../moment.js";
import type { Node } from "../node.js";
import { type ProbeRun, PUNCTUAL } from "../probe-run.js";
import { SEED_ADDRESSES } from "../seed.js";
import { labProgram } from "../tree.js";
import type { NodeName } from "./menu.js";
import type { Product } from "./products.js";

/** The port of the echo service. */
const ECHO_PORT = 7;

export const NAMES: readonly NodeName[] = ["master1", "master2"];

export interface Stage {
  readonly product: Product;
  readonly lab: Lab;
  readonly probe: ProbeRun;
  /** What must be undone after the round: processes bound to a core, and so on. */
  readonly cleanups: (() => Promise<unknown>)[];
  /** Nodes without power. */
  readonly dark: Set<NodeName>;
}

/** Opens the lab, starts the echo service and the product on both nodes and sets the client on watch. */
export async function openStage(product: Product): Promise<Stage> {
  const lab = await openLab(product.lab);
  try {
    await Promise.all(lab.nodes.map(startEcho));
    await product.prepare?.(lab);
    const probe = await lab.probe(SEED_ADDRESSES, { arpPeriod: 1, udpPort: ECHO_PORT, patience: 100 });
    const stage: Stage = { product, lab, probe, cleanups: [], dark: new Set() };
    await Promise.all(NAMES.map((name) => revive(stage, name)));
    return stage;
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** It ends with the machine. */
async function startEcho(node: Node): Promise<void> {
  const args = [...PUNCTUAL, labProgram("echo-main.js"), node.name, String(ECHO_PORT), ...SEED_ADDRESSES];
  const child = node.spawn([process.execPath, ...args]);
  let ready = false;
  let complaint = "";
  if (child.stdout) createInterface({ input: child.stdout }).on("line", () => (ready = true));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  await until(`the echo service of ${node.name}`, 10_000, () => {
    if (child.exitCode !== null) throw new Error(`the echo service of ${node.name} ended: ${complaint}`);
    return ready;
  });
}

/** The product's processes on a node. */
export function partsOf({ lab, product }: Stage, name: NodeName): readonly HostProcess[] {
  return processesOf(lab.node(name).pid).filter(product.isPart);
}

export const pidsOf = (parts: readonly HostProcess[]): readonly number[] => parts.map((one) => one.pid);

/**
 * A power loss as the others see it: the cards go dark, then every process of the product is gone in the same instant. The machine itself is not
 * booted again, which would take longer than everything else in a round; `revive` sees to it that nothing of its memory is left.
 */
export async function cutPower(stage: Stage, name: NodeName): Promise<Moment> {
  await stage.lab.wires.takeOff(name);
  const at = now();
  signalAll(pidsOf(partsOf(stage, name)), "SIGKILL");
  stage.dark.add(name);
  return at;
}

/** What a boot would have found empty: what the product has put into the kernel, and /run. */
async function forget({ lab }: Stage, name: NodeName): Promise<void> {
  const off = SEED_ADDRESSES.map((address) => `ip addr del ${address}/24 dev ens38 2>/dev/null`);
  await lab
    .node(name)
    .run([...off, "nft flush ruleset 2>/dev/null", "find /run -mindepth 1 -delete", "true"].join("; "));
  if (lab.node(name).daemon.prepare) await lab.node(name).run(lab.node(name).daemon.prepare ?? "");
}

/** How long a start and its scripts take on a machine that does other things as well is not what is looked for here. */
export function hastenAll({ lab }: Stage): void {
  const firsts = lab.nodes.map((node) => node.pid);
  hastenAllOn(firsts, strangers);
}

/** One for all stages: the processes of this machine are the same for each. */
const strangers = new Set<number>();

/** Power and product, whatever of it is missing. */
export async function revive(stage: Stage, name: NodeName): Promise<void> {
  const node = stage.lab.node(name);
  if (stage.dark.has(name)) {
    await forget(stage, name);
    await stage.lab.wires.putBack(name);
    stage.dark.delete(name);
  }
  if (partsOf(stage, name).length > 0) return;
  const hurry = setInterval(() => hastenAll(stage), 100);
  // A daemon that is being restarted by its guardian at this very moment is no failure.
  await node
    .start()
    .catch((error: unknown) => {
      if (partsOf(stage, name).length === 0) throw error;
    })
    .finally(() => clearInterval(hurry));
}

/** What the lab tests of our own pair share: its plan with IPv6 and a stranger on the heartbeat wire, its files, its status. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot } from "../../src/control/snapshot.js";
import { until } from "../../src/lab/child.js";
import { type Lab, type LabOptions, openLab } from "../../src/lab/lab.js";
import type { Files } from "../../src/lab/machine.js";
import type { Node, NodeFiles } from "../../src/lab/node.js";
import type { ProbeRun } from "../../src/lab/probe-run.js";
import { SEED_ADDRESSES } from "../../src/lab/seed.js";
import { type MachinePlan, seedTopology, type Topology } from "../../src/lab/topology.js";

export const [FIRST, SECOND] = SEED_ADDRESSES;
export const NAMES = ["master1", "master2"] as const;
export type Name = (typeof NAMES)[number];
export const other = (name: Name): Name => (name === "master1" ? "master2" : "master1");

/** Last number of each node's addresses: on ens33 (101, 102) and on ens38 (12, 13). */
export const NUMBER: Readonly<Record<Name, { readonly ens33: number; readonly ens38: number }>> = {
  master1: { ens33: 101, ens38: 12 },
  master2: { ens33: 102, ens38: 13 },
};

export const SECRET = "UMXyx2of32qUezRFevhLsYUW0u6Hz2QnIu8z00ta";
export const STRANGER = "172.30.105.66";

/** The tutorial's plan, with IPv6 on both cards and a machine on the heartbeat wire that has no business there. */
export function pairTopology(): Topology {
  const seed = seedTopology();
  const withSixth = (plan: MachinePlan): MachinePlan => ({
    ...plan,
    interfaces: plan.interfaces.map((card) => {
      const number = card.addresses[0]?.split("/")[0]?.split(".")[3];
      return { ...card, addresses: [...card.addresses, `fd00:${card.name.slice(3)}::${number}/64`] };
    }),
  });
  const stranger: MachinePlan = {
    name: "stranger",
    interfaces: [{ name: "ens33", addresses: [`${STRANGER}/24`] }],
  };
  return {
    ...seed,
    nodes: seed.nodes.map(withSixth),
    client: withSixth(seed.client),
    others: [...(seed.others ?? []), stranger],
  };
}

/** Generous times: a busy machine must not make a daemon look dead. */
export const CALM = { keepalive: "100ms", deadtime: "1500ms", warntime: "700ms", initdead: "4" };

/** What may differ between the pairs of the tests. Times as in ha.cf. */
export interface PairOptions {
  /** Media lines of a node. */
  readonly media?: (node: Name) => readonly string[];
  readonly keepalive?: string;
  readonly deadtime?: string;
  readonly warntime?: string;
  readonly initdead?: string;
  readonly autoFailback?: "on" | "off";
  /** Lines added to ha.cf. */
  readonly lines?: readonly string[];
  readonly authkeys?: string;
  /** Text of haresources; two addresses when left out. */
  readonly haresources?: string;
  readonly extra?: Files;
}

export const ADDRESS = (number: number): string => `IPaddr::172.30.105.${number}/24/ens38`;
const TWO_ADDRESSES = `master1 ${ADDRESS(201)}\nmaster2 ${ADDRESS(202)}\n`;

export const ucast33 = (node: Name): string => `ucast ens33 172.30.105.${NUMBER[other(node)].ens33}`;
export const ucast38 = (node: Name): string => `ucast ens38 172.30.105.${NUMBER[other(node)].ens38}`;

export function pairFiles(options: PairOptions = {}): Readonly<Record<Name, NodeFiles>> {
  const { media = (node) => [ucast33(node)], keepalive = "100ms", deadtime = "1", warntime = "500ms" } = options;
  const haCf = (node: Name): string =>
    [
      "logfile /var/log/ha-log",
      "debugfile /var/log/ha-debug",
      `keepalive ${keepalive}`,
      `deadtime ${deadtime}`,
      `warntime ${warntime}`,
      `initdead ${options.initdead ?? "3"}`,
      "udpport 694",
      ...media(node),
      `auto_failback ${options.autoFailback ?? "on"}`,
      "node master1",
      "node master2",
      "ping 172.30.105.254",
      ...(options.lines ?? []),
      "",
    ].join("\n");
  const files = (node: Name): NodeFiles => ({
    haCf: haCf(node),
    authkeys: options.authkeys ?? `auth 2\n2 sha1 ${SECRET}\n`,
    haresources: options.haresources ?? TWO_ADDRESSES,
    extra: options.extra ?? {},
  });
  return { master1: files("master1"), master2: files("master2") };
}

/** The longest time for which this very process did not run since it was asked last; a machine that stood still proves nothing. */
const stillness = { longest: 0 };
let ticked = performance.now();
setInterval(() => {
  const late = performance.now() - ticked - 50;
  ticked += late + 50;
  stillness.longest = Math.max(stillness.longest, late);
}, 50).unref();

/** Runs the body; once more if it failed while the machine stood still for longer than any deadtime here allows. */
export async function onSteadyMachine(
  body: () => Promise<void>,
  recover = async (): Promise<void> => {},
): Promise<void> {
  stillness.longest = 0;
  try {
    await body();
  } catch (error) {
    if (stillness.longest < 700) throw error;
    console.error(
      `*** the machine stood still for ${stillness.longest.toFixed(0)} ms, so once more after: ${String(error)}`,
    );
    await recover();
    await body();
  }
}

/** Opens a lab for one test and closes it; a failure is told together with what the nodes logged. */
export function inLab(options: LabOptions, body: (lab: Lab) => Promise<void>): Promise<void> {
  return onSteadyMachine(async () => {
    const lab = await openLab(options);
    try {
      await body(lab);
    } catch (error) {
      await tellLogs(lab);
      throw error;
    } finally {
      await lab.close();
    }
  });
}

/** Prints the end of every node's log, for the reader of a failed test. */
export async function tellLogs(lab: Lab): Promise<void> {
  console.log(await lab.lastWords());
}

/** What the daemon of a node shows of itself. */
export async function snapshotOf(node: Node): Promise<Snapshot> {
  const { code, stdout, stderr } = await node.run(`${node.daemon.status} --json`);
  if (code !== 0) throw new Error(`${node.name}: no status: ${stdout}${stderr}`);
  return JSON.parse(stdout) as Snapshot;
}

/** Waits until both nodes are active and each answers for its own address. */
export async function settled(lab: Lab, probe: ProbeRun, timeout = 20_000): Promise<void> {
  await probe.answeredBy(FIRST, "master1", timeout);
  await probe.answeredBy(SECOND, "master2", timeout);
  for (const name of NAMES) await phaseOf(lab.node(name), "active", timeout);
}

/** Starts both and waits until they have settled, under the eyes of a client. */
export async function begin(lab: Lab): Promise<ProbeRun> {
  await lab.start();
  for (const name of NAMES) await phaseOf(lab.node(name), "active", 60_000);
  const probe = await lab.probe([FIRST, SECOND]);
  await settled(lab, probe, 40_000);
  return probe;
}

export const oneHolder = (probe: ProbeRun): void =>
  assert.equal(probe.sawTwoHolders, false, JSON.stringify(probe.twoHolders));

/** The heartbeat link and the service LAN of master1. */
export const cutAll = (lab: Lab): Promise<unknown> => Promise.all([lab.cut("master1:ens38"), lab.cut("master1:ens33")]);

export async function phaseOf(node: Node, phase: Snapshot["phase"], timeout = 20_000): Promise<void> {
  await until(
    `${node.name} to be ${phase}`,
    timeout,
    async () => {
      const snapshot = await snapshotOf(node).catch(() => undefined);
      return snapshot?.phase === phase && snapshot.nodes.every((one) => one.self || one.liveness === "up");
    },
    100,
  );
}

/** The longest gap of an address since an instant, once the client has given up on its last question. */
export async function gapOf(probe: ProbeRun, address: string, since: number): Promise<number> {
  await sleep(500);
  return Math.max(0, ...probe.gapsOf(address, since).map((gap) => gap.length - gap.asleep));
}

/** Lines of the node's log that match. */
export async function linesOf(node: Node, pattern: RegExp): Promise<readonly string[]> {
  return (await node.log()).split("\n").filter((line) => pattern.test(line));
}

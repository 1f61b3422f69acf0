/**
 * The things that happen to a pair of servers, each with the gap that the client saw. The demonstration, the measurements and the lab
 * tests play the same acts.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./child.js";
import type { Lab } from "./lab.js";
import type { Moment } from "./moment.js";
import type { Node } from "./node.js";
import type { ProbeRun } from "./probe-run.js";
import { SEED_ADDRESSES } from "./seed.js";

/** What happened, and what the client noticed of it. */
export interface Act {
  readonly what: string;
  readonly address: string;
  /** The longest time without an answer, in milliseconds; 0: less than the 3 ms that the probe reports. */
  readonly gap: number;
  /** Who answers afterwards. */
  readonly holder: string;
  /** What the web page at the address says afterwards; empty when there is none. */
  readonly page: string;
}

/** A cluster that runs, and a client that watches its addresses. */
export interface Stage {
  readonly lab: Lab;
  readonly probe: ProbeRun;
  /** Whether nginx answers on the first address. */
  readonly web: boolean;
  /** How long any act may take, in milliseconds. */
  readonly patience: number;
}

export const [FIRST, SECOND] = SEED_ADDRESSES;

/** Power loss of a node. The other one must answer for the address. */
export function crash(stage: Stage, victim: Node, address: string, heir: string): Promise<Act> {
  return act(stage, `${victim.name} crashes (power loss)`, address, heir, () => victim.crash());
}

/** Power again; with auto_failback on the address goes home. */
export function comeBack(stage: Stage, node: Node, address: string): Promise<Act> {
  return act(stage, `${node.name} comes back: failback`, address, node.name, () => node.revive());
}

/** A tool of the operator on a node. */
export function useTool(stage: Stage, node: Node, command: string, address: string, heir: string): Promise<Act> {
  const name = command.replaceAll("'", "").split("/").at(-1) ?? command;
  return act(stage, `${name} on ${node.name}`, address, heir, () => must(node, command));
}

/** SIGKILL of the process that beats; its guardian stays and acts. */
export function killBeating(stage: Stage, node: Node, address: string, heir: string): Promise<Act> {
  const deed = async (): Promise<Moment> => node.killDaemon(await beatingDaemon(node));
  return act(stage, `SIGKILL of the daemon on ${node.name} only`, address, heir, deed);
}

/** An orderly stop: everything is handed over. */
export function stopInOrder(stage: Stage, node: Node, address: string, heir: string): Promise<Act> {
  return act(stage, `heartbeat -k on ${node.name} (clean stop)`, address, heir, () => must(node, node.daemon.stop));
}

/** The daemon starts again on a node that has power. */
export function startAgain(stage: Stage, node: Node, address: string): Promise<Act> {
  return act(stage, `heartbeat starts on ${node.name}: failback`, address, node.name, () => node.start());
}

/** Does something to the cluster and waits until the address has the holder that it must have then. */
export async function act(
  stage: Stage,
  what: string,
  address: string,
  holder: string,
  deed: () => Promise<unknown>,
): Promise<Act> {
  const { probe, patience } = stage;
  const before = probe.gaps.length;
  await deed();
  await probe.answeredBy(address, holder, patience);
  const web = stage.web && address === FIRST;
  if (web) await until(`nginx of ${holder}`, patience, async () => (await page(stage.lab)) === holder, 20);
  // A gap is known only after the client has given up on its last question; and what flaps must be seen to flap.
  await sleep(700);
  const gaps = probe.gaps.slice(before).filter((gap) => gap.address === address);
  const gap = Math.max(0, ...gaps.map((one) => one.length));
  return { what, address, gap, holder, page: web ? holder : "" };
}

/** Waits until each node answers for its own address. */
export async function settled(stage: Stage): Promise<void> {
  await stage.probe.answeredBy(FIRST, "master1", stage.patience);
  await stage.probe.answeredBy(SECOND, "master2", stage.patience);
  if (stage.web) await until("nginx on .201", stage.patience, async () => (await page(stage.lab)) === "master1", 50);
}

/** The process that beats: not the one in the pid file, which is its guardian. */
export async function beatingDaemon(node: Node): Promise<readonly number[]> {
  const running = await node.processes();
  const found = running.filter((one) => /heartbeat: daemon/.test(one.command)).map((one) => one.pid);
  const seen = running.map((one) => one.command).join("; ");
  if (found.length === 0) throw new Error(`${node.name}: no daemon is running: ${seen}`);
  return found;
}

async function must(node: Node, command: string): Promise<void> {
  const { code, stdout, stderr } = await node.run(command, { timeout: 120_000 });
  if (code !== 0) throw new Error(`${node.name}: ${command}: exit code ${code}\n${stdout}${stderr}`);
}

/** What a browser at .201 sees: the name of the node. */
export async function page(lab: Lab): Promise<string> {
  const print = "(text) => process.stdout.write(text)";
  const script = `fetch("http://${FIRST}/", { signal: AbortSignal.timeout(1000) }).then((r) => r.text()).then(${print}, () => {})`;
  return (await lab.client.run([process.execPath, "-e", script])).stdout.trim();
}

/** @returns the acts as a table. */
export function table(acts: readonly Act[]): string {
  const rows = acts.map((one) => [one.what, one.address, one.holder, one.page, `${one.gap.toFixed(1)} ms`]);
  const all = [["what happened", "address", "held by then", "page", "longest gap"], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string =>
    column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return all.map((row) => row.map(pad).join("  ")).join("\n");
}

/** The pieces of a mixed pair's life. */

import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./child.js";
import { countTakeovers, unread } from "./compat-stall.js";
import type { Lab } from "./lab.js";
import type { Node } from "./node.js";
import { isOriginal } from "./original.js";
import type { ProbeRun } from "./probe-run.js";
import { CABLE_PORT, SEED_ADDRESSES } from "./seed.js";

/** How the two are set up. */
export interface Pairing {
  readonly medium: "ucast" | "bcast" | "mcast" | "serial";
  readonly format: "classic" | "netstring";
  readonly digest: "crc" | "md5" | "sha1";
  /** The node that runs ours; the original runs on the other one. `nobody`: both run the original, to tell its failures from ours. */
  readonly ours: "master1" | "master2" | "nobody";
  readonly failback: "on" | "off" | "legacy";
}

const [FIRST, SECOND] = SEED_ADDRESSES;
/** On a machine that does other work too, each of the original's scripts takes seconds. */
const patience = 120_000;

/** The pair, and the client that watches it. */
export interface Stage {
  readonly lab: Lab;
  readonly probe: ProbeRun;
  readonly mine: Node;
  readonly theirs: Node;
  readonly pairing: Pairing;
}

/** A piece of a pair's life; fails by throwing. */
export interface Scene {
  readonly name: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** Settings of auto_failback under which it can be played. */
  readonly under: readonly Pairing["failback"][];
  /** While it is cut the original takes what is ours, without asking whether it answers: its own rule. Ours asks and takes nothing. */
  readonly splits?: true;
  /** What it wants of ha.cf beside the pairing; such scenes have a lab of their own. */
  readonly wants?: Wish;
}

/** `ipfail`: the client ipfail and a short deadping; `patience`: a deadtime of many keepalives, as on a link that loses much. */
export type Wish = "ipfail" | "patience";

const [on, all] = [["on"], ["on", "off", "legacy"]] as const;
const moves = ["on", "off"] as const;

/** The scenes in the order in which they are played. */
export const scenes: readonly Scene[] = [
  { name: "start together", under: all, play: startTogether },
  { name: "standby all", under: moves, play: bothWays((stage, node) => standby(stage, node, "all")) },
  { name: "standby local", under: moves, play: bothWays((stage, node) => standby(stage, node, "local")) },
  { name: "standby foreign", under: moves, play: bothWays(standbyForeign) },
  { name: "takeover all", under: moves, play: bothWays(takeoverAll) },
  { name: "crash of the original", under: all, play: (stage) => crash(stage, stage.theirs) },
  { name: "crash of ours", under: all, play: (stage) => crash(stage, stage.mine) },
  { name: "stop of the original", under: all, play: (stage) => stop(stage, stage.theirs) },
  { name: "stop of ours", under: all, play: (stage) => stop(stage, stage.mine) },
  { name: "restart of the original", under: all, play: (stage) => restart(stage, stage.theirs) },
  { name: "restart of ours", under: all, play: (stage) => restart(stage, stage.mine) },
  { name: "cut and heal", under: on, splits: true, play: cutAndHeal },
  { name: "one after the other", under: all, play: oneAfterTheOther },
  { name: "ipfail, the original loses", under: moves, wants: "ipfail", play: (stage) => ipfail(stage, stage.theirs) },
  { name: "ipfail, ours loses", under: moves, wants: "ipfail", play: (stage) => ipfail(stage, stage.mine) },
];

export async function startTogether(stage: Stage): Promise<void> {
  await stage.lab.start();
  await home(stage);
}

/** Each node with its own address, and neither in transition. */
async function home(stage: Stage): Promise<void> {
  await stage.probe.answeredBy(FIRST, "master1", patience);
  await stage.probe.answeredBy(SECOND, "master2", patience);
  await stable(stage);
}

/** After a move that auto_failback does not undo, the owners take back what is theirs. */
async function bringBack(stage: Stage): Promise<void> {
  await stable(stage);
  for (const node of [stage.mine, stage.theirs]) {
    if (await node.holds(ownOf(node))) continue;
    await tool(node, `${node.daemon.takeover} local`);
    await stage.probe.answeredBy(ownOf(node), node.name, patience);
    await stable(stage);
  }
  await home(stage);
}

/** Everything off and on again, for the next scene. */
export async function bringHome(stage: Stage): Promise<void> {
  await stage.lab.heal();
  for (const node of stage.lab.nodes) if (!node.hasPower) await node.powerOn();
  await Promise.all(stage.lab.nodes.map((node) => node.stop(60_000).catch(() => undefined)));
  await stage.lab.start();
  await home(stage);
}

async function stable({ mine, theirs }: Stage): Promise<void> {
  for (const node of [theirs, mine]) {
    const command = isOriginal(node) ? "cl_status rscstatus" : `${node.daemon.status} --json`;
    await until(`${node.name} to be stable`, patience, async () => {
      const { code, stdout } = await node.run(command);
      return code === 0 && !/transition|moving|starting/.test(stdout);
    });
  }
}

const ownOf = (node: Node): string => (node.name === "master1" ? FIRST : SECOND);
const peerOf = ({ mine, theirs }: Stage, node: Node): Node => (node === mine ? theirs : mine);

async function tool(node: Node, command: string): Promise<void> {
  // Its own node hears it too, if its FIFO reader has not lost it.
  const isHeard = isOriginal(node) && /hb_takeover/.test(command);
  const before = isHeard ? countTakeovers(await node.log()) : 0;
  const { code, stdout, stderr } = await node.run(command);
  if (code !== 0) throw new Error(`${node.name}: ${command}: exit code ${code}: ${stdout}${stderr}`);
  if (isHeard) await until(`${command}: ${unread}`, 20_000, async () => countTakeovers(await node.log()) > before);
}

async function bothAt({ probe }: Stage, node: Node): Promise<void> {
  for (const address of SEED_ADDRESSES) await probe.answeredBy(address, node.name, patience);
}

function bothWays(play: (stage: Stage, node: Node) => Promise<void>): Scene["play"] {
  return async (stage) => {
    for (const node of [stage.mine, stage.theirs]) {
      await stable(stage);
      await play(stage, node);
      await bringBack(stage);
    }
  };
}

async function standby(stage: Stage, node: Node, share: string): Promise<void> {
  await tool(node, `${node.daemon.standby} ${share}`);
  await bothAt(stage, peerOf(stage, node));
}

/** First the node gets what is the other's, then it gives that back. */
async function standbyForeign(stage: Stage, node: Node): Promise<void> {
  const peer = peerOf(stage, node);
  await standby(stage, peer, "local");
  await stable(stage);
  await tool(node, `${node.daemon.standby} foreign`);
  await stage.probe.answeredBy(ownOf(peer), peer.name, patience);
}

async function takeoverAll(stage: Stage, node: Node): Promise<void> {
  await tool(node, `${node.daemon.takeover} all`);
  await bothAt(stage, node);
}

async function crash(stage: Stage, victim: Node): Promise<void> {
  await stable(stage);
  await victim.crash();
  await bothAt(stage, peerOf(stage, victim));
  await victim.revive();
  await afterReturn(stage);
}

async function stop(stage: Stage, node: Node): Promise<void> {
  await stable(stage);
  await stopped(node);
  await bothAt(stage, peerOf(stage, node));
  await node.start();
  await afterReturn(stage);
}

/** Nobody waits for the peer to have taken over: stop and start at once. */
async function restart(stage: Stage, node: Node): Promise<void> {
  await stable(stage);
  await stopped(node);
  await node.start();
  await afterReturn(stage);
}

/** An original that restarts itself after a healed cut ends its first stop as if it were done, and goes on living. */
async function stopped(node: Node): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    const { code } = await node.stop();
    if (code !== 0) throw new Error(`${node.name}: the stop ended with exit code ${code}`);
    if (!isOriginal(node) || (await isDown(node))) return;
  }
  throw new Error(`${node.name}: runs on after three stops`);
}

async function isDown(node: Node): Promise<boolean> {
  await sleep(1_000);
  return !(await node.processes()).some(({ command }) => /heartbeat: (master control|write|read)/.test(command));
}

/** With auto_failback on or legacy the addresses come home by themselves; with off an operator brings them. */
async function afterReturn(stage: Stage): Promise<void> {
  if (stage.pairing.failback !== "off") return home(stage);
  await sleep(3_000);
  await bringBack(stage);
}

async function cutAndHeal(stage: Stage): Promise<void> {
  await stable(stage);
  await stage.lab.cut(linkOf(stage));
  await sleep(8_000);
  await stage.lab.heal();
  await oneHolderEach(stage);
  await home(stage);
}

async function oneHolderEach({ lab }: Stage): Promise<void> {
  await until("one holder of each address", patience, async () => {
    for (const address of SEED_ADDRESSES) if ((await lab.holders(address)).length !== 1) return false;
    return true;
  });
}

/** Neither may take the other for dead, and nothing may be lost for good; the names of messages that were lost are in the logs. */
export const lossScene = (percent: number, seconds: number): Scene => ({
  name: `${percent} % loss`,
  under: all,
  wants: "patience",
  async play(stage) {
    await stable(stage);
    const before = await complaints(stage);
    await stage.lab.loss(linkOf(stage), percent);
    await sleep(seconds * 1000);
    await stage.lab.heal();
    await home(stage);
    const news = (await complaints(stage)).filter((line) => !before.includes(line));
    if (news.length > 0) throw new Error(`${news.length} lines like: ${news[0]}`);
  },
});

async function complaints({ lab }: Stage): Promise<readonly string[]> {
  const logs = await Promise.all(lab.nodes.map((node) => node.log()));
  const wrong = /is dead|Irretrievably lost|returning after partition|Both machines own|daemon died/;
  return logs.flatMap((log) => log.split("\n").filter((line) => wrong.test(line)));
}

/** A node loses its service network and with it the ping node: everything goes to the other one, and comes home when it is back. */
async function ipfail(stage: Stage, unlucky: Node): Promise<void> {
  const lucky = peerOf(stage, unlucky);
  await stable(stage);
  // Nothing is decided before the clients of both sides have spoken with each other.
  for (const node of [unlucky, lucky])
    await node.logged(/ipfail: .*(Ping node count is balanced|No giveup timer to abort)/, patience);
  await stage.lab.cut(`${unlucky.name}:ens38`);
  await bothAt(stage, lucky);
  await stage.lab.heal();
  await afterReturn(stage);
}

/** Ours alone, the original joins; then the other way round. */
async function oneAfterTheOther(stage: Stage): Promise<void> {
  for (const [first, second] of [
    [stage.mine, stage.theirs],
    [stage.theirs, stage.mine],
  ] as const) {
    await stable(stage);
    await stopped(second);
    await stopped(first);
    await first.start();
    await bothAt(stage, first);
    await second.start();
    await afterReturn(stage);
  }
}

/** The only link between the two. */
const linkOf = ({ pairing }: Stage): string => `master1:${pairing.medium === "serial" ? CABLE_PORT : "ens33"}`;

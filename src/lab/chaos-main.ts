/**
 * Rounds of chaos in the lab: `chaos-main.js [--rounds N] [--seed S] [--from K] [--against ours|original|keepalived] [--config NAME,…] [--out FILE]
 * [--seconds N] [--only KIND,…] [--without KIND,…] [--in-turn]`. One line per round; a round that failed says how to play it again. Ends with 1 if any
 * round of ours failed.
 * --config: none, ask-address, witness, disk, ping-quorum, fencing; of several each has a lab of its own, and they have each round one after the other.
 * --in-turn: the kinds of faults follow each other, one a round.
 */
import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  oursWithDisk,
  oursWithFencing,
  oursWithoutAsking,
  oursWithPingQuorum,
  oursWithWitness,
} from "./chaos/arbiters.js";
import { drawRound, inTurn } from "./chaos/menu.js";
import { keepalived, original, ours, type Product } from "./chaos/products.js";
import { playRound, type Round, settle } from "./chaos/round.js";
import { openStage, type Stage } from "./chaos/stage.js";
import { chaosTable, describeRound, handTable } from "./chaos/table.js";
import { hasten } from "./host-processes.js";
import { now } from "./moment.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    against: { type: "string", default: "ours" },
    config: { type: "string", default: "ask-address" },
    out: { type: "string" },
    seconds: { type: "string", default: "86400" },
    only: { type: "string" },
    without: { type: "string" },
    "in-turn": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function chosen(): Promise<readonly Product[]> {
  switch (values.against) {
    case "ours":
      return values.config.split(",").map(configured);
    case "original":
      return [await original()];
    case "keepalived":
      return [await keepalived()];
    default:
      throw new Error(`--against ${values.against}: ours, original or keepalived`);
  }
}

const CONFIGS: Readonly<Record<string, () => Product>> = {
  none: oursWithoutAsking,
  "ask-address": ours,
  witness: oursWithWitness,
  disk: oursWithDisk,
  "ping-quorum": oursWithPingQuorum,
  fencing: oursWithFencing,
};

function configured(config: string): Product {
  const found = CONFIGS[config];
  if (found === undefined) throw new Error(`--config ${config}: ${Object.keys(CONFIGS).join(", ")}`);
  return found();
}

/** Other kinds give other rounds from the same seed: whoever plays a round again gives the same list. */
function limited(product: Product): Product {
  const listed = (text: string | undefined): readonly string[] => text?.split(",") ?? [];
  const kept = product.kinds.filter((kind) => !listed(values.without).includes(kind));
  const only = listed(values.only).flatMap((name) => kept.filter((kind) => kind === name));
  return { ...product, kinds: values.only ? only : kept };
}

async function freshStage(product: Product): Promise<Stage> {
  const stage = await openStage(product);
  try {
    await settle(stage);
    return stage;
  } catch (error) {
    await tellLogs(stage);
    await stage.lab.close();
    throw error;
  }
}

hasten([process.pid]);
const products = (await chosen()).map(limited);
const [rounds, seed, from] = [Number(values.rounds), Number(values.seed), Number(values.from)];

const limits = [
  ...(values.only ? [`--only ${values.only}`] : []),
  ...(values.without ? [`--without ${values.without}`] : []),
  ...(values["in-turn"] ? ["--in-turn"] : []),
];
const played: Round[] = [];
const stages = new Map<Product, Stage>();
const end = now() + Number(values.seconds) * 1_000;

async function playOne(product: Product, round: number): Promise<void> {
  const stage = stages.get(product) ?? (await freshStage(product));
  stages.set(product, stage);
  const { fit, ...result } = await playRound(stage, seed, round, values["in-turn"] ? inTurn : drawRound);
  played.push(result);
  say(`${products.length > 1 ? `${product.config} ` : ""}${describeRound(result, limits)}`);
  if (values.out) appendFileSync(values.out, `${JSON.stringify(result)}\n`);
  if (result.problems.length > 0 && values.verbose) await tellLogs(stage);
  if (fit) return;
  stages.delete(product);
  await stage.lab.close();
}

try {
  for (let round = from; round < from + rounds && now() < end; round += 1)
    for (const product of products) await playOne(product, round);
} finally {
  await Promise.all([...stages.values()].map(({ lab }) => lab.close()));
}
say(`\n${chaosTable(played)}`);
const failed = played.filter((one) => one.problems.length > 0);
const names = products.map(({ name, config }) => `${name}, ${config}`).join("; ");
say(`\n${handTable(played)}`);
say(`\n${played.length} rounds, ${failed.length} failed, seed ${seed}: ${names}`);
process.exitCode = failed.some(({ product }) => product === "ours") ? 1 : 0;

async function tellLogs({ lab }: Stage): Promise<void> {
  say(await lab.lastWords(40));
}

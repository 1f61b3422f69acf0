/** One round: the faults happen, everything is healed, the cluster comes to rest, and what the client saw meanwhile is judged. */
import { pause, until } from "../child.js";
import { signalAll } from "../host-processes.js";
import { type Moment, now } from "../moment.js";
import { SEED_ADDRESSES } from "../seed.js";
import { deeds } from "./deeds.js";
import { describeFault, drawRound, type Fault, type Kind, type NodeName } from "./menu.js";
import { hastenAll, NAMES, partsOf, pidsOf, revive, type Stage } from "./stage.js";
import { type Done, judge, type Move, type Silence, type Two } from "./verdict.js";

/** What a round came to. One line of a results file. */
export interface Round {
  readonly product: string;
  readonly config: string;
  readonly seed: number;
  readonly round: number;
  readonly faults: readonly string[];
  readonly kinds: readonly Kind[];
  readonly nodes: readonly NodeName[];
  /** Milliseconds for everything. */
  readonly took: number;
  readonly two: readonly Two[];
  readonly silences: readonly Silence[];
  readonly moves: readonly Move[];
  /** How long the prober itself slept in this round although it should have asked, in milliseconds altogether. */
  readonly late: number;
  readonly problems: readonly string[];
}

/** What the client sees is complete so long after the last event: its patience, and an announcement's. */
const AFTERMATH = 300;

/**
 * Plays one round. A stage that does not come to rest is a problem of the round, and unfit for the next one.
 * @param plan what happens in it; drawn when left out.
 */
export async function playRound(
  stage: Stage,
  seed: number,
  round: number,
  plan: typeof drawRound = drawRound,
): Promise<Round & { readonly fit: boolean }> {
  const { product, probe } = stage;
  const faults = plan(seed, round, product.kinds).map((fault) => stretched(fault, product.stretch));
  const begun = now();
  const before = await probe.figures();
  const counts = { two: probe.twoHolders.length, gaps: probe.gaps.length, changes: probe.changes.length };
  const trouble: string[] = [];
  const done: Done[] = [];
  const attempt = (what: string, work: () => Promise<unknown>): Promise<boolean> =>
    work().then(
      () => true,
      (error: unknown) => {
        trouble.push(`${what}: ${String(error).split("\n").slice(0, 2).join(" ").slice(0, 300)}`);
        return false;
      },
    );
  await Promise.all(
    faults.map((fault) => attempt(describeFault(fault), async () => done.push(await play(stage, begun, fault)))),
  );
  const fit = (await attempt("healing", () => heal(stage))) && (await attempt("coming to rest", () => settle(stage)));
  const settled = now();
  if (fit) await attempt("going home", () => goHome(stage));
  await pause(AFTERMATH);
  // What does not end is the worst of all, and has no end to be reported at.
  const lasting = [...probe.openSplits.values()].map((one) => ({ ...one, to: now() }));
  const twoHolders = [...probe.twoHolders.slice(counts.two), ...lasting];
  const rules = { arbiter: product.arbiter, links: product.links, bound: product.bound };
  const seen = {
    twoHolders,
    gaps: probe.gaps.slice(counts.gaps),
    changes: probe.changes.slice(counts.changes),
  };
  const verdict = judge({ done, settled, ...seen }, rules);
  const after = await probe.figures();
  return {
    product: product.name,
    config: product.config,
    seed,
    round,
    faults: faults.map(describeFault),
    kinds: faults.map((fault) => fault.kind),
    took: now() - begun,
    two: verdict.two,
    silences: verdict.silences,
    moves: verdict.moves,
    nodes: faults.map((fault) => fault.node),
    late: after.slept - before.slept,
    problems: [...verdict.problems, ...trouble],
    fit: fit && trouble.length === 0,
  };
}

function stretched(fault: Fault, by: number): Fault {
  return { ...fault, at: fault.at * by, lasts: fault.lasts * by };
}

async function play(stage: Stage, begun: Moment, fault: Fault): Promise<Done> {
  await pause(begun + fault.at - now());
  const { begin, end } = deeds[fault.kind];
  const began = await begin(stage, fault);
  await pause(began + fault.lasts - now());
  await end?.(stage, fault);
  return { fault, began, ended: now() };
}

/** Whatever is still wrong is put right; what is right stays as it is. */
async function heal(stage: Stage): Promise<void> {
  const { lab } = stage;
  await lab.heal();
  for (const name of NAMES) {
    if (!stage.dark.has(name)) await lab.wires.putBack(name);
    signalAll(pidsOf(partsOf(stage, name)), "SIGCONT");
  }
  await Promise.all(stage.cleanups.splice(0).map((undo) => undo()));
  await Promise.all(NAMES.map((name) => revive(stage, name)));
}

/** At rest: one and the same node has answered each address for a while, and the product says that nothing moves. */
export async function settle(stage: Stage): Promise<void> {
  const { probe, product, lab } = stage;
  let who = "";
  let since = 0;
  const look = async (): Promise<boolean> => {
    const { addresses, at } = await probe.figures();
    const single = addresses.every(
      (one) => one.recent?.length === 1 && one.by === one.recent[0] && one.silentSince === undefined,
    );
    const seen = addresses
      .map((one) => `${one.address} is answered by ${(one.recent ?? []).join(" and ") || "nobody"}`)
      .join(", ");
    if (!single || seen !== who) since = at;
    who = seen;
    return single && at - since >= 150 && (await product.atRest(lab));
  };
  const hurry = setInterval(() => hastenAll(stage), 500);
  await until("rest", product.patience, look, 40)
    .catch((error: unknown) => {
      throw new Error(`${String(error)}; ${who}`);
    })
    .finally(() => clearInterval(hurry));
}

/** Every round begins with each address at its owner, so that it can be replayed alone. */
async function goHome(stage: Stage): Promise<void> {
  const { lab, probe, product } = stage;
  for (const [index, owner] of NAMES.entries()) {
    const at = async () => (await probe.figures()).addresses.find((one) => one.address === SEED_ADDRESSES[index])?.by;
    if ((await at()) === owner) continue;
    await product.move(lab, owner, "home");
    await until(`${SEED_ADDRESSES[index]} to be home`, product.patience, async () => (await at()) === owner);
    await settle(stage);
  }
}

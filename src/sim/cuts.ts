import type { TimedCommand } from "./command.js";
import type { Episode, Plan } from "./plan.js";
import type { ClusterShape } from "./pretend-cluster.js";

/**
 * What is left out of a plan, as words that a command line can repeat; all numbers are those of the uncut plan, so that the words mean the
 * same in any order:
 *
 *     e3         episode 3                     n3        a node, its commands, and its place in haresources
 *     e3f1       fault 1 of episode 3          ens34     a link
 *     g1         resource group 1              ipfail, stonith, arbiter, policy, quorum, watchdog     lines of ha.cf
 *     luck       late timers and drifting clocks
 */
export type Cut = string;

/** @returns every cut that this plan has room for, the largest ones first. */
export function cutsOf(plan: Plan): readonly Cut[] {
  const { episodes, shape } = plan;
  return [
    ...episodes.map((_, e) => `e${e}`),
    ...[...shape.nodes].reverse(),
    ...[...shape.links].reverse(),
    ...shape.haresources.map((_, g) => `g${g}`),
    ...episodes.flatMap(({ faults }, e) => faults.map((_, f) => `e${e}f${f}`)),
    "ipfail",
    "stonith",
    "arbiter",
    "policy",
    "quorum",
    "watchdog",
    "luck",
  ];
}

/** @returns the plan without what is cut; `undefined` when nothing sensible would be left. */
export function cutPlan(plan: Plan, cuts: ReadonlySet<Cut>): Plan | undefined {
  const shape = cutShape(plan.shape, cuts);
  if (shape.nodes.length < 2 || shape.links.length === 0 || shape.haresources.length === 0) return undefined;
  const isPossible = ({ text }: TimedCommand): boolean =>
    !namesSomethingElse(text, { from: plan.shape, to: shape }) && !(cuts.has("arbiter") && text.startsWith("arbiter "));
  const episodes = plan.episodes.flatMap((episode, e) =>
    cuts.has(`e${e}`) ? [] : [cutEpisode(episode, { e, cuts, isPossible })],
  );
  if (episodes.length === 0) return undefined;
  const calm = cuts.has("luck") ? { timerLatency: 0, drift: 0 } : {};
  const parameters = { ...plan.parameters, ...calm };
  const { coda } = plan;
  return {
    ...plan,
    shape,
    episodes: episodes.map((one) => ({
      ...one,
      ...(one.parameters && { parameters: { ...one.parameters, ...calm } }),
    })),
    parameters,
    overture: plan.overture.filter(isPossible),
    coda: coda.commands.every(isPossible) ? coda : { commands: [], judgements: [], endAt: 0 },
  };
}

interface Cutting {
  readonly e: number;
  readonly cuts: ReadonlySet<Cut>;
  readonly isPossible: (command: TimedCommand) => boolean;
}

function cutEpisode(episode: Episode, { e, cuts, isPossible }: Cutting): Episode {
  const faults = episode.faults.flatMap((fault, f) =>
    cuts.has(`e${e}f${f}`) ? [] : [{ ...fault, commands: fault.commands.filter(isPossible) }],
  );
  return { ...episode, faults };
}

function cutShape(shape: ClusterShape, cuts: ReadonlySet<Cut>): ClusterShape {
  const nodes = shape.nodes.filter((node) => !cuts.has(node));
  const [heir = ""] = nodes;
  return {
    ...shape,
    nodes,
    links: shape.links.filter((link) => !cuts.has(link)),
    haresources: shape.haresources
      .filter((_, g) => !cuts.has(`g${g}`))
      .map((line) => line.replace(/^\S+/, (owner) => (nodes.includes(owner) ? owner : heir))),
    haCf: shape.haCf
      .filter((line) => !(cuts.has("ipfail") && line.endsWith("ipfail")))
      .filter((line) => !(cuts.has("stonith") && /^(stonith|fence)/.test(line)))
      .filter((line) => !leadsNowhere(line, { shape, cuts }))
      .map((line) => (line.startsWith("stonith_host ") ? withoutNodes(line, cuts) : line)),
  };
}

/** Whether a line speaks of an arbiter, a policy or a group that has been cut. */
function leadsNowhere(
  line: string,
  { shape, cuts }: { readonly shape: ClusterShape; readonly cuts: ReadonlySet<Cut> },
): boolean {
  if (cuts.has("arbiter") && /^(arbiter|lease_time|takeover_policy lease)/.test(line)) return true;
  if (cuts.has("stonith") && line.startsWith("takeover_policy fence-first")) return true;
  if (cuts.has("quorum") && line.startsWith("ping_quorum")) return true;
  if (cuts.has("watchdog") && line.startsWith("watchdog")) return true;
  if (!line.startsWith("takeover_policy ")) return false;
  const isGone = shape.haresources.some((group, g) => cuts.has(`g${g}`) && line.endsWith(` ${group.split(" ")[1]}`));
  return cuts.has("policy") || isGone;
}

const withoutNodes = (line: string, cuts: ReadonlySet<Cut>): string =>
  line
    .split(" ")
    .filter((word) => !cuts.has(word))
    .join(" ");

/** Whether a command speaks of a node or a link that has been cut. */
function namesSomethingElse(
  text: string,
  { from, to }: { readonly from: ClusterShape; readonly to: ClusterShape },
): boolean {
  const words = text.split(/[\s:>-]+/);
  const isGone = (all: readonly string[], left: readonly string[]): boolean =>
    all.some((name) => !left.includes(name) && words.includes(name));
  return isGone(from.nodes, to.nodes) || isGone(from.links, to.links);
}

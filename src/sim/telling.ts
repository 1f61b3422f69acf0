import type { Campaign, Course, Failure } from "./campaign.js";
import { untested } from "./campaign.js";
import type { Episode, Plan } from "./plan.js";
import { shrink } from "./shrink.js";
import { marks } from "./tally.js";

/** @returns what a plan does to its world, one line per command. */
export function describePlan(plan: Plan): readonly string[] {
  const { shape } = plan;
  return [
    `seed ${plan.seed}: ${shape.nodes.join(" ")} on ${shape.links.join(" ")} (${shape.medium})`,
    ...shape.haCf.map((line) => `  ${line}`),
    ...shape.haresources.map((line) => `  ${line}`),
    ...plan.overture.map(({ at, text }) => `  at ${at / 1000}s: ${text}`),
    ...plan.episodes.flatMap(describeEpisode),
    ...plan.coda.commands.map(({ at, text }) => `  at ${at / 1000}s: ${text}   (coda)`),
  ];
}

function describeEpisode({ faults, healAt, settledAt, stillUntil }: Episode, index: number): readonly string[] {
  const commands = faults.flatMap((fault) => fault.commands.map((command) => ({ ...command, name: fault.name })));
  return [
    ...(index === 0 ? [] : ["  then, counted anew:"]),
    ...commands.map(({ at, text, name }) => `  at ${at / 1000}s: ${text}   (${name})`),
    `  at ${healAt / 1000}s: heal-everything; settled by ${settledAt / 1000}s, still until ${stillUntil / 1000}s`,
  ];
}

/** @returns everything that a person needs to understand the failure and to see it again. */
export function describeFailure({ course, outcome }: Failure, lines: number): readonly string[] {
  const { seed } = outcome.plan;
  const shortest = shrink(outcome, lines);
  return [
    ...describePlan(shortest.outcome.plan),
    ...shortest.outcome.latest,
    ...outcome.violations.map(({ at, what, detail }) => `VIOLATION at ${(at / 1000).toFixed(3)} s: ${what}: ${detail}`),
    `replay:          ${replayOf(seed, course)}`,
    `in short form:   ${replayOf(seed, { ...course, cuts: shortest.cuts })}`,
  ];
}

/** @returns the one line that lives through this seed again. */
function replayOf(seed: number, { kind, only, cuts = [] }: Course): string {
  const chosen = only === undefined ? "" : ` --only ${only.join(",")}`;
  const without = cuts.length === 0 ? "" : ` --without ${cuts.join(",")}`;
  return `npm run sim -- --plan ${kind} --seed ${seed}${chosen}${without}`;
}

/** @returns the figures of a campaign. @param wall seconds that it took. */
export function describeCampaign(total: Campaign, wall: number): readonly string[] {
  const hours = (total.simulated / 3_600_000).toFixed(2);
  const rate = wall > 0 ? ` (${Math.round(total.schedules / wall)} in a second)` : "";
  return [
    `${total.schedules} fault schedules in ${total.seeds} worlds, ${total.failed.length} violated an invariant`,
    `  ${hours} h of pretend time, ${total.datagrams} datagrams, in ${wall.toFixed(1)} s${rate}`,
    `  most in a second: ${total.mostWakeUps} wake-ups, ${total.mostDatagrams} datagrams of one daemon; longest outage that counted: ${Math.round(total.longestOutage)} ms`,
    "  faults drawn:",
    ...table([...total.faults].sort(([, one], [, other]) => other - one)),
    "  what really took effect:",
    ...table(marks.map((mark) => [mark, total.effects.get(mark) ?? 0])),
    "  excuses for two holders (policy takeover-on-silence):",
    ...table([...total.excuses].sort(([, one], [, other]) => other - one)),
    ...untested(total).map((mark) => `  never happened: ${mark}`),
  ];
}

const table = (counts: readonly (readonly [string, number])[]): readonly string[] =>
  counts.length === 0 ? ["    none"] : counts.map(([name, count]) => `    ${String(count).padStart(9)}  ${name}`);

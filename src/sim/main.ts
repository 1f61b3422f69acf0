import { hrtime, stdout } from "node:process";
import { parseArgs } from "node:util";
import { type Campaign, describeFailure, describePlan, newCampaign, runSeed } from "./campaign.js";
import { drawPlan } from "./plan.js";

/** `npm run sim -- --seed N --seeds M`: lives through M worlds from seed N on; exit code 1 when one of them went wrong. */
const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "1" },
    lines: { type: "string", default: "60" },
    "keep-going": { type: "boolean", default: false },
    /** End after this long, however many seeds are left. */
    minutes: { type: "string", default: "1000" },
    /** Kinds of faults, comma between them; without it each world draws its own. */
    only: { type: "string" },
    plan: { type: "boolean", default: false },
  },
});

const first = Number(values.seed ?? Number(hrtime.bigint() % 1_000_000_000n));
const only = values.only?.split(",");
const count = Number(values.seeds);
const say = (text: string): void => void stdout.write(`${text}\n`);

say(`seeds ${first} to ${first + count - 1}`);
const campaign = newCampaign();
const begun = hrtime.bigint();
const limit = Number(values.minutes) * 60e9;
for (let seed = first; seed < first + count && Number(hrtime.bigint() - begun) < limit; seed++) {
  if (values.plan || count === 1) for (const line of describePlan(drawPlan(seed, only))) say(line);
  const outcome = runSeed(campaign, seed, only);
  if (outcome.violations.length === 0) continue;
  if (values["keep-going"])
    say(
      `seed ${seed}: ${
        outcome.violations
          .map(({ what, detail }) => `${what}: ${detail}`)
          .join("; ")
          .split("\n")[0]
      }`,
    );
  else {
    for (const line of describeFailure(outcome, Number(values.lines))) say(line);
    break;
  }
}
summary(campaign, Number(hrtime.bigint() - begun) / 1e9);
process.exitCode = campaign.failed.length === 0 ? 0 : 1;

function summary(total: Campaign, wall: number): void {
  const table = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .map(([name, n]) => `    ${String(n).padStart(7)}  ${name}`)
      .join("\n") || "    none";
  say(
    `${total.seeds} seeds, ${(total.simulated / 3_600_000).toFixed(2)} h of pretend time, ${total.datagrams} datagrams, ${wall.toFixed(1)} s, ${total.failed.length} failed`,
  );
  say(
    `  most in a second: ${total.mostWakeUps} wake-ups, ${total.mostDatagrams} datagrams of one daemon; longest outage that counted: ${Math.round(total.longestOutage)} ms`,
  );
  say(`  faults:\n${table(total.faults)}`);
  say(`  excuses used:\n${table(total.excuses)}`);
}

import { hrtime, stderr, stdout } from "node:process";
import { parseArgs } from "node:util";
import { type Course, plotted, untested } from "./campaign.js";
import { runCampaign } from "./crew.js";
import { type PlanKind, planKinds } from "./draw-plan.js";
import { describeCampaign, describeFailure, describePlan } from "./telling.js";

/**
 * `npm run sim` lives through fault schedules until ^C, then prints its figures; `-- --seed N` replays one world. Exit code 1: an invariant
 * was violated, or (with --complete) a kind of fault never took effect.
 */
const options = {
  seed: { type: "string" },
  seeds: { type: "string" },
  /** `short`, `long`, or `both`: a long world among every twenty portions. */
  plan: { type: "string" },
  jobs: { type: "string", default: "1" },
  lines: { type: "string", default: "60" },
  "keep-going": { type: "boolean", default: false },
  /** End after this long, or after this many fault schedules, however many seeds are left. */
  minutes: { type: "string", default: "Infinity" },
  schedules: { type: "string", default: "Infinity" },
  /** Kinds of faults, comma between them; without it each world draws its own. */
  only: { type: "string" },
  /** What is left out (`cuts.ts`), comma between. */
  without: { type: "string" },
  /** Every kind of fault must have taken effect. */
  complete: { type: "boolean", default: false },
  /** Says how far it is, every so many seconds. */
  progress: { type: "string", default: "Infinity" },
  show: { type: "boolean", default: false },
} as const;

/** A word that is no option is answered with those that are. */
function given() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const words = Object.entries(options).map(([name, { type }]) => `--${name}${type === "string" ? " VALUE" : ""}`);
    stderr.write(`${error instanceof Error ? error.message : error}\nnpm run sim -- ${words.join(" ")}\n`);
    process.exit(2);
  }
}
const values = given();

const say = (text: string): void => void stdout.write(`${text}\n`);
const first = Number(values.seed ?? Number(hrtime.bigint() % 1_000_000_000n));
const count = Number(values.seeds ?? (values.seed === undefined ? Infinity : 1));
const plan = values.plan ?? (values.seed === undefined ? "both" : "long");
const chosen = planKinds.find((kind) => kind === plan);
if (chosen === undefined && plan !== "both") throw new RangeError(`--plan short, long or both, not ${plan}`);

const courseOf = (kind: PlanKind): Course => ({
  kind,
  only: values.only?.split(","),
  cuts: values.without?.split(","),
});
const course = (from: number): Course => courseOf(chosen ?? (from % 400 < 20 ? "long" : "short"));

say(
  count === Infinity ? `seeds from ${first} on, until ^C (--plan ${plan})` : `seeds ${first} to ${first + count - 1}`,
);
if (values.show) for (const line of describePlan(plotted(first, course(first)))) say(line);

let stopped = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    // The second one ends it at once.
    if (stopped) process.exit(130);
    stopped = true;
  });
const begun = hrtime.bigint();
const seconds = (): number => Number(hrtime.bigint() - begun) / 1e9;
let told = 0;
let progressAt = Number(values.progress);
let schedules = 0;
const total = await runCampaign({
  first,
  count,
  jobs: Number(values.jobs),
  course,
  stopsAtFailure: !values["keep-going"],
  isOver: () => stopped || seconds() > Number(values.minutes) * 60 || schedules >= Number(values.schedules),
  onPortion: (sum) => {
    schedules = sum.schedules;
    for (const { outcome, course } of sum.failed.slice(told)) {
      const [violation] = outcome.violations;
      say(
        `--plan ${course.kind} --seed ${outcome.plan.seed}: ${`${violation?.what}: ${violation?.detail}`.split("\n")[0]}`,
      );
    }
    told = sum.failed.length;
    if (seconds() < progressAt) return;
    progressAt = seconds() + Number(values.progress);
    say(`${Math.round(seconds())} s: ${sum.schedules} fault schedules, ${sum.failed.length} violated an invariant`);
  },
});
const wall = seconds();
const [failure] = total.failed;
if (failure !== undefined && !values["keep-going"])
  for (const line of describeFailure(failure, Number(values.lines))) say(line);
for (const line of describeCampaign(total, wall)) say(line);
process.exitCode = total.failed.length > 0 || (values.complete && untested(total).length > 0) ? 1 : 0;

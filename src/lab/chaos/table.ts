/** Rounds as lines and as a table: which fault, which product, how long two answered, how long nobody did. Pure. */
import { KINDS, MUTE_KINDS } from "./menu.js";
import type { Round } from "./round.js";
import { describeTwo } from "./verdict.js";

const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** A round in one line, and what was wrong with it below. @param limits options that the rounds were drawn under. */
export function describeRound(round: Round, limits: readonly string[] = []): string {
  const { two, silences, faults, took, late, problems } = round;
  const split = two.map(
    (one) => `two answer for ${one.address} (${describeTwo(one)}${one.excused ? ", every link was cut" : ""})`,
  );
  const gaps = silences.map((one) => `${one.address} silent ${ms(one.length)}`);
  const what = [...split, ...gaps].join(", ") || "nothing noticed";
  const line = `#${round.round} ${faults.join(" + ")}: ${what}; ${(took / 1_000).toFixed(1)} s, prober asleep ${ms(late)}`;
  if (problems.length === 0) return line;
  const { product, config, seed } = round;
  const options = [
    `--against ${product} --config ${config} --seed ${seed} --from ${round.round} --rounds 1`,
    ...limits,
  ];
  const again = `node dist/src/lab/chaos-main.js ${options.join(" ")}`;
  return [line, ...problems.map((one) => `  FAILED: ${one}`), `  again: ${again}`].join("\n");
}

/** What one product did under one fault. */
interface Cell {
  readonly rounds: number;
  readonly split: number;
  readonly longestSplit: number;
  readonly gaps: readonly number[];
}

function cellOf(rounds: readonly Round[]): Cell {
  const splits = rounds.map((one) => Math.max(0, ...one.two.map((two) => two.lasted)));
  return {
    rounds: rounds.length,
    split: splits.filter((length) => length > 0).length,
    longestSplit: Math.max(0, ...splits),
    gaps: rounds.map((one) => Math.max(0, ...one.silences.map((gap) => gap.length))).sort((a, b) => a - b),
  };
}

const nameOf = ({ product, config }: Round): string => (product === "ours" ? `ours, ${config}` : product);

/**
 * A row per fault (rounds with one fault; those with two have a row of their own), a column per product: in how many rounds two answered (and the
 * longest such time), then the longest silence of a round, median and maximum. Markdown.
 */
export function chaosTable(rounds: readonly Round[]): string {
  const products = [...new Set(rounds.map(nameOf))];
  const of = (kind: string, product: string): readonly Round[] =>
    rounds.filter((one) => nameOf(one) === product && (one.kinds.length === 1 ? one.kinds[0] : "two at once") === kind);
  const kinds = [...KINDS, "two at once"].filter(
    (kind) => rounds.length === 0 || products.some((name) => of(kind, name).length > 0),
  );
  const lines = kinds.map(
    (kind) => `| ${[kind, ...products.map((name) => column(cellOf(of(kind, name))))].join(" | ")} |`,
  );
  return [`| ${["fault", ...products].join(" | ")} |`, `|---|${products.map(() => "---|").join("")}`, ...lines].join(
    "\n",
  );
}

function column({ rounds, split, longestSplit, gaps }: Cell): string {
  if (rounds === 0) return "–";
  const two = split === 0 ? `0 of ${rounds}` : `**${split} of ${rounds}** (${ms(longestSplit)})`;
  return `${two}; ${middle(gaps).toFixed(0)}, ${ms(gaps.at(-1) ?? 0)}`;
}

const middle = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

/** All rounds of each product together: in how many two answered, and why that was. Markdown. */
export function sumTable(rounds: readonly Round[]): string {
  const products = [...new Set(rounds.map(nameOf))];
  const lines = products.map((product) => {
    const of = rounds.filter((one) => nameOf(one) === product);
    const split = of.filter((one) => one.two.length > 0);
    const excused = split.filter((one) => one.two.every((two) => two.excused));
    const longest = Math.max(0, ...split.flatMap((one) => one.two.map((two) => two.lasted)));
    const late = middle(of.map((one) => one.late).sort((a, b) => a - b));
    const cells = [product, of.length, split.length, split.length - excused.length, ms(longest), ms(late)];
    return `| ${cells.join(" | ")} |`;
  });
  const head =
    "| product | rounds | two answered | of these with a link whole, or with an arbiter | longest | the prober slept, median of a round |";
  return [head, "|---|---|---|---|---|---|", ...lines].join("\n");
}

/** For those: when the holder answered last and the peer first, counted from the fault, over all rounds with that fault alone. Markdown. */
export function handTable(rounds: readonly Round[]): string {
  const products = [...new Set(rounds.map(nameOf))];
  const lines = products.flatMap((product) =>
    MUTE_KINDS.flatMap((kind) => {
      const of = rounds.filter((one) => nameOf(one) === product && one.kinds.length === 1 && one.kinds[0] === kind);
      const moves = of.flatMap(({ moves: all, nodes }) =>
        all.filter(({ from, first }) => from === nodes[0] && first > 0).slice(0, 1),
      );
      const both = of.filter((one) => one.two.length > 0).length;
      return of.length === 0
        ? []
        : [
            `| ${[kind, product, of.length, spread(moves.map((one) => one.last)), spread(moves.map((one) => one.first)), `${both} of ${of.length}`].join(" | ")} |`,
          ];
    }),
  );
  const head = "| fault | product | rounds | last answer of the holder | first answer of the peer | both answered |";
  return [head, "|---|---|---|---|---|---|", ...lines].join("\n");
}

/** "median (shortest to longest)". */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [shortest] = sorted;
  return shortest === undefined ? "–" : `${ms(middle(sorted))} (${ms(shortest)} to ${ms(sorted.at(-1) ?? 0)})`;
}

/** Every round in which two answered, and why: without an arbiter nobody can tell a cut of every link from a death. */
export function splitList(rounds: readonly Round[]): string {
  return rounds
    .filter((one) => one.two.length > 0)
    .map(
      (one) =>
        `* ${nameOf(one)}, seed ${one.seed}, round ${one.round} (${one.faults.join(" + ")}): ${one.two.map((two) => ms(two.lasted)).join(", ")}; ${whyOf(one)}`,
    )
    .join("\n");
}

const whyOf = ({ two }: Round): string =>
  two.every((one) => one.excused) ? "every link was cut and there is no arbiter" : "a fault of the product";

/** Rounds with problems other than two that answered. */
export function failureList(rounds: readonly Round[]): string {
  const lines = rounds.flatMap((one) => {
    const others = one.problems.filter((problem) => !problem.startsWith("two answered"));
    const what = `* ${nameOf(one)}, seed ${one.seed}, round ${one.round} (${one.faults.join(" + ")}): ${others.join("; ")}`;
    return others.length === 0 ? [] : [what];
  });
  return lines.join("\n");
}

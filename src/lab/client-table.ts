/** Two plays of `client-states.ts` beside each other: what differs, and the table of it for people. */
import { type ClientAnswer, calls, type State, states } from "./client-states.js";

/** A call that was answered differently. */
export interface Difference {
  readonly state: State;
  readonly args: readonly string[];
  readonly theirs: ClientAnswer | undefined;
  readonly ours: ClientAnswer | undefined;
}

type Answers = readonly ClientAnswer[];

const find = (answers: Answers, state: State, args: readonly string[]): ClientAnswer | undefined =>
  answers.find((one) => one.state === state && one.args.join(" ") === args.join(" "));

const shown = (answer: ClientAnswer | undefined): string =>
  JSON.stringify(answer === undefined ? null : [answer.exit, answer.stdout, answer.stderr]);

/** @returns the calls whose output, errors or exit code are not the same, over all states of the original's play. */
export function differences(theirs: Answers, ours: Answers): readonly Difference[] {
  return theirs.flatMap(({ state, args }) => {
    const [left, right] = [find(theirs, state, args), find(ours, state, args)];
    return shown(left) === shown(right) ? [] : [{ state, args, theirs: left, ours: right }];
  });
}

/** @returns a table of sub-command × state: the exit code where both agree, and a numbered remark where not. */
export function clientTable(theirs: Answers, ours: Answers): string {
  const remarks: string[] = [];
  const cell = (state: State, args: readonly string[]): string => {
    const [left, right] = [find(theirs, state, args), find(ours, state, args)];
    if (left !== undefined && shown(left) === shown(right)) return String(left.exit);
    remarks.push(
      `${remarks.length + 1}. \`${args.join(" ")}\`, ${state}: 3.0.6 \`${shown(left)}\`, ours \`${shown(right)}\``,
    );
    return `no (${remarks.length})`;
  };
  const rows = calls.map(
    (args) => `| \`${args.join(" ")}\` | ${states.map((state) => cell(state, args)).join(" | ")} |`,
  );
  const head = `| cl_status … | ${states.join(" | ")} |\n|---|${states.map(() => "---").join("|")}|`;
  const verdict = remarks.length === 0 ? "No difference." : `${remarks.length} differences:`;
  return [head, ...rows, "", verdict, ...remarks].join("\n");
}

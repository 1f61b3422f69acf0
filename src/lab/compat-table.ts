/** The table of mixed pairs: written from verdicts, and read again so that a later run keeps what it does not play. */
import { nameOf, type Verdict } from "./compat.js";
import type { Pairing } from "./compat-scenes.js";
import { isOriginalsOwn, isSpoiled } from "./compat-stall.js";

export type Played = ReadonlyMap<Pairing, readonly Verdict[]>;

/** @returns one row per pairing, one column per scene; below, what failed. */
export function tableOf(played: Played, scenes: readonly string[]): string {
  const failures: string[] = [];
  const cell = (pairing: Pairing, verdict: Verdict | undefined): string => {
    if (verdict === undefined) return "–";
    if (verdict.outcome === "ok") return "ok";
    failures.push(`${failures.length + 1}. ${nameOf(pairing)}: ${verdict.scene}: ${verdict.outcome}`);
    const alike = pairing.ours !== "nobody" && (outcomeOfOriginals(played, pairing, verdict.scene) ?? "ok") !== "ok";
    // Neither ours nor the original's: a machine that cannot run them proves nothing.
    const other = isSpoiled(verdict.outcome) ? "unclear" : alike ? "as 3.0.6" : "no";
    return `${isOriginalsOwn(verdict.outcome) ? "3.0.6" : other} (${failures.length})`;
  };
  const rows = [...played].map(([pairing, verdicts]) => {
    const cells = scenes.map((name) => cell(pairing, lastOn(verdicts, name)));
    return `| ${nameOf(pairing)} | ${cells.join(" | ")} |`;
  });
  const head = `| pairing | ${scenes.join(" | ")} |\n|---|${scenes.map(() => "---").join("|")}|`;
  return [head, ...rows, "", ...failures].join("\n").trimEnd();
}

/** Of two verdicts on the same scene the later one counts. */
const lastOn = (verdicts: readonly Verdict[], scene: string): Verdict | undefined =>
  verdicts.findLast((one) => one.scene === scene);

/** What two originals made of the same scene: over the same medium, where they were asked. */
function outcomeOfOriginals(played: Played, { medium, format, failback }: Pairing, scene: string): string | undefined {
  const pairs = [...played].filter(
    ([one]) => one.ours === "nobody" && one.format === format && one.failback === failback,
  );
  const outcomes = pairs.flatMap(([one, verdicts]) => {
    const verdict = lastOn(verdicts, scene);
    return verdict === undefined || isSpoiled(verdict.outcome)
      ? []
      : [{ medium: one.medium, outcome: verdict.outcome }];
  });
  return (outcomes.find((one) => one.medium === medium) ?? outcomes[0])?.outcome;
}

/** Verdicts out of what a run said: `ucast, classic, md5, ours on master1, auto_failback on: cut and heal: ok`. */
export function transcribed(lines: readonly string[], pairing: Pairing): readonly Verdict[] {
  const begin = `${nameOf(pairing)}: `;
  return lines.flatMap((line) => {
    const [, scene, outcome] = line.startsWith(begin) ? (/^(.+?): (.+)$/.exec(line.slice(begin.length)) ?? []) : [];
    return scene === undefined || outcome === undefined ? [] : [{ scene, outcome }];
  });
}

/** The same lines out of a table that was written before. */
export function linesOf(table: string): readonly string[] {
  const lines = table.trim().split("\n");
  const cells = (line: string): readonly string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [, ...scenes] = cells(lines[0] ?? "");
  const good = lines.slice(2).flatMap((line) => {
    const [name, ...verdicts] = cells(line);
    return verdicts.flatMap((verdict, index) => (verdict === "ok" ? [`${name}: ${scenes[index]}: ok`] : []));
  });
  const bad = lines.flatMap((line) => /^\d+\. (.+)$/.exec(line)?.[1] ?? []);
  return [...good, ...bad];
}

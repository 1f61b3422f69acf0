import { statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { checkConfig } from "../../config/check.js";
import type { SourceFile } from "../../config/source.js";
import { diagnose } from "../../doctor/diagnose.js";
import type { DaemonFacts } from "../../doctor/facts.js";
import type { Blind, Finding, Severity } from "../../doctor/finding.js";
import { severities } from "../../doctor/finding.js";
import { subjectsOf } from "../../doctor/subjects.js";
import { exitCodes } from "../exit-codes.js";
import type { Surroundings } from "../surroundings.js";
import { oneSnapshot } from "./status.js";

export interface DoctorOptions {
  readonly directory: string;
  readonly scripts: boolean;
  readonly json: boolean;
}

/** Exit codes of its own: a warning is no reason to wake somebody, an error is. */
export const doctorCodes: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 };

/** `heartbeat doctor`: every finding at once, the worst first. */
export async function doctor(around: Surroundings, options: DoctorOptions): Promise<number> {
  const files = around.loadFiles(options.directory);
  const [host, daemon] = await Promise.all([around.hostFacts(files), listen(around)]);
  const subjects = subjectsOf(files, host);
  const facts = await around.survey(subjects, { daemon, callScripts: options.scripts });
  const hidden = Object.values(files).filter(isHidden);
  const readable = checkConfig({ files, host }).problems.filter(
    ({ file }) => !hidden.some(({ path }) => path === file),
  );
  const findings = diagnose(readable, subjects, facts);
  const blind = [
    ...hidden.map(({ path }) => ({ what: path, why: "this user may not read it" })),
    ...(daemon.kind === "unknown" ? [{ what: "what the daemon has heard of the others", why: daemon.why }] : []),
    ...facts.blind,
  ];
  const { terminal } = around;
  if (options.json) terminal.out(`${JSON.stringify({ findings, notLookedAt: blind }, undefined, 2)}\n`);
  else terminal.out(report(findings, blind));
  return doctorCodes[findings[0]?.severity ?? "note"];
}

/** A file that is there, or in a directory that may not be looked into: of it nothing is to be said. */
function isHidden({ path, text }: SourceFile): boolean {
  if (text !== undefined) return false;
  try {
    statSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

/** Between the two looks at the counters; at least two keepalives, so that a peer that is heard was heard. */
const shortestWatch = 1_200;
const longestWatch = 6_000;

async function listen({ controlSocket }: Surroundings): Promise<DaemonFacts> {
  const first = await oneSnapshot(controlSocket);
  if (first.kind === "trouble")
    return first.exit === exitCodes.notRunning ? { kind: "stopped" } : { kind: "unknown", why: first.text };
  const { keepalive } = first.snapshot.timing;
  await sleep(Math.min(longestWatch, Math.max(shortestWatch, 2.2 * keepalive)));
  const later = await oneSnapshot(controlSocket);
  if (later.kind === "trouble") return { kind: "unknown", why: later.text };
  return { kind: "running", first: first.snapshot, later: later.snapshot };
}

const headings: Readonly<Record<Severity, string>> = { error: "ERROR", warning: "WARNING", note: "note" };

/** All findings, what could not be looked at, and a line that counts. */
export function report(findings: readonly Finding[], blind: readonly Blind[]): string {
  const lines = findings.flatMap(({ severity, code, what, why, mend }) => [
    `${headings[severity]} ${what}  [${code}]`,
    `    ${why}`,
    ...mend.map((step) => `    -> ${step}`),
    "",
  ]);
  const unseen = blind.map(({ what, why }) => `not looked at: ${what} (${why})`);
  return [...lines, ...unseen, ...(unseen.length > 0 ? [""] : []), summary(findings)]
    .map((line) => `${line}\n`)
    .join("");
}

function summary(findings: readonly Finding[]): string {
  const counts = severities.map((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return `${count === 0 ? "no" : count} ${severity}${count === 1 ? "" : "s"}`;
  });
  return counts.join(", ");
}
